# EIGEN_SYNTAX 7:6 '(' is never closed.
from eigen_lang import QubitRegister, cnot, h, hybrid_program, measure, x


@hybrid_program
def main():
    h(0
    x(1)
