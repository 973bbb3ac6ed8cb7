// The quantum Fourier transform of states whose transform is known. A basis state k becomes a product of qubits with the
// phases k/2, k/4, … of a turn, written down here from that formula, so the inverse transform gives k back: every shot
// gives back = 01101. A state that repeats every 8 values has a transform that repeats every 32/8 = 4: peaks is
// a multiple of 4, each with probability 1/8.
OPENQASM 3.0;
include "stdgates.inc";

const uint n = 5;
const uint k = 13;

def swap_ends(qubit[n] q) {
  for uint i in [0:n / 2 - 1] swap q[i], q[n - 1 - i];
}

def fourier(qubit[n] q) {
  for uint i in [n - 1:-1:0] {
    h q[i];
    for int j in [int(i) - 1:-1:0] cp(pi / 2 ** (i - j)) q[j], q[i];
  }
  swap_ends(q);
}

def inverse_fourier(qubit[n] q) {
  swap_ends(q);
  for uint i in [0:n - 1] {
    for int j in [0:int(i) - 1] cp(-pi / 2 ** (i - j)) q[j], q[i];
    h q[i];
  }
}

qubit[n] q;
output bit[n] back;
output bit[n] peaks;

h q;
for uint i in [0:n - 1] p(tau * k * 2 ** i / 2 ** n) q[i];
inverse_fourier(q);
back = measure q;

reset q;
h q[3:4];
fourier(q);
peaks = measure q;
