// The phase-flip code: in the basis of |+⟩ and |−⟩ three qubits protect one against a Z at a random place. Parities of X
// tell the place without telling the state, and the correction follows in the same shot: every shot gives r = 0.
OPENQASM 3.0;
include "stdgates.inc";

gate encode a, b, c {
  cx a, b;
  cx a, c;
  h a;
  h b;
  h c;
}

def parity_of_x(qubit[2] pair, qubit ancilla) -> bit {
  reset ancilla;
  h ancilla;
  ctrl @ x ancilla, pair;
  h ancilla;
  return measure ancilla;
}

qubit[3] code;
qubit ancilla;
qubit[2] die;
bit[2] syndrome;
output bit r;

U(2.0, 0.9, 0.3) code[0];
encode code[0], code[1], code[2];

// Of the four values of the die three are a place, and one is no error.
h die;
bit[2] place = measure die;
if (place != "11") z code[int(place)];

syndrome[0] = parity_of_x(code[0:1], ancilla);
syndrome[1] = parity_of_x(code[1:2], ancilla);
switch (int(syndrome)) {
  case 1 { z code[0]; }
  case 2 { z code[2]; }
  case 3 { z code[1]; }
}

inv @ encode code[0], code[1], code[2];
inv @ U(2.0, 0.9, 0.3) code[0];
r = measure code[0];
