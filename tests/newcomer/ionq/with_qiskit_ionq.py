"""The client qiskit-ionq as published, over a server whose address is in IONQ_API_URL."""

import math
import unittest
import warnings

from qiskit import QuantumCircuit, transpile
from qiskit.circuit import Parameter
from qiskit.circuit.library import PauliEvolutionGate
from qiskit.quantum_info import SparsePauliOp
from qiskit_ionq import IonQProvider, Session
from qiskit_ionq.exceptions import IonQAPIError
from qiskit_ionq.ionq_gates import GPI2Gate, GPIGate, MSGate, ZZGate

warnings.filterwarnings("ignore")

SHOTS = 2000


def asymmetric() -> QuantumCircuit:
    circuit = QuantumCircuit(3, 3, name="asymmetric")
    circuit.x(0)
    circuit.measure(range(3), range(3))
    return circuit


def bell() -> QuantumCircuit:
    circuit = QuantumCircuit(2, 2, name="bell")
    circuit.h(0)
    circuit.cx(0, 1)
    circuit.measure([0, 1], [0, 1])
    return circuit


def rotated(angle: float) -> QuantumCircuit:
    theta = Parameter("theta")
    circuit = QuantumCircuit(2, 2)
    circuit.ry(theta, 1)
    circuit.measure([0, 1], [0, 1])
    return circuit.assign_parameters({theta: angle})


