"""Circuits of qiskit and cirq, on a real server. Not run by default: both are large."""

import unittest

import server
import qfs
import cirq
import numpy
from qiskit import QuantumCircuit
from qiskit.circuit import Parameter, ParameterVector
from qiskit.circuit.library import QFTGate
from qiskit.quantum_info import SparsePauliOp, Statevector


def setUpModule():
    global running, client
    running = server.Server()
    unittest.addModuleCleanup(running.stop)
    client = qfs.Client(running.url)


def rotated(*angles):
    circuit = QuantumCircuit(3)
    circuit.h(range(3))
    for qubit, angle in enumerate(angles):
        circuit.ry(angle, qubit)
    circuit.cx(0, 1)
    circuit.ccx(0, 1, 2)
    return circuit


class Qiskit(unittest.TestCase):
    def test_counts_are_written_as_qiskit_writes_them(self):
        circuit = QuantumCircuit(3, 3)
        circuit.x(0)
        circuit.measure(range(3), range(3))
        self.assertEqual(client.run(circuit, 10).counts, {"001": 10})

    def test_probabilities_are_those_of_qiskit(self):
        circuit = rotated(0.3, 1.1, 2.0)
        circuit.append(QFTGate(3), range(3))
        expected = Statevector(circuit).probabilities_dict()
        circuit.measure_all()
        found = client.run(circuit, 200_000, 7).probabilities()
        for bits in {**expected, **found}:
            # Six standard deviations of the mean of so many shots.
            self.assertAlmostEqual(
                found.get(bits, 0), expected.get(bits, 0), delta=6 * (0.25 / 200_000) ** 0.5
            )

    def test_parameters_are_given_by_object_or_name(self):
        theta, pair = Parameter("θ"), ParameterVector("p", 2)
        circuit = rotated(theta, *pair)
        circuit.measure_all()
        sweep = {theta: numpy.float64(0.3), pair[0]: 1.1, pair[1]: numpy.array([0.5, 2.0])}
        results = client.run(circuit, 100, 7, parameters=sweep)
        self.assertEqual(len(results), 2)
        bound = circuit.assign_parameters({theta: 0.3, pair[0]: 1.1, pair[1]: 2.0})
        self.assertEqual(client.run(bound, 100, results[1].seed).counts, results[1].counts)

    def test_observables_are_sums_of_paulis(self):
        circuit = rotated(0.3, 1.1, 2.0)
        observable = SparsePauliOp.from_list([("ZZI", 0.5), ("XIX", -1.25), ("IYY", 2)])
        value = client.run(circuit, 200_000, 7, observables=observable).expectation_values[0]
        exact = Statevector(circuit).expectation_value(observable).real
        self.assertAlmostEqual(value.value, exact, delta=6 * value.std_error + 1e-9)

    def test_control_flow_runs(self):
        circuit = QuantumCircuit(2, 2)
        circuit.h(0)
        circuit.measure(0, 0)
        with circuit.if_test((0, 1)):
            circuit.x(1)
        circuit.measure(1, 1)
        self.assertEqual(set(client.run(circuit, 100, 7).counts), {"00", "11"})

    def test_a_batch_holds_circuits_and_text(self):
        circuit = rotated(0.1)
        circuit.measure_all()
        results = client.run([circuit, "qubit q; bit c; c = measure q;"], 10)
        self.assertEqual([sum(result.counts.values()) for result in results], [10, 10])


class Cirq(unittest.TestCase):
    def test_circuits_of_cirq_run(self):
        first, second = cirq.LineQubit.range(2)
        circuit = cirq.Circuit(cirq.X(first), cirq.I(second), cirq.measure(first, second, key="m"))
        # Cirq writes its first qubit leftmost; QFS, as OpenQASM does, rightmost.
        self.assertEqual(client.run(circuit, 10).counts, {"01": 10})
        self.assertIn("q_0", client.draw(circuit))

    def test_probabilities_are_those_of_cirq(self):
        qubits = cirq.LineQubit.range(3)
        circuit = cirq.Circuit(
            cirq.H.on_each(qubits),
            cirq.ISWAP(*qubits[:2]) ** 0.5,
            cirq.CCX(*qubits),
            cirq.PhasedXPowGate(phase_exponent=0.3, exponent=0.7)(qubits[1]),
        )
        expected = abs(cirq.final_state_vector(circuit)) ** 2
        circuit.append(cirq.measure(*qubits, key="m"))
        found = client.run(circuit, 200_000, 7).probabilities()
        for index, probability in enumerate(expected):
            bits = f"{index:03b}"[::-1]
            self.assertAlmostEqual(found.get(bits, 0), probability, delta=6 * (0.25 / 200_000) ** 0.5)


if __name__ == "__main__":
    unittest.main()
