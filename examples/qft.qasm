// The quantum Fourier transform of three qubits, made visible: a state whose phase turns five eighths of a circle
// per step is taken back to the number 5.
OPENQASM 3.0;
include "stdgates.inc";

qubit[3] q; // q[0] is the lowest binary digit
bit[3] c;

// |0> + w|1> + w^2|2> + ... with w = exp(2 pi i 5/8): each digit k of the index turns by 2^k times the angle.
for int k in [0:2] {
  h q[k];
  p(2 * pi * 5 / 8 * 2 ** k) q[k];
}

// The inverse transform: first the order of the digits is reversed, ...
swap q[0], q[2];

// ... then every digit loses the phases that the lower ones gave it.
h q[0];
cp(-pi / 2) q[0], q[1];
h q[1];
cp(-pi / 4) q[0], q[2];
cp(-pi / 2) q[1], q[2];
h q[2];

c = measure q; // "101", which is 5, in every shot