class WithQiskitIonq(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.provider = IonQProvider()
        cls.backend = cls.provider.get_backend("simulator")

    def counts(self, circuit, backend=None, **options):
        job = (backend or self.backend).run(circuit, shots=SHOTS, **options)
        return job.result(wait=0.05).get_counts()

    def near(self, count, share):
        self.assertLess(abs(count / SHOTS - share), 0.1)

    def test_the_backend_has_the_qubits_of_the_device(self):
        self.assertGreater(self.backend.num_qubits, 20)
        self.assertIsNone(self.backend.calibration())

    def test_bell(self):
        counts = self.counts(bell())
        self.assertEqual(set(counts), {"00", "11"})
        self.near(counts["00"], 0.5)

    def test_bits_are_in_order(self):
        self.assertEqual(self.counts(asymmetric()), {"001": SHOTS})

    def test_measured_into_other_bits(self):
        circuit = QuantumCircuit(3, 2)
        circuit.x(2)
        circuit.measure([2, 0], [0, 1])
        self.assertEqual(self.counts(circuit), {"01": SHOTS})

    def test_a_bound_parameter(self):
        counts = self.counts(rotated(2 * math.asin(math.sqrt(0.3))))
        self.assertEqual(set(counts), {"00", "10"})
        self.near(counts["10"], 0.3)

    def test_a_batch(self):
        job = self.backend.run([asymmetric(), bell()], shots=SHOTS)
        first, second = job.result(wait=0.05).get_counts()
        self.assertEqual(first, {"001": SHOTS})
        self.assertEqual(set(second), {"00", "11"})
        self.assertEqual(job.status(detailed=True)["completed"], 2)

    def test_gates_that_the_client_rewrites(self):
        circuit = QuantumCircuit(4, 4)
        circuit.h(0)
        circuit.cp(math.pi, 0, 1)
        circuit.p(math.pi, 0)
        circuit.h(0)
        circuit.ccx(0, 1, 2)
        circuit.sx(3)
        circuit.sx(3)
        circuit.swap(0, 2)
        circuit.rxx(math.pi, 0, 1)
        circuit.measure(range(4), range(4))
        # H P(π) H is X on qubit 0; the swap moves it to qubit 2; rxx(π) flips 0 and 1; two roots of X flip 3.
        self.assertEqual(self.counts(transpile(circuit, self.backend, optimization_level=0)), {"1111": SHOTS})

    def test_a_pauli_evolution(self):
        circuit = QuantumCircuit(3, 3)
        evolution = PauliEvolutionGate(SparsePauliOp(["IIX", "ZZI"], [1.0, 0.5]), time=math.pi / 2)
        circuit.append(evolution, [0, 1, 2])
        circuit.measure(range(3), range(3))
        self.assertEqual(self.counts(circuit), {"001": SHOTS})

    def test_native_gates(self):
        native = self.provider.get_backend("simulator", gateset="native")
        circuit = QuantumCircuit(3, 3)
        circuit.append(GPIGate(0.1), [0])
        circuit.append(GPI2Gate(0.0), [1])
        circuit.append(GPI2Gate(0.0), [1])
        circuit.append(ZZGate(0.25), [0, 2])
        circuit.append(MSGate(0, 0, 0.5), [1, 2])
        circuit.measure(range(3), range(3))
        self.assertEqual(self.counts(circuit, native), {"101": SHOTS})

    def test_measurement_in_the_middle_goes_as_openqasm(self):
        circuit = QuantumCircuit(2, 2)
        circuit.x(0)
        circuit.measure(0, 0)
        circuit.reset(0)
        circuit.measure([0, 1], [1, 1])
        job = self.backend.run(circuit, shots=50, memory=True)
        result = job.result(wait=0.05)
        self.assertEqual(result.get_counts(), {"01": 50})
        self.assertEqual(result.get_memory(), ["01"] * 50)
        self.assertIn(b"OPENQASM 3.0;", job.compiled_circuit("qasm3"))

    def test_another_device_with_its_single_shots(self):
        backend = self.provider.get_backend("qpu.emulator:line-16")
        self.assertEqual(backend.num_qubits, 16)
        self.assertTrue(backend.status())
        self.assertIn((0, 1), backend.calibration().connectivity)
        result = backend.run(asymmetric(), shots=SHOTS, memory=True).result(wait=0.05)
        self.assertGreater(result.get_counts()["001"], 0.8 * SHOTS)
        self.assertEqual(result.get_memory().count("001"), result.get_counts()["001"])

    def test_a_job_is_found_again_and_deleted(self):
        job = self.backend.run(asymmetric(), shots=SHOTS, extra_metadata={"note": "µ"})
        job.result(wait=0.05)
        again = self.backend.retrieve_job(job.job_id())
        self.assertEqual(again.result(wait=0.05).get_counts(), {"001": SHOTS})
        self.assertEqual(again._metadata["metadata"]["note"], "µ")
        job.cancel()
        self.assertEqual(self.backend.client.delete_job(job.job_id())["status"], "deleted")
        with self.assertRaises(IonQAPIError) as raised:
            self.backend.retrieve_job(job.job_id())
        self.assertEqual(raised.exception.status_code, 404)

    def test_a_session(self):
        with Session(self.backend, max_jobs=2) as session:
            self.assertEqual(session.status(), "started")
            counts = session.run(asymmetric(), shots=SHOTS).result(wait=0.05).get_counts()
            self.assertEqual(counts, {"001": SHOTS})
        self.assertEqual(session.status(), "ended")

    def test_an_estimate_and_a_dry_run(self):
        estimate = self.backend.client.estimate_job(
            backend="simulator", oneq_gates=1, twoq_gates=1, qubits=2, shots=SHOTS
        )
        self.assertEqual((estimate.cost, estimate.qubits), (0, 2))
        job = self.backend.run(bell(), shots=SHOTS, dry_run=True)
        job.wait_for_final_state(wait=0.05)
        self.assertTrue(job.dry_run)
        self.assertEqual(job.compiled_circuit("aqo")["qubits"], 2)

    def test_what_is_refused_says_why(self):
        with self.assertRaises(IonQAPIError) as raised:
            self.backend.run(bell(), shots=SHOTS, noise_model="aria-1")
        self.assertIn('noise.model is "aria-1"', raised.exception.message)


if __name__ == "__main__":
    unittest.main()
