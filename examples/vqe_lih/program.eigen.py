"""The ground state of LiH in an active space of two electrons, with two angles and exact gradients."""

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

# LiH in the basis STO-3G, 1.5949 angstrom between the nuclei. Two electrons in the second and the sixth
# Hartree-Fock orbital (bonding and antibonding); the two electrons of the first orbital and the repulsion of
# the nuclei are in the weight of IIII. Jordan-Wigner mapping: qubits 0 and 1 are the two orbitals for
# spin up, qubits 2 and 3 for spin down. Hartree; qubit 0 is the rightmost letter.
HAMILTONIAN = [
    (-7.18389654, "IIII"),
    (0.06871343, "IIIZ"),
    (0.00186944, "IIXX"),
    (0.00186944, "IIYY"),
    (-0.19199998, "IIZI"),
    (0.08254366, "IIZZ"),
    (0.06871343, "IZII"),
    (0.12191619, "IZIZ"),
    (-0.03176436, "IZXX"),
    (-0.03176436, "IZYY"),
    (0.11351147, "IZZI"),
    (0.00186944, "XXII"),
    (-0.03176436, "XXIZ"),
    (0.03096781, "XXXX"),
    (0.03096781, "XXYY"),
    (-0.03363380, "XXZI"),
    (0.00186944, "YYII"),
    (-0.03176436, "YYIZ"),
    (0.03096781, "YYXX"),
    (0.03096781, "YYYY"),
    (-0.03363380, "YYZI"),
    (-0.19199998, "ZIII"),
    (0.11351147, "ZIIZ"),
    (-0.03363380, "ZIXX"),
    (-0.03363380, "ZIYY"),
    (0.11349047, "ZIZI"),
    (0.08254366, "ZZII"),
]


@hybrid_program(metadata={"unit": "Ha"})
def vqe_lih():
    """A pair of electrons over two orbitals (theta), and a rotation of the orbitals (phi, for both spins)."""
    theta = Param("theta", 0.0)
    phi = Param("phi", 0.0)
    q = QubitRegister(4)

    # cos(theta/2) |0101> + sin(theta/2) |1010>
    x(q[0])
    x(q[2])
    ry(q[1], theta)
    cnot(q[1], q[3])
    cnot(q[1], q[0])
    cnot(q[1], q[2])

    # |01> and |10> of each spin turn into each other.
    for low in [0, 2]:
        cnot(q[low + 1], q[low])
        ry(q[low + 1], phi / 2)
        cnot(q[low], q[low + 1])
        ry(q[low + 1], -phi / 2)
        cnot(q[low], q[low + 1])
        cnot(q[low + 1], q[low])

    energy = ExpectationValue("ansatz", Observable.from_terms(HAMILTONIAN))
    optimum = minimize(energy, method="L-BFGS-B", max_iters=100)

    return {"energy": optimum.fun, "parameters": optimum.x, "method": optimum.method}
