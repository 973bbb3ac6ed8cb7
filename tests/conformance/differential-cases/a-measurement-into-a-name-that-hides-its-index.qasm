OPENQASM 3.0;
include "stdgates.inc";
qubit[3] q;
int k = 1;
x q[1];
output bit o;
{
  bit k = measure q[k];
  o = k;
}
