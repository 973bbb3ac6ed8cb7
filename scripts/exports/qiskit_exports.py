"""Programs as Qiskit writes them, with probabilities from its own gate matrices, branch by branch."""


import numpy as np
import qiskit
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister, qasm2, qasm3
from qiskit.circuit import Parameter
from qiskit.circuit.classical import expr, types
from qiskit.circuit.library import MCXGate, QFTGate, RYGate, SwapGate, UGate, XGate, efficient_su2
from qiskit.quantum_info import Operator, Statevector

from exports import Exports

exports = Exports("qiskit", qiskit.__version__)


def apply(state, operation, qubits, total):
    return state.evolve(Operator(operation), qubits)


def run(circuit, branches, qubit_map, clbit_map, total):
    """Branches are (probability, state, bits); gates, measure, reset, barrier, if_else."""
    for instruction in circuit.data:
        operation = instruction.operation
        qubits = [qubit_map[circuit.find_bit(q).index] for q in instruction.qubits]
        clbits = [clbit_map[circuit.find_bit(c).index] for c in instruction.clbits]
        after = []
        for probability, state, bits in branches:
            if operation.name in ("barrier", "delay"):
                after.append((probability, state, bits))
            elif operation.name in ("measure", "reset"):
                weights = state.probabilities([qubits[0]])
                for outcome in (0, 1):
                    if weights[outcome] < 1e-12:
                        continue
                    projector = np.zeros((2, 2))
                    projector[outcome, outcome] = 1
                    projected = state.evolve(Operator(projector), [qubits[0]])
                    projected = projected / np.sqrt(weights[outcome])
                    if operation.name == "reset":
                        if outcome == 1:
                            projected = projected.evolve(Operator(XGate()), [qubits[0]])
                        after.append((probability * weights[outcome], projected, bits))
                    else:
                        written = list(bits)
                        written[clbits[0]] = outcome
                        after.append((probability * weights[outcome], projected, written))
            elif operation.name == "if_else":
                target, value = operation.condition
                if isinstance(target, ClassicalRegister):
                    number = sum(bits[OUTER.find_bit(bit).index] << at for at, bit in enumerate(target))
                else:
                    number = bits[OUTER.find_bit(target).index]
                block = operation.blocks[0 if number == int(value) else 1] if (
                    number == int(value) or len(operation.blocks) > 1
                ) else None
                if block is None:
                    after.append((probability, state, bits))
                else:
                    after += run(block, [(probability, state, bits)], qubits, clbits, total)
            else:
                after.append((probability, state.evolve(Operator(operation), qubits), bits))
        branches = after
    return branches


OUTER = None


def outcomes(circuit):
    global OUTER
    OUTER = circuit
    start = [(1.0, Statevector.from_int(0, 2**circuit.num_qubits), [0] * circuit.num_clbits)]
    every = range(circuit.num_qubits)
    for probability, _, bits in run(circuit, start, list(every), list(range(circuit.num_clbits)), circuit.num_qubits):
        yield probability, [[bits[circuit.find_bit(bit).index] for bit in register] for register in circuit.cregs]


def add(name, circuit, versions="23", **fields):
    found = list(outcomes(circuit))
    if "2" in versions:
        exports.add(f"{name}.v2", qasm2.dumps(circuit), found, **fields)
    if "3" in versions:
        exports.add(f"{name}.v3", qasm3.dumps(circuit), found, **fields)


bell = QuantumCircuit(2, 2)
bell.h(0)
bell.cx(0, 1)
bell.measure([0, 1], [0, 1])
add("bell", bell)

ghz = QuantumCircuit(4)
ghz.h(0)
for k in range(3):
    ghz.cx(k, k + 1)
ghz.measure_all()
add("ghz", ghz)

qft = QuantumCircuit(3, 3)
qft.x([0, 2])
qft.h(1)
qft.append(QFTGate(3), range(3))
qft.append(QFTGate(3).inverse(), range(3))
qft.rx(0.4, 1)
qft.append(QFTGate(3), range(3))
qft.measure(range(3), range(3))
add("qft", qft)

