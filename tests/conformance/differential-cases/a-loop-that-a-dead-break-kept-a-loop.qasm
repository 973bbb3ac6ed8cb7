OPENQASM 3.0;
qubit q;
bit c;
for int i in [0:3] {
  c = measure q;
  if (false) {
    break;
  }
}
