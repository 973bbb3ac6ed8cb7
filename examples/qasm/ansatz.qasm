// A variational ansatz with two parameters that are bound when the job is run: layers that turn the first qubit and
// entangle the second with it make cos(theta/2)|00⟩ + e^{i phi} sin(theta/2)|11⟩. Expectation values: ZI is
// cos(theta), ZZ is 1, XX is sin(theta) cos(phi). Both bits are 1 with probability sin²(theta/2).
OPENQASM 3.0;
include "stdgates.inc";

input float theta;
input float phi;

const uint layers = 4;

gate entangler(a) control, target {
  cx control, target;
  p(a) target;
}

qubit[2] q;
output bit[2] r;

for uint layer in [1:layers] {
  ry(theta / layers) q[0];
}
entangler(phi / 2) q[0], q[1];
ctrl @ p(phi / 2) q[0], q[1];
r = measure q;
