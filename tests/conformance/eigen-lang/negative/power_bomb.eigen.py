# EIGEN_MEANING 7:9 The number is larger than programs may hold.
from eigen_lang import QubitRegister, cnot, h, hybrid_program, measure, x


@hybrid_program
def main():
    n = 9 ** 9 ** 5
    h(n)
