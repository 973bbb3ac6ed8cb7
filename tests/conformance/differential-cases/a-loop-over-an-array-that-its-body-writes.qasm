OPENQASM 3.0;
array[int[8], 3] a = {0, 2, 1};
output array[int[8], 3] o;
for int[8] i in a {
  a[2] = i + 9;
}
o = a;
