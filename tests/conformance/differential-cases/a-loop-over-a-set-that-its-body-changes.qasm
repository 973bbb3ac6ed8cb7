OPENQASM 3.0;
int x = 1;
output int o;
for int i in {5, x} {
  x += i;
}
o = x;
