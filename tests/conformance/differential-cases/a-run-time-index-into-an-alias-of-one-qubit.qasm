OPENQASM 3.0;
include "stdgates.inc";
qubit[3] q;
uint[4] u;
bit c;
x q[2];
let a = q[{2}];
c = measure a[u];
