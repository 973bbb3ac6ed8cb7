# EIGEN_MEANING 10:8 the outcome of a measurement is neither true nor false.
from eigen_lang import QubitRegister, cnot, h, hybrid_program, measure, x


@hybrid_program
def main():
    q = QubitRegister(2)
    h(q[0])
    outcome = measure(q[0])
    if outcome:
        x(q[1])
