OPENQASM 3.0;
float[32] v = 0.1;
output float[64] o;
o = float(float[32](-2.75) - v);
