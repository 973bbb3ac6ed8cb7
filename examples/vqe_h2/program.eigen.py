"""The ground state of H2, with one angle."""

from eigen_lang import (
    ExpectationValue,
    Observable,
    Param,
    QubitRegister,
    cnot,
    hybrid_program,
    minimize,
    ry,
    x,
)

# H2 in the basis STO-3G, 0.735 angstrom between the nuclei, on two qubits (parity mapping with two qubits
# removed). The weight of II holds the repulsion of the nuclei. Hartree; qubit 0 is the rightmost letter.
HAMILTONIAN = [
    (-0.3324042513238793, "II"),
    (0.39793742484318045, "IZ"),
    (-0.39793742484318045, "ZI"),
    (-0.01128010425623538, "ZZ"),
    (0.18093119978423156, "XX"),
]


@hybrid_program(metadata={"unit": "Ha"})
def vqe_h2():
    """cos(theta/2) |01> + sin(theta/2) |10>: the Hartree-Fock state, and both electrons lifted."""
    theta = Param("theta", 0.0)
    q = QubitRegister(2)

    x(q[0])
    ry(q[1], theta)
    cnot(q[1], q[0])

    energy = ExpectationValue("ansatz", Observable.from_terms(HAMILTONIAN))
    optimum = minimize(energy, method="COBYLA")

    return {"energy": optimum.fun, "parameters": optimum.x, "method": optimum.method}
