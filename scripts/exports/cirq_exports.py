"""Programs as Cirq writes them, with probabilities from its state vector simulator."""

import math
import re

import cirq
import numpy as np
import sympy

from exports import Exports, state_outcomes

exports = Exports("cirq", cirq.__version__)


def measured(circuit):
    """Outcomes of a circuit whose measurements end it: registers are called after their keys."""
    qubits = sorted(circuit.all_qubits())
    names = {}
    for operation in circuit.all_operations():
        if cirq.is_measurement(operation):
            for bit, qubit in enumerate(operation.qubits):
                names[qubit] = (f"m_{cirq.measurement_key_name(operation)}", bit)
    plain = cirq.Circuit(operation for operation in circuit.all_operations() if not cirq.is_measurement(operation))
    state = cirq.final_state_vector(plain, qubit_order=qubits, dtype=np.complex128)
    probabilities = np.abs(state) ** 2
    keep = [at for at, qubit in enumerate(qubits) if qubit in names]
    shape = [2] * len(qubits)
    marginal = probabilities.reshape(shape).sum(axis=tuple(at for at in range(len(qubits)) if at not in keep))
    return state_outcomes(marginal.reshape(-1), [names[qubits[at]] for at in keep])


def add(name, circuit, found=None, versions="23"):
    for version in versions:
        source = circuit.to_qasm(version=f"{version}.0")
        # Its OpenQASM 3 uses gates that the standard library does not have, without defining them.
        fields = {"missing": "qfs.inc"} if version == "3" and re.search(r"^(?:sxdg|iswap|rzz) ", source, re.M) else {}
        exports.add(f"{name}.v{version}", source, list(measured(circuit)) if found is None else found, **fields)


a, b, c = cirq.LineQubit.range(3)
add("bell", cirq.Circuit(cirq.H(a), cirq.CNOT(a, b), cirq.measure(a, b, key="result")))
ghz = cirq.Circuit(cirq.H(a), cirq.CNOT(a, b), cirq.CNOT(b, c), [cirq.measure(q, key=f"q{q.x}") for q in (a, b, c)])
add("ghz", ghz)

qft = cirq.Circuit(cirq.X(a), cirq.H(b), cirq.qft(a, b, c), cirq.rx(0.4)(b), cirq.qft(a, b, c, inverse=True))
add("qft", qft + cirq.measure(a, b, c, key="out"))

oracle = [cirq.X(b), cirq.CCZ(a, b, c), cirq.X(b)]
diffuser = [cirq.H.on_each(a, b, c), cirq.X.on_each(a, b, c), cirq.CCZ(a, b, c), cirq.X.on_each(a, b, c), cirq.H.on_each(a, b, c)]
add("grover", cirq.Circuit(cirq.H.on_each(a, b, c), (oracle + diffuser) * 2, cirq.measure(a, b, c, key="found")))

theta = sympy.Symbol("theta")
ansatz = cirq.Circuit(cirq.ry(theta)(a), cirq.rz(2 * theta)(b), cirq.CNOT(a, b) , cirq.rx(theta / 2)(b), cirq.measure(a, b, key="z"))
add("ansatz", cirq.resolve_parameters(ansatz, {"theta": 0.7}))

gates = cirq.Circuit(
    cirq.H.on_each(a, b, c),
    cirq.X(a), cirq.Y(b), cirq.Z(c), cirq.S(a), cirq.T(b), (cirq.S**-1)(c), (cirq.T**-1)(a),
    (cirq.X**0.5)(a), (cirq.X**-0.5)(b), (cirq.Y**0.25)(c), (cirq.Z**0.3)(a), (cirq.H**0.5)(b),
    cirq.CZ(a, b), (cirq.CZ**0.4)(b, c), (cirq.CNOT**0.3)(a, c), cirq.SWAP(a, b), (cirq.SWAP**0.5)(b, c),
    cirq.ISWAP(a, c), (cirq.ISWAP**-0.5)(a, b), (cirq.XX**0.2)(a, b), (cirq.YY**0.3)(b, c), (cirq.ZZ**0.4)(a, c),
    cirq.PhasedXPowGate(phase_exponent=0.2, exponent=0.6)(a), cirq.PhasedXZGate(x_exponent=0.1, z_exponent=0.2, axis_phase_exponent=0.3)(b),
    cirq.FSimGate(0.3, 0.4)(a, b), cirq.CCX(a, b, c), cirq.CSWAP(a, b, c),
    cirq.rx(0.1)(a), cirq.ry(0.2)(b), cirq.rz(0.3)(c), cirq.givens(0.4)(b, c), cirq.I(a),
    cirq.MatrixGate(cirq.testing.random_unitary(2, random_state=5))(a),
    cirq.MatrixGate(cirq.testing.random_unitary(4, random_state=6))(b, c),
    cirq.H.on_each(a, b, c),
    cirq.measure(a, b, c, key="all"),
)  # fmt: skip
add("gates", gates)

controlled = cirq.Circuit(
    cirq.H.on_each(a, b),
    cirq.ry(0.6)(c).controlled_by(a),
    cirq.X(c).controlled_by(a, b, control_values=[0, 1]),
    cirq.H(c).controlled_by(b),
    cirq.H.on_each(a, b),
    cirq.measure(a, b, c, key="all", invert_mask=(True, False)),
)
source_inverted = [
    (probability, {"m_all": [1 - values["m_all"][0]] + values["m_all"][1:]}) for probability, values in measured(controlled)
]
add("controlled", controlled, source_inverted)

middle = cirq.Circuit(
    cirq.H(a), cirq.measure(a, key="first"), cirq.reset(a), cirq.ry(1.1)(a), cirq.CNOT(a, b), cirq.measure(b, key="second")
)
one = math.sin(0.55) ** 2
add(
    "mid-circuit",
    middle,
    [(0.5 * (one if second else 1 - one), {"m_first": [first], "m_second": [second]}) for first in (0, 1) for second in (0, 1)],
)

teleport = cirq.Circuit(
    cirq.ry(0.7)(a), cirq.H(b), cirq.CNOT(b, c), cirq.CNOT(a, b), cirq.H(a),
    cirq.measure(a, key="za"), cirq.measure(b, key="xb"),
    cirq.X(c).with_classical_controls("xb"), cirq.Z(c).with_classical_controls("za"),
    cirq.measure(c, key="out"),
)  # fmt: skip
one = math.sin(0.35) ** 2
found = [
    (0.25 * (one if out else 1 - one), {"m_za": [z], "m_xb": [x], "m_out": [out]})
    for z in (0, 1) for x in (0, 1) for out in (0, 1)
]  # fmt: skip
for version in "23":
    try:
        add("teleport", teleport, found, version)
    except ValueError as error:
        print("teleport", version, error)

exports.write()
