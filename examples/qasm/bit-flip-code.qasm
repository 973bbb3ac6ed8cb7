// The bit-flip code: one qubit of information in three, and one error at a random place. The two parities tell the
// place, and the correction follows in the same shot: every shot gives r = 1.
OPENQASM 3.0;
include "stdgates.inc";

def parity(qubit a, qubit b, qubit ancilla) -> bit {
  reset ancilla;
  cx a, ancilla;
  cx b, ancilla;
  return measure ancilla;
}

qubit[3] code;
qubit ancilla;
qubit[2] die;
bit[2] place;
bit[2] syndrome;
output bit r;

ry(2.0) code[0];
cx code[0], code[1];
cx code[0], code[2];

// Of the four values of the die three are a place, and one is no error.
h die;
place = measure die;
if (place != 3) x code[int(place)];

syndrome[0] = parity(code[0], code[1], ancilla);
syndrome[1] = parity(code[1], code[2], ancilla);
switch (int(syndrome)) {
  case 1 { x code[0]; }
  case 2 { x code[2]; }
  case 3 { x code[1]; }
}

cx code[0], code[2];
cx code[0], code[1];
ry(-2.0) code[0];
r = measure code[0];
r = ~r;
