// Generated from Cirq v1.7.0

OPENQASM 3.0;
include "stdgates.inc";


// Qubits: [q(0), q(1), q(2)]
qubit[3] q;
bit[3] m_all;


h q[0];
h q[1];

// Operation: CRy(0.1909859317102744π)(q(0), q(2))
sx q[2];
u3(pi*0.5,pi*1.0,pi*1.25) q[0];
u3(pi*0.5,pi*1.0,pi*0.75) q[2];
sx q[0];
cx q[0],q[2];
rx(pi*0.4045070341) q[0];
ry(pi*0.5) q[2];
cx q[2],q[0];
sxdg q[2];
s q[2];
cx q[0],q[2];
u3(pi*0.5,pi*1.8454929659,0) q[0];
u3(pi*0.5,pi*0.3454929659,0) q[2];
sxdg q[2];
rz(pi*-0.0954929659) q[0];

// Operation: C0C1X(q(0), q(1), q(2))
x q[0];
t q[1];
u3(0,pi*1.0,pi*0.5) q[2];
cx q[1],q[2];
u3(pi*0.25,0,0) q[2];
cx q[1],q[2];
u3(pi*0.25,pi*1.5,pi*1.0) q[2];
cx q[0],q[1];
tdg q[1];
u3(0,0,pi*0.5) q[2];
cx q[1],q[2];
u3(pi*0.25,0,0) q[2];
cx q[1],q[2];
u3(pi*0.25,pi*0.5,pi*1.0) q[2];
cx q[0],q[1];
t q[0];
u3(0,pi*1.0,pi*0.5) q[2];
cx q[0],q[2];
u3(pi*0.25,0,0) q[2];
cx q[0],q[2];
u3(pi*0.25,pi*1.5,pi*1.0) q[2];
x q[0];

ch q[1],q[2];
h q[0];
h q[1];

// Gate: cirq.MeasurementGate(3, cirq.MeasurementKey(name='all'), (True, False))
x q[0];  // Invert the following measurement
m_all[0] = measure q[0];
x q[0];  // Undo the inversion
m_all[1] = measure q[1];
m_all[2] = measure q[2];
