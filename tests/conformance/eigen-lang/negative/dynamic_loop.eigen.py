# EIGEN_FORBIDDEN 8:5 A while loop
from eigen_lang import QubitRegister, cnot, h, hybrid_program, measure, x


@hybrid_program
def main():
    h(0)
    while measure(0):
        h(0)
