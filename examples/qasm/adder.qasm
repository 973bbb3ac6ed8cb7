// Adds two numbers of four bits with majority and unmajority steps (Cuccaro, Draper, Kutin and Moulton, 2004).
// 11 + 7 is 18: every shot gives sum = 10010.
OPENQASM 3.0;
include "stdgates.inc";

const uint n = 4;

def majority(qubit a, qubit b, qubit c) {
  cx c, b;
  cx c, a;
  ccx a, b, c;
}

def unmajority(qubit a, qubit b, qubit c) {
  ccx a, b, c;
  cx c, a;
  cx a, b;
}

def prepare(uint[n] value, qubit[n] register) {
  for uint i in [0:n - 1] {
    if (value[i]) x register[i];
  }
}

qubit carry_in;
qubit[n] left;
qubit[n] right;
qubit carry_out;
output bit[n + 1] sum;

prepare(11, left);
prepare(7, right);
majority(carry_in, right[0], left[0]);
for uint i in [1:n - 1] majority(left[i - 1], right[i], left[i]);
cx left[n - 1], carry_out;
for uint i in [n - 1:-1:1] unmajority(left[i - 1], right[i], left[i]);
unmajority(carry_in, right[0], left[0]);

sum[0:n - 1] = measure right;
sum[n] = measure carry_out;
