// Teleportation: the state of one qubit moves to another with the help of two classical bits.
OPENQASM 3.0;
include "stdgates.inc";

qubit message; // Alice wants to send its state
qubit alice;   // her half of a shared pair
qubit bob;     // his half
bit[2] sent;   // what Alice tells Bob
bit received;  // what Bob finds in the end

// A state worth sending: 1 with probability sin(pi/8)^2, about 14.6 %.
ry(pi / 4) message;

// The shared pair.
h alice;
cx alice, bob;

// Alice measures her two qubits together. This destroys the state of `message`.
cx message, alice;
h message;
sent[0] = measure message;
sent[1] = measure alice;

// Bob corrects his qubit by what she found; the gates depend on outcomes of the same shot.
if (sent[1]) x bob;
if (sent[0]) z bob;

// Bob's qubit is now in the state that Alice prepared: "1" in about 14.6 % of the shots,
// whichever of the four values `sent` has. Keys of the counts read `received sent`.
received = measure bob;