grover = QuantumCircuit(3, 3)
grover.h(range(3))
for _ in range(2):
    grover.x(1)
    grover.ccz(0, 1, 2)
    grover.x(1)
    grover.h(range(3))
    grover.x(range(3))
    grover.h(2)
    grover.append(MCXGate(2), [0, 1, 2])
    grover.h(2)
    grover.x(range(3))
    grover.h(range(3))
grover.measure(range(3), range(3))
add("grover", grover)

q, a, b = QuantumRegister(3, "q"), ClassicalRegister(1, "a"), ClassicalRegister(1, "b")
result = ClassicalRegister(1, "result")
teleport = QuantumCircuit(q, a, b, result)
teleport.u(0.7, 0.2, -0.4, 0)
teleport.h(1)
teleport.cx(1, 2)
teleport.barrier()
teleport.cx(0, 1)
teleport.h(0)
teleport.measure(0, a)
teleport.measure(1, b)
with teleport.if_test((b, 1)):
    teleport.x(2)
with teleport.if_test((a[0], 1)) as else_:
    teleport.z(2)
with else_:
    teleport.id(2)
teleport.measure(2, result)
add("teleport", teleport, "3")

ansatz = efficient_su2(3, reps=2, entanglement="circular")
ansatz = ansatz.assign_parameters([0.1 * k - 0.7 for k in range(ansatz.num_parameters)])
ansatz.measure_all()
add("ansatz", ansatz)

theta, phi = Parameter("theta"), Parameter("phi[0]")
parametrised = QuantumCircuit(2, 2)
parametrised.ry(theta, 0)
parametrised.crx(2 * theta + phi, 0, 1)
parametrised.rz(phi / 2, 1)
parametrised.h(1)
parametrised.measure([0, 1], [0, 1])
source = qasm3.dumps(parametrised)
bound = parametrised.assign_parameters({theta: 0.7, phi: -0.3})
inputs = {"theta": 0.7, "_phi_0_": -0.3}
exports.add("parameters.v3", source, list(outcomes(bound)), inputs=inputs)

pair = QuantumCircuit(2, name="pair")
pair.h(0)
pair.rzz(0.3, 0, 1)
pair.cx(0, 1)
custom = QuantumCircuit(3, 3)
custom.append(pair.to_gate(), [0, 2])
custom.append(pair.to_gate().inverse(), [1, 0])
custom.append(pair.to_gate().control(1), [2, 0, 1])
custom.append(pair.to_gate().power(2), [1, 2])
custom.unitary(Operator(UGate(0.3, 0.5, 0.7)).data, [1], label="matrix")
custom.measure(range(3), range(3))
add("custom", custom)

controlled = QuantumCircuit(5, 5)
controlled.h(range(4))
controlled.append(XGate().control(3, ctrl_state="010"), [0, 1, 2, 4])
controlled.append(RYGate(0.6).control(2), [0, 3, 4])
controlled.append(SwapGate().control(2, ctrl_state=1), [0, 1, 2, 3])
controlled.cu(0.1, 0.2, 0.3, 0.4, 1, 2)
controlled.cp(0.9, 2, 3)
controlled.csx(0, 3)
controlled.ch(1, 4)
controlled.cry(0.8, 4, 0)
controlled.mcp(0.5, [0, 1, 2], 3)
controlled.append(XGate().control(4), [0, 1, 2, 3, 4])
controlled.ccz(0, 1, 2)
controlled.cs(0, 1)
controlled.h(range(4))
controlled.measure(range(5), range(5))
add("controlled", controlled)

every = QuantumCircuit(4, 4)
every.h(range(4))
for gate in ("x", "y", "z", "s", "sdg", "t", "tdg", "sx", "sxdg", "id"):
    getattr(every, gate)(0)
