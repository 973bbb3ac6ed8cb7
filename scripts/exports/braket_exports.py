"""Programs as the Amazon Braket SDK writes them, with probabilities from its local simulator."""

import math

import numpy as np
from braket.circuits import Circuit, FreeParameter, Observable
from braket.circuits.serialization import IRType
from braket.devices import LocalSimulator
import braket._sdk as sdk

from exports import Exports

exports = Exports("braket", sdk.__version__)
simulator = LocalSimulator()


def measured(program, source, qubits, inputs=None):
    """Exact probabilities of the measured qubits, in the order of the bits of `b`."""
    plain = Circuit()
    for instruction in program.instructions:
        if instruction.operator.name != "Measure":
            plain.add_instruction(instruction)
    plain.probability(target=qubits)
    task = simulator.run(plain, shots=0, inputs=inputs or {})
    for index, probability in enumerate(task.result().values[0]):
        bits = [(index >> (len(qubits) - 1 - at)) & 1 for at in range(len(qubits))]
        yield float(probability), {"b": bits}


def add(name, program, qubits=None, inputs=None, **fields):
    source = program.to_ir(ir_type=IRType.OPENQASM).source
    qubits = list(program.qubits) if qubits is None else qubits
    if inputs is not None:
        fields["inputs"] = inputs
    exports.add(name, source, list(measured(program, source, qubits, inputs)), **fields)


def refused(name, program, reason):
    exports.add(name, program.to_ir(ir_type=IRType.OPENQASM).source, refused=reason)


add("bell", Circuit().h(0).cnot(0, 1))
ghz = Circuit().h(0)
for k in range(3):
    ghz.cnot(k, k + 1)
add("ghz", ghz)
add("measured", Circuit().h(0).cnot(0, 1).x(2).measure(2).measure(0), [2, 0])

qft = Circuit().x(0).h(1)
for low in range(3):
    qft.h(low)
    for high in range(low + 1, 3):
        qft.cphaseshift(high, low, math.pi / 2 ** (high - low))
qft.swap(0, 2).rx(1, 0.4)
add("qft", qft)

grover = Circuit().h(range(3))
for _ in range(2):
    grover.x(1).h(2).ccnot(0, 1, 2).h(2).x(1)
    grover.h(range(3)).x(range(3)).z(2, control=[0, 1]).x(range(3)).h(range(3))
add("grover", grover)

theta, phi = FreeParameter("theta"), FreeParameter("phi")
ansatz = Circuit().ry(0, theta).ry(1, phi).cnot(0, 1).rz(1, 2 * theta + 0.5).rx(0, phi / 3).xx(0, 1, theta)
add("ansatz", ansatz, inputs={"theta": 0.7, "phi": -0.3})

gates = (
    Circuit().h(range(4)).i(0).x(1).y(2).z(3).s(0).si(1).t(2).ti(3).v(0).vi(1)
    .rx(2, 0.1).ry(3, 0.2).rz(0, 0.3).phaseshift(1, 0.4).u(2, 0.5, 0.6, 0.7).prx(3, 0.8, 0.9).gpi(0, 0.1).gpi2(1, 0.2)
    .cnot(0, 1).cy(1, 2).cz(2, 3).cv(3, 0).ecr(0, 2).swap(1, 3).iswap(0, 1).pswap(1, 2, 0.3).xy(2, 3, 0.4)
    .xx(3, 0, 0.5).yy(0, 1, 0.6).zz(1, 2, 0.7).ms(2, 3, 0.1, 0.2, 0.3)
    .cphaseshift(0, 1, 0.1).cphaseshift00(1, 2, 0.2).cphaseshift01(2, 3, 0.3).cphaseshift10(3, 0, 0.4)
    .ccnot(0, 1, 2).cswap(1, 2, 3).gphase(0.3).h(range(4))
)  # fmt: skip
add("gates", gates)

# Every gate alone, between rotations, so that phases between its amplitudes are seen.
for name, arguments in {
    "gpi": [0.3], "gpi2": [0.4], "u": [0.3, 0.5, 0.7], "prx": [0.3, 0.5], "v": [], "vi": [], "phaseshift": [0.6],
    "ecr": [], "iswap": [], "pswap": [0.7], "xy": [0.9], "xx": [0.5], "yy": [0.6], "zz": [0.7], "ms": [0.2, 0.5, 0.9],
    "cphaseshift": [0.7], "cphaseshift00": [0.8], "cphaseshift01": [0.9], "cphaseshift10": [1.0], "cv": [], "cy": [],
}.items():  # fmt: skip
    one = name in ("gpi", "gpi2", "u", "prx", "v", "vi", "phaseshift")
    alone = Circuit().rx(0, 0.4).ry(1, 1.1).cnot(0, 1).rz(1, 0.3)
    getattr(alone, name)(*([0] if one else [0, 1]), *arguments, **({"control": 1} if one else {}))
    add(f"gate-{name}", alone.rx(0, 0.9).ry(1, 0.8).cnot(1, 0).rx(0, 0.5))

modified = (
    Circuit().h(range(3)).x(2, control=[0, 1], control_state=[0, 1]).ry(2, 0.6, control=0).h(1, control=2, control_state=[0])
    .x(0, power=0.5).s(1, power=-1.5).z(2, power=3).iswap(0, 1, power=-1).u(1, 0.1, 0.2, 0.3, control=0)
    .gphase(0.4, control=[0, 1]).h(range(3))
)  # fmt: skip
add("modifiers", modified)

adjoint = Circuit().h(0).add_verbatim_box(Circuit().rx(0, math.pi / 2).cz(0, 1).rz(1, math.pi)).h(1)
add("verbatim", adjoint, [0, 1])

add("results", Circuit().h(0).cnot(0, 1).ry(1, 0.3), None)
program = Circuit().h(0).cnot(0, 1).ry(1, 0.3)
source = program.copy().expectation(Observable.Z() @ Observable.X(), target=[0, 1]).state_vector().to_ir(ir_type=IRType.OPENQASM).source
exports.add("results", source)

root = np.array([[1, 1j], [1j, 1]]) / math.sqrt(2)
pair = np.kron(root, np.diag([1, np.exp(0.3j)])) @ np.array([[1, 0, 0, 0], [0, 0, 1j, 0], [0, 1, 0, 0], [0, 0, 0, -1]])
matrices = Circuit().h(range(3)).ry(1, 0.3).unitary(matrix=root, targets=[1]).unitary(matrix=pair, targets=[2, 0]).h(range(3))
add("unitary", matrices)

refused("noise", Circuit().h(0).bit_flip(0, probability=0.1), "QASM_UNSUPPORTED")

exports.write()
