OPENQASM 3.0;
qubit[2] q;
h q[0];
cnot q[0], q[1];
ry(0.3) q[1];
#pragma braket result expectation z(q[0]) @ x(q[1])
#pragma braket result state_vector
