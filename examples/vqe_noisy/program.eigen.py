"""The ground state of H2 on a machine whose gates err."""

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

# The Hamiltonian of ../vqe_h2.
HAMILTONIAN = [
    (-0.3324042513238793, "II"),
    (0.39793742484318045, "IZ"),
    (-0.39793742484318045, "ZI"),
    (-0.01128010425623538, "ZZ"),
    (0.18093119978423156, "XX"),
]


@hybrid_program(shots=4096, seed=7, noise_model="depolarizing:0.01", metadata={"unit": "Ha"})
def vqe_noisy():
    """As in ../vqe_h2; every gate is followed by a random Pauli error in one of a hundred cases."""
    theta = Param("theta", 0.0)
    q = QubitRegister(2)

    x(q[0])
    ry(q[1], theta)
    cnot(q[1], q[0])

    energy = ExpectationValue("ansatz", Observable.from_terms(HAMILTONIAN))
    optimum = minimize(energy, method="SPSA", max_iters=60)

    return {"energy": optimum.fun, "parameters": optimum.x, "method": optimum.method}