every.p(0.1, 0)
every.r(0.2, 0.3, 1)
every.rx(0.4, 2)
every.ry(0.5, 3)
every.rz(0.6, 0)
every.u(0.7, 0.8, 0.9, 1)
every.rxx(0.1, 0, 1)
every.ryy(0.2, 1, 2)
every.rzz(0.3, 2, 3)
every.rzx(0.4, 3, 0)
every.cy(0, 1)
every.cz(1, 2)
every.crx(0.5, 2, 3)
every.crz(0.6, 3, 0)
every.swap(0, 2)
every.iswap(1, 3)
every.dcx(0, 1)
every.ecr(2, 3)
every.cswap(0, 1, 2)
every.ccx(1, 2, 3)
every.rccx(0, 1, 3)
every.rcccx(0, 1, 2, 3)
every.h(range(4))
every.measure(range(4), range(4))
add("gates", every)

middle = QuantumCircuit(2, 3)
middle.h(0)
middle.measure(0, 0)
middle.reset(0)
middle.ry(1.1, 0)
middle.cx(0, 1)
middle.barrier(0, 1)
middle.measure(1, 1)
middle.reset(1)
middle.cx(0, 1)
middle.measure(1, 2)
add("mid-circuit", middle)

two = QuantumCircuit(QuantumRegister(2, "in"), QuantumRegister(1, "Out"), ClassicalRegister(2, "bit"), ClassicalRegister(1, "x"))
two.h(0)
two.cx(0, 2)
two.measure([0, 1], [0, 1])
two.measure(2, 2)
add("names", two)

loops = QuantumCircuit(3, 3)
loops.h(0)
with loops.for_loop(range(4)) as k:
    loops.rx(k * 0.1, 1)
    loops.cx(0, 2)
with loops.for_loop((1, 3)):
    loops.ry(0.2, 1)
loops.measure(range(3), range(3))
flat = QuantumCircuit(3, 3)
flat.h(0)
flat.rx(0.6, 1)
flat.ry(0.4, 1)
flat.measure(range(3), range(3))
exports.add("loops.v3", qasm3.dumps(loops), list(outcomes(flat)))

until = QuantumCircuit(2, 2)
until.h(0)
until.measure(0, 0)
with until.while_loop((until.clbits[0], 0)):
    until.reset(0)
    until.h(0)
    until.measure(0, 0)
until.cx(0, 1)
until.measure(1, 1)
exports.add("until.v3", qasm3.dumps(until), [(1.0, {"c": [1, 1]})])

register = ClassicalRegister(2, "c")
cases = QuantumCircuit(QuantumRegister(3, "q"), register, ClassicalRegister(1, "d"))
cases.h([0, 1])
cases.measure([0, 1], [0, 1])
with cases.switch(register) as case:
    with case(0):
        cases.x(2)
    with case(1, 2):
        cases.h(2)
    with case(case.DEFAULT):
        cases.id(2)
cases.measure(2, 2)
found = []
for value in range(4):
    bits = [value & 1, value >> 1]
    ones = {0: 1.0, 1: 0.5, 2: 0.5, 3: 0.0}[value]
    found += [(0.25 * ones, {"c": bits, "d": [1]}), (0.25 * (1 - ones), {"c": bits, "d": [0]})]
exports.add("cases.v3", qasm3.dumps(cases), found)

classical = QuantumCircuit(QuantumRegister(2, "q"), ClassicalRegister(2, "c"), ClassicalRegister(1, "d"))
counter = classical.add_var("counter", expr.lift(0, types.Uint(8)))
classical.x(0)
classical.h(1)
classical.measure([0, 1], [0, 1])
with classical.if_test(expr.logic_and(classical.clbits[0], classical.clbits[1])):
    classical.store(counter, expr.add(counter, 3))
with classical.if_test(expr.equal(counter, 3)):
    classical.x(0)
classical.measure(0, 2)
exports.add(
    "classical.v3",
    qasm3.dumps(classical),
    [(0.5, {"c": [1, 0], "d": [1]}), (0.5, {"c": [1, 1], "d": [0]})],
)

exports.write()
