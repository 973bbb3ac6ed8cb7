# EIGEN_SYNTAX 2:1 This is OpenQASM.
OPENQASM 3.0;
include "stdgates.inc";
qubit q;
h q;
