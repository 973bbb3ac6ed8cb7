"""Programs as pytket writes them, with probabilities from its state vectors."""

import math

import numpy as np
import pytket
from pytket.circuit import Bit, Circuit, CircBox, CustomGateDef, OpType, QControlBox, Op
from pytket.passes import DecomposeBoxes
from pytket.qasm import circuit_to_qasm_str
from sympy import Symbol

from exports import Exports, state_outcomes

exports = Exports("pytket", pytket.__version__)


def measured(circuit):
    pure = Circuit(circuit.n_qubits)
    for command in circuit.get_commands():
        if command.op.type not in (OpType.Measure, OpType.Barrier):
            pure.add_gate(command.op, [circuit.qubits.index(q) for q in command.qubits])
    state = pure.get_statevector()
    names = {circuit.qubits.index(q): (bit.reg_name, bit.index[0]) for q, bit in circuit.qubit_to_bit_map.items()}
    keep = sorted(names)
    shape = [2] * circuit.n_qubits
    marginal = (np.abs(state) ** 2).reshape(shape).sum(axis=tuple(k for k in range(circuit.n_qubits) if k not in keep))
    return list(state_outcomes(marginal.reshape(-1), [names[k] for k in keep]))


def add(name, circuit, found=None):
    exports.add(f"{name}.v2", circuit_to_qasm_str(circuit), measured(circuit) if found is None else found)


add("bell", Circuit(2, 2).H(0).CX(0, 1).measure_all())
add("ghz", Circuit(4).H(0).CX(0, 1).CX(1, 2).CX(2, 3).measure_all())

qft = Circuit(3, 3).X(0).H(1)
for low in range(3):
    qft.H(low)
    for high in range(low + 1, 3):
        qft.CU1(1 / 2 ** (high - low), high, low)
qft.SWAP(0, 2).Rx(0.4 / math.pi, 1).measure_all()
add("qft", qft)

grover = Circuit(3)
for qubit in range(3):
    grover.H(qubit)
for _ in range(2):
    grover.X(1).H(2).CCX(0, 1, 2).H(2).X(1)
    for qubit in range(3):
        grover.H(qubit).X(qubit)
    grover.H(2).CCX(0, 1, 2).H(2)
    for qubit in range(3):
        grover.X(qubit).H(qubit)
add("grover", grover.measure_all())

symbol = Symbol("alpha")
ansatz = Circuit(3)
for layer in range(2):
    for qubit in range(3):
        ansatz.Ry(symbol * (qubit + 1) / 3, qubit).Rz(symbol / 5 + layer, qubit)
    ansatz.CX(0, 1).CX(1, 2).add_barrier([0, 1, 2])
ansatz.symbol_substitution({symbol: 0.37})
add("ansatz", ansatz.measure_all())

gates = Circuit(4)
for qubit in range(4):
    gates.H(qubit)
gates.X(0).Y(1).Z(2).S(3).Sdg(0).T(1).Tdg(2).V(3).Vdg(0).SX(1).SXdg(2)
gates.Rx(0.1, 0).Ry(0.2, 1).Rz(0.3, 2).U1(0.4, 3).U2(0.5, 0.6, 0).U3(0.7, 0.8, 0.9, 1)
gates.CX(0, 1).CY(1, 2).CZ(2, 3).CH(3, 0).CRx(0.1, 0, 1).CRy(0.2, 1, 2).CRz(0.3, 2, 3).CU1(0.4, 3, 0)
gates.CU3(0.5, 0.6, 0.7, 0, 2).CSX(1, 3).CV(0, 3).CS(1, 2)
gates.XXPhase(0.1, 0, 1).YYPhase(0.2, 1, 2).ZZPhase(0.3, 2, 3).ZZMax(0, 2).ISWAPMax(1, 3).ISWAP(0.3, 0, 2).ECR(1, 2)
gates.SWAP(0, 3).CSWAP(0, 1, 2).CCX(1, 2, 3).add_gate(OpType.CnX, [0, 1, 2, 3])
for qubit in range(4):
    gates.H(qubit)
add("gates", gates.measure_all())

a, b = Symbol("a"), Symbol("b")
inner = Circuit(2)
inner.CX(0, 1).Rx(a, 1).CRy(a * b, 1, 0)
definition = CustomGateDef.define("my_gate", inner, [a, b])
custom = Circuit(3)
custom.H(0).add_custom_gate(definition, [0.2, 1.3], [0, 1])
custom.add_custom_gate(definition, [-0.4, 0.3], [2, 0])
flat = Circuit(3).H(0).CX(0, 1).Rx(0.2, 1).CRy(0.26, 1, 0).CX(2, 0).Rx(-0.4, 0).CRy(-0.12, 0, 2).measure_all()
add("custom", custom.measure_all(), measured(flat))

boxes = Circuit(3).H(0).H(1)
boxes.add_qcontrolbox(QControlBox(Op.create(OpType.Ry, 0.4), 2), [0, 1, 2])
boxes.add_circbox(CircBox(Circuit(2).H(0).CX(0, 1)), [1, 2])
DecomposeBoxes().apply(boxes)
add("boxes", boxes.measure_all())

middle = Circuit(2, 3).H(0).Measure(0, 0).Reset(0).Ry(1.1 / math.pi, 0).CX(0, 1).add_barrier([0, 1]).Measure(1, 1)
middle.Reset(1).CX(0, 1).Measure(1, 2)
one = math.sin(0.55) ** 2
add("mid-circuit", middle, [(0.5 * (one if k else 1 - one), {"c": [first, k, k]}) for first in (0, 1) for k in (0, 1)])

teleport = Circuit(3)
z, x, out = teleport.add_c_register("z", 1), teleport.add_c_register("x", 1), teleport.add_c_register("out", 1)
teleport.Ry(0.7 / math.pi, 0).H(1).CX(1, 2).CX(0, 1).H(0).Measure(0, z[0]).Measure(1, x[0])
teleport.X(2, condition=x[0]).Z(2, condition=z[0]).Measure(2, out[0])
one = math.sin(0.35) ** 2
found = [
    (0.25 * (one if o else 1 - one), {"z": [p], "x": [q], "out": [o]}) for p in (0, 1) for q in (0, 1) for o in (0, 1)
]
add("teleport", teleport, found)

values = Circuit(3, 2).H(0).H(1).Measure(0, 0).Measure(1, 1)
values.X(2, condition_bits=[0, 1], condition_value=2).add_c_register("d", 1)
values.Measure(values.qubits[2], Bit("d", 0))
add("values", values, [(0.25, {"c": [p, q], "d": [1 if (p, q) == (0, 1) else 0]}) for p in (0, 1) for q in (0, 1)])

exports.write()
