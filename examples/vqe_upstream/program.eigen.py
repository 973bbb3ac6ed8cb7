"""A search over four angles, with an objective that is no molecule: Z on qubit 0 plus X on qubit 1."""

from eigen_lang import (
    ClassicalRegister,
    ExpectationValue,
    Observable,
    Param,
    QubitRegister,
    cnot,
    hybrid_program,
    minimize,
    ry,
    rz,
)


@hybrid_program(
    target="sim:local",
    shots=8192,
    optimization_level=3,
    seed=7,
    metadata={"workload": "vqe", "ansatz": {"rotations": 6, "entanglers": 2}},
)
def vqe_h2():
    """The least value is -2: qubit 0 is one, and qubit 1 is minus."""
    theta = Param("theta", 0.10)
    phi = Param("phi", -0.20)
    lam = Param("lambda", 0.05)
    delta = Param("delta", 0.02)

    qreg = QubitRegister(2)
    creg = ClassicalRegister(2)

    ry(0, theta)
    ry(1, phi)
    cnot(0, 1)
    rz(0, lam)
    rz(1, delta)
    cnot(0, 1)
    ry(0, delta)
    ry(1, lam)

    observable = Observable(Z=0, X=1)
    energy = ExpectationValue("ansatz_h2", observable=observable)
    optimum = minimize(energy, [0.10, -0.20, 0.05, 0.02], method="COBYLA", max_iters=60)

    return {
        "energy": optimum.fun,
        "parameters": optimum.x,
        "method": optimum.method,
        "objective": optimum.objective,
        "observable_terms": observable.terms,
        "qubits": qreg.size,
        "classical_bits": creg.size,
        "optimizer_metadata": optimum.metadata,
    }
