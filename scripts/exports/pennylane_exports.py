"""Programs as PennyLane writes them, with probabilities from its default device."""

import math

import numpy as np
import pennylane as qml

from exports import Exports, state_outcomes

exports = Exports("pennylane", qml.__version__)


def add(name, wires, circuit, *arguments, found=None):
    device = qml.device("default.qubit", wires=wires)

    @qml.qnode(device)
    def state(*values):
        circuit(*values)
        return qml.probs(wires=range(wires))

    @qml.qnode(device)
    def measured(*values):
        circuit(*values)
        return qml.probs(wires=range(wires))

    source = qml.to_openqasm(measured)(*arguments)
    names = [("c", wire) for wire in range(wires)]
    exports.add(f"{name}.v2", source, list(state_outcomes(state(*arguments), names)) if found is None else found)


def bell():
    qml.Hadamard(0)
    qml.CNOT([0, 1])


def ghz():
    qml.Hadamard(0)
    for wire in range(3):
        qml.CNOT([wire, wire + 1])


def qft():
    qml.BasisState(np.array([1, 0, 1]), wires=range(3))
    qml.Hadamard(1)
    qml.QFT(wires=range(3))
    qml.RX(0.4, 1)
    qml.adjoint(qml.QFT)(wires=range(3))
    qml.RY(0.3, 0)
    qml.QFT(wires=range(3))
    qml.Hadamard(2)


def grover():
    for wire in range(3):
        qml.Hadamard(wire)
    for _ in range(2):
        qml.PauliX(1)
        qml.CCZ([0, 1, 2])
        qml.PauliX(1)
        qml.GroverOperator(wires=range(3))


def ansatz(weights):
    qml.StronglyEntanglingLayers(weights, wires=range(3))
    qml.BasicEntanglerLayers(weights[:, :, 0], wires=range(3))


def gates(x, y, z):
    for wire in range(3):
        qml.Hadamard(wire)
    qml.PauliX(0); qml.PauliY(1); qml.PauliZ(2); qml.S(0); qml.T(1); qml.SX(2)
    qml.adjoint(qml.S(1)); qml.adjoint(qml.T(2)); qml.adjoint(qml.SX(0))
    qml.RX(x, 0); qml.RY(y, 1); qml.RZ(z, 2); qml.PhaseShift(x, 1); qml.Rot(x, y, z, 0)
    qml.U1(x, 0); qml.U2(x, y, 1); qml.U3(x, y, z, 2)
    qml.CNOT([0, 1]); qml.CY([1, 2]); qml.CZ([2, 0]); qml.CH([0, 2]); qml.SWAP([0, 1]); qml.ISWAP([1, 2]); qml.SISWAP([0, 2])
    qml.CRX(x, [0, 1]); qml.CRY(y, [1, 2]); qml.CRZ(z, [2, 0]); qml.CRot(x, y, z, [0, 2]); qml.ControlledPhaseShift(x, [1, 0])
    qml.IsingXX(x, [0, 1]); qml.IsingYY(y, [1, 2]); qml.IsingZZ(z, [2, 0]); qml.IsingXY(x, [0, 2])
    qml.MultiRZ(y, [0, 1, 2]); qml.PauliRot(z, "XYZ", [0, 1, 2]); qml.SingleExcitation(x, [0, 1])
    qml.CSWAP([0, 1, 2]); qml.Toffoli([0, 1, 2]); qml.ECR([1, 0]); qml.Barrier([0, 1])
    for wire in range(3):
        qml.Hadamard(wire)  # fmt: skip


def controlled():
    for wire in range(4):
        qml.Hadamard(wire)
    qml.ctrl(qml.RY(0.6, 3), control=[0, 1])
    qml.MultiControlledX(wires=[0, 1, 2, 3], control_values=[0, 1, 1])
    qml.ctrl(qml.Rot(0.1, 0.2, 0.3, 2), control=0)
    qml.ctrl(qml.Hadamard(1), control=3, control_values=0)
    qml.QubitUnitary(np.array([[math.cos(0.3), -math.sin(0.3)], [math.sin(0.3), math.cos(0.3)]]), 2)
    for wire in range(4):
        qml.Hadamard(wire)


add("bell", 2, bell)
add("ghz", 4, ghz)
add("qft", 3, qft)
add("grover", 3, grover)
add("ansatz", 3, ansatz, np.linspace(-1, 2, 18).reshape(2, 3, 3))
add("gates", 3, gates, 0.3, -0.7, 1.9)
add("controlled", 4, controlled)

exports.write()
