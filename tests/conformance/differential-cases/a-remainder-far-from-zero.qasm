OPENQASM 3.0;
qubit q;
const float far = -uint(861);
output float remainder;
output bit measured;
remainder = mod(far, 3.0);
U(1.0, remainder, 1.0) q;
U(1.0, remainder, 1.0) q;
measured = measure q;
