# EIGEN_MEANING 7:36 ExpectationValue: no observable has the name "hamiltonian_2q".
from eigen_lang import ExpectationValue, h, hybrid_program


@hybrid_program
def main():
    e = ExpectationValue("ansatz", "hamiltonian_2q"); h(0)
