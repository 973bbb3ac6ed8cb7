OPENQASM 3.0;
complex[float[32]] a = 1.25 + 0.1im;
complex[float[32]] b = 0.3 - 2im;
output complex[float[32]] o;
o = a / b * a;
