# EIGEN_FORBIDDEN 7:5 The name __import__
from eigen_lang import QubitRegister, cnot, h, hybrid_program, measure, x


@hybrid_program
def main():
    __import__("os").system("true")
