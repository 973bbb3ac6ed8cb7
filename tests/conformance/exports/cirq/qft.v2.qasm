// Generated from Cirq v1.7.0

OPENQASM 2.0;
include "qelib1.inc";


// Qubits: [q(0), q(1), q(2)]
qreg q[3];
creg m_out[3];


x q[0];
h q[1];

// Gate: qft
h q[0];
u3(pi*0.5,0,pi*0.75) q[1];
u3(pi*0.5,0,pi*0.25) q[0];
sx q[1];
cx q[1],q[0];
rx(pi*0.25) q[1];
ry(pi*0.5) q[0];
cx q[0],q[1];
sxdg q[0];
s q[0];
cx q[1],q[0];
u3(pi*0.5,pi*0.5,pi*1.0) q[1];
u3(pi*0.5,pi*1.0,pi*1.0) q[0];
h q[1];
u3(pi*0.5,0,pi*0.75) q[2];
u3(pi*0.5,0,pi*0.25) q[1];
sx q[2];
cx q[2],q[1];
rx(pi*0.25) q[2];
ry(pi*0.5) q[1];
cx q[1],q[2];
sxdg q[1];
s q[1];
cx q[2],q[1];
u3(pi*0.5,pi*0.5,pi*1.0) q[2];
u3(pi*0.5,pi*1.0,pi*1.0) q[1];
u3(pi*0.5,pi*1.0,pi*0.25) q[2];
u3(pi*0.5,pi*1.0,pi*0.75) q[0];
sx q[2];
cx q[2],q[0];
rx(pi*0.375) q[2];
ry(pi*0.5) q[0];
cx q[0],q[2];
sxdg q[0];
s q[0];
cx q[2],q[0];
u3(pi*0.5,pi*0.875,0) q[2];
u3(pi*0.5,pi*0.375,0) q[0];
h q[2];
swap q[0],q[2];

rx(pi*0.1273239545) q[1];

// Gate: qft†
cx q[0],q[2];
cx q[2],q[0];
cx q[0],q[2];
ry(pi*0.25) q[2];
rx(pi*-1.0) q[2];
ry(pi*-0.25) q[2];
u3(pi*0.5,0,pi*0.25) q[2];
u3(pi*0.5,pi*1.0,pi*0.75) q[1];
sx q[2];
cx q[2],q[1];
rx(pi*0.25) q[2];
ry(pi*0.5) q[1];
cx q[1],q[2];
sxdg q[1];
s q[1];
cx q[2],q[1];
u3(pi*0.5,pi*0.5,pi*1.0) q[2];
u3(pi*0.5,pi*2.0,0) q[1];
u3(pi*0.5,0,pi*0.25) q[2];
u3(pi*0.5,pi*1.0,pi*0.75) q[0];
sx q[2];
cx q[2],q[0];
rx(pi*0.375) q[2];
ry(pi*0.5) q[0];
cx q[0],q[2];
sxdg q[0];
s q[0];
cx q[2],q[0];
u3(pi*0.5,pi*0.625,pi*1.0) q[2];
u3(pi*0.5,pi*0.125,0) q[0];
ry(pi*0.25) q[1];
rx(pi*-1.0) q[1];
ry(pi*-0.25) q[1];
u3(pi*0.5,0,pi*0.25) q[1];
u3(pi*0.5,pi*1.0,pi*0.75) q[0];
sx q[1];
cx q[1],q[0];
rx(pi*0.25) q[1];
ry(pi*0.5) q[0];
cx q[0],q[1];
sxdg q[0];
s q[0];
cx q[1],q[0];
u3(pi*0.5,pi*0.5,pi*1.0) q[1];
u3(pi*0.5,pi*2.0,0) q[0];
ry(pi*0.25) q[0];
rx(pi*-1.0) q[0];
ry(pi*-0.25) q[0];

// Gate: cirq.MeasurementGate(3, cirq.MeasurementKey(name='out'), ())
measure q[0] -> m_out[0];
measure q[1] -> m_out[1];
measure q[2] -> m_out[2];
