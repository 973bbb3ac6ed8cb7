OPENQASM 3.0;
output angle[64] o;
float f = 0.25;
o = f;
o -= angle[64](0.25) / 3;
