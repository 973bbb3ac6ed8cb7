"""The client cirq-ionq as published, over a server whose address is in IONQ_REMOTE_HOST."""

import math
import unittest
import warnings

import cirq
import cirq_ionq
import sympy
from cirq_ionq import IonQException, IonQNotFoundException

warnings.filterwarnings("ignore")

SHOTS = 2000
A, B, C = cirq.LineQubit.range(3)


def asymmetric():
    return cirq.Circuit(cirq.X(A), cirq.Z(C), cirq.measure(A, B, C, key="m"))


def bell():
    return cirq.Circuit(cirq.H(A), cirq.CNOT(A, B), cirq.measure(A, B, key="b"))


class WithCirqIonq(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cirq_ionq.Service(default_target="simulator", max_retry_seconds=5)

    def run_circuit(self, circuit, **options):
        return self.service.run(circuit, repetitions=SHOTS, seed=7, **options)

    def test_bell(self):
        histogram = self.run_circuit(bell()).histogram(key="b")
        self.assertEqual(set(histogram), {0, 3})
        self.assertLess(abs(histogram[0] / SHOTS - 0.5), 0.1)

    def test_bits_are_in_order(self):
        result = self.run_circuit(asymmetric())
        self.assertEqual(result.histogram(key="m"), {0b100: SHOTS})
        self.assertEqual(result.measurements["m"][0].tolist(), [1, 0, 0])

    def test_parts_of_the_qubits_are_measured(self):
        circuit = cirq.Circuit(cirq.X(B), cirq.Z(C), cirq.measure(B, key="b"), cirq.measure(A, key="a"))
        result = self.run_circuit(circuit)
        self.assertEqual((result.histogram(key="b"), result.histogram(key="a")), ({1: SHOTS}, {0: SHOTS}))

    def test_a_sweep(self):
        circuit = cirq.Circuit(cirq.Y(A) ** sympy.Symbol("t"), cirq.measure(A, key="a"))
        results = self.service.sampler(seed=7).run_sweep(
            circuit, [{"t": 0}, {"t": 1}, {"t": 0.5}], repetitions=SHOTS
        )
        ones = [result.histogram(key="a")[1] / SHOTS for result in results]
        self.assertEqual(ones[:2], [0, 1])
        self.assertLess(abs(ones[2] - 0.5), 0.1)

    def test_a_batch(self):
        results = self.service.run_batch([asymmetric(), bell()], repetitions=SHOTS, seed=7)
        self.assertEqual(results[0].histogram(key="m"), {0b100: SHOTS})
        self.assertEqual(set(results[1].histogram(key="b")), {0, 3})

    def test_gates_of_the_client(self):
        circuit = cirq.Circuit(
            [cirq.X(A) ** 0.5, cirq.X(A) ** 0.5],
            [cirq.SWAP(A, B), cirq.XX(A, C)],
            cirq.PauliStringPhasor(cirq.X(B) * cirq.X(C), exponent_neg=1, exponent_pos=0),
            cirq.measure(A, B, C, key="m"),
        )
        # Two roots of X flip A; SWAP moves it to B; XX flips A and C; exp(iπ/2·XX) flips B and C back.
        self.assertEqual(self.run_circuit(circuit).histogram(key="m"), {0b100: SHOTS})

    def test_native_gates(self):
        circuit = cirq.Circuit(
            cirq_ionq.GPIGate(phi=0.1).on(A),
            [cirq_ionq.GPI2Gate(phi=0).on(B), cirq_ionq.GPI2Gate(phi=0).on(B)],
            cirq_ionq.ZZGate(theta=0.25).on(A, C),
            cirq_ionq.MSGate(phi0=0, phi1=0, theta=0.5).on(B, C),
            cirq.measure(A, B, C, key="m"),
        )
        self.assertEqual(self.run_circuit(circuit).histogram(key="m"), {0b101: SHOTS})

    def test_a_job_is_found_listed_and_deleted(self):
        job = self.service.create_job(asymmetric(), repetitions=SHOTS, name="found")
        job.results(polling_seconds=0.05)
        again = self.service.get_job(job.job_id())
        self.assertEqual((again.name(), again.num_qubits(), again.repetitions()), ("found", 3, SHOTS))
        self.assertEqual(again.measurement_dict(), {"m": [0, 1, 2]})
        listed = self.service.list_jobs(status="completed", limit=30)
        self.assertIn(job.job_id(), [one.job_id() for one in listed])
        again.delete()
        with self.assertRaises(IonQNotFoundException):
            self.service.get_job(job.job_id())

    def test_what_is_refused_says_why(self):
        with self.assertRaises(IonQException) as raised:
            self.run_circuit(bell(), noise={"model": "aria-1"})
        self.assertIn("NOT_IMPLEMENTED", str(raised.exception))


if __name__ == "__main__":
    unittest.main()
