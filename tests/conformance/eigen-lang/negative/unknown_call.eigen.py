# EIGEN_MEANING 7:5 The name open stands for nothing.
from eigen_lang import QubitRegister, cnot, h, hybrid_program, measure, x


@hybrid_program
def main():
    open("/etc/passwd")
