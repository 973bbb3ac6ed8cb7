"""The backend and the primitives of Qiskit, on a real server. Not run by default: Qiskit is large."""

import contextlib
import io
import math
import os
import re
import unittest
from unittest import mock

import server
import qfs_qiskit
import numpy as np
import qfs
from qfs_qiskit import QFSBackend, QFSEstimator, QFSSampler
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister, transpile
from qiskit.circuit import Clbit, Parameter, ParameterVector, Qubit
from qiskit.circuit.library import get_standard_gate_name_mapping
from qiskit.circuit.random import random_circuit
from qiskit.primitives import StatevectorEstimator
from qiskit.primitives.containers.bindings_array import BindingsArray
from qiskit.providers import JobStatus
from qiskit.quantum_info import SparsePauliOp, Statevector


def setUpModule():
    global running, client, backend
    running = server.Server()
    unittest.addModuleCleanup(running.stop)
    client = qfs.Client(running.url)
    backend = QFSBackend(client=client)


def counts(circuit, **options):
    return backend.run(circuit, **{"shots": 10, **options}).result().get_counts()


def sweep():
    """Three qubits that depend on two parameters, each in a way of its own."""
    theta, pair = Parameter("θ"), ParameterVector("p", 2)
    circuit = QuantumCircuit(3)
    circuit.ry(theta, 0)
    circuit.rx(pair[0] + 2 * pair[1], 1)
    circuit.cx(0, 2)
    circuit.ry(pair[1], 2)
    return circuit


class Backend(unittest.TestCase):
    def test_a_circuit_runs_and_its_seed_gives_the_same_counts_again(self):
        circuit = QuantumCircuit(2)
        circuit.h(0)
        circuit.cx(0, 1)
        circuit.measure_all()
        job = backend.run(transpile(circuit, backend), shots=1000, seed_simulator=7)
        self.assertEqual(job.result().get_counts(), {"00": 498, "11": 502})
        self.assertEqual(job.result().results[0].seed, client.job(job.job_id()).result().seed)
        self.assertEqual((job.status(), job.cancel()), (JobStatus.DONE, False))
        self.assertEqual(counts(circuit, shots=1000, seed_simulator=7), {"00": 498, "11": 502})

    def test_registers_are_divided_as_qiskit_divides_them(self):
        circuit = QuantumCircuit(
            QuantumRegister(3, "q"), ClassicalRegister(2, "a"), ClassicalRegister(1, "b")
        )
        circuit.x(0)
        circuit.measure(0, 1)
        circuit.measure(1, 2)
        self.assertEqual(counts(circuit), {"0 10": 10})
        circuit.x(1)
        circuit.measure([0, 1], [0, 2])
        self.assertEqual(counts(circuit), {"1 11": 10})

    def test_bits_are_in_the_order_of_the_circuit_whatever_the_order_in_the_program(self):
        bits = [Clbit() for _ in range(4)]
        for registers in (
            [[0, 1, 2, 3]],
            [[2, 0]],
            [[3], [1, 0]],
            [],
            [[0, 2], [2, 3]],
        ):
            circuit = QuantumCircuit([Qubit()], QuantumRegister(1, "q"))
            circuit.add_bits(bits)
            for number, register in enumerate(registers):
                circuit.add_register(ClassicalRegister(bits=[bits[at] for at in register], name=f"r{number}"))
            circuit.x(1)
            circuit.measure([0, 1, 0, 1], [0, 1, 2, 3])
            found = counts(circuit, memory=True)
            self.assertEqual({key.replace(" ", ""): count for key, count in found.items()}, {"1010": 10})

    def test_probabilities_of_random_circuits_are_those_of_qiskit(self):
        for seed in range(6):
            circuit = random_circuit(4, 6, max_operands=3, seed=seed)
            expected = Statevector(circuit).probabilities_dict()
            circuit.measure_all()
            found = counts(transpile(circuit, backend, seed_transpiler=1), shots=100_000, seed_simulator=seed)
            for bits in {**expected, **found}:
                # Six standard deviations of a frequency among so many shots.
                expectation, deviation = expected.get(bits, 0), 3 / math.sqrt(100_000)
                self.assertAlmostEqual(found.get(bits, 0) / 100_000, expectation, delta=deviation, msg=seed)

    def test_every_gate_of_the_target_is_what_it_is_in_qiskit(self):
        angles = [0.3, 0.7, 1.1, 1.3]
        circuits, expected = [], []
        gates = get_standard_gate_name_mapping()
        for name in sorted(gates.keys() & set(backend.operation_names) - {"measure", "reset", "delay"}):
            gate = gates[name]
            circuit = QuantumCircuit(3, name=name)
            for qubit in range(3):
                circuit.u(0.5 + qubit, 0.2 * qubit, 0.4, qubit)
            circuit.append(type(gate)(*angles[: len(gate.params)]), range(gate.num_qubits))
            for qubit in range(3):
                circuit.u(1.7 - qubit, 0.6, 0.3 * qubit, qubit)
            expected.append(Statevector(circuit).probabilities_dict())
            circuits.append(circuit.measure_all(inplace=False))
        self.assertGreater(len(circuits), 35)
        result = backend.run(circuits, shots=40_000, seed_simulator=1).result()
        for circuit, probabilities in zip(circuits, expected):
            found = result.get_counts(circuit)
            for bits, probability in probabilities.items():
                frequency = found.get(bits, 0) / 40_000
                self.assertAlmostEqual(frequency, probability, delta=0.015, msg=circuit.name)

    def test_devices_of_the_server_are_backends(self):
        circuit = QuantumCircuit(3)
        circuit.h(0)
        circuit.cx(0, 1)
        circuit.ccx(0, 1, 2)
        circuit.measure_all()
        emulated = [device for device in client.devices() if device["backend_type"] == "emulator"]
        self.assertGreaterEqual(len(emulated), 3)
        for device in emulated:
            chosen = QFSBackend(device["device_id"], client=client)
            self.assertEqual(chosen.num_qubits, int(device["capabilities"]["qubits"]))
            fitted = transpile(circuit, chosen, seed_transpiler=1)
            # Strict devices take their own gates on their own pairs alone.
            found = chosen.run(fitted, shots=500, seed_simulator=1, options={"strict": True}).result()
            self.assertGreater(sum(found.get_counts()[bits] for bits in ("000", "111")), 400)

    def test_several_circuits_are_one_job_and_shots_are_remembered_in_order(self):
        circuits = []
        for number in range(3):
            circuit = QuantumCircuit(2, 2, name=f"c{number}", metadata={"number": number})
            circuit.h(0)
            circuit.measure(0, 0)
            if number == 1:
                circuit.x(1)
                circuit.measure(1, 1)
            circuits.append(circuit)
        result = backend.run(circuits, shots=50, memory=True).result()
        self.assertEqual(result.get_counts("c0").shots(), 50)
        self.assertEqual({key[0] for key in result.get_counts("c1")}, {"1"})
        memory = result.get_memory(2)
        self.assertEqual({bits: memory.count(bits) for bits in set(memory)}, dict(result.get_counts(2)))
        self.assertEqual(memory, client.job(result.job_id).results()[2].memory)
        self.assertEqual(result.results[1].header["metadata"], {"number": 1})

    def test_control_flow_and_reset_run(self):
        circuit = QuantumCircuit(2, 3)
        circuit.x(0)
        circuit.measure(0, 0)
        with circuit.if_test((circuit.clbits[0], 1)) as otherwise:
            circuit.x(1)
        with otherwise:
            circuit.h(1)
        circuit.measure(1, 1)
        circuit.reset(0)
        with circuit.for_loop(range(3)):
            circuit.x(0)
        with circuit.switch(circuit.cregs[0]) as case:
            with case(3):
                circuit.measure(0, 2)
        self.assertEqual(counts(transpile(circuit, backend)), {"111": 10})

    def test_what_cannot_run_says_so(self):
        with self.assertRaisesRegex(ValueError, "free parameters: θ"):
            circuit = QuantumCircuit(1)
            circuit.rx(Parameter("θ"), 0)
            backend.run(circuit)
        with self.assertRaisesRegex(qfs.QfsError, "DEVICE_NOT_FOUND"):
            QFSBackend("nowhere", client=client)
        with self.assertRaises(qfs.QfsError):
            backend.run([QuantumCircuit(1)], shots=0)
        with self.assertRaisesRegex(RuntimeError, "QFSBackend.run"):
            backend.run(QuantumCircuit(1)).submit()

    def test_the_transpiler_obeys_gates_and_pairs_of_a_device(self):
        capabilities = {"qubits": "4", "basis_gates": "rz,sx,x,cx", "coupling_map": "[[0,1],[1,2],[2,3]]"}
        target = qfs_qiskit._target({"capabilities": capabilities})
        self.assertEqual(target.num_qubits, 4)
        circuit = QuantumCircuit(4)
        circuit.h(0)
        circuit.ccx(0, 3, 1)
        circuit.measure_all()
        fitted = transpile(circuit, target=target, seed_transpiler=1)
        for instruction in fitted.data:
            places = tuple(fitted.find_bit(qubit).index for qubit in instruction.qubits)
            if instruction.operation.name == "cx":
                self.assertIn(tuple(sorted(places)), [(0, 1), (1, 2), (2, 3)])
        self.assertLessEqual(set(fitted.count_ops()), {"rz", "sx", "x", "cx", "measure", "barrier"})
        self.assertEqual(set(counts(fitted, shots=200)), {"0000", "0001"})


class Guide(unittest.TestCase):
    def test_its_examples_print_what_it_shows(self):
        guide = (server.ROOT / "docs" / "guides" / "python.md").read_text(encoding="utf-8")
        examples = re.findall(r"```py\n(.*?)```\n```text\n(.*?)```", guide, re.DOTALL)
        self.assertEqual(len(examples), 2)
        for source, shown in examples:
            printed = io.StringIO()
            with mock.patch.dict(os.environ, {"QFS_URL": running.url}), contextlib.redirect_stdout(printed):
                exec(source, {})
            self.assertEqual(printed.getvalue(), shown)


class Sampler(unittest.TestCase):
    def test_registers_shots_and_arrays_of_parameters(self):
        wide, flag, silent = (
            ClassicalRegister(11, "wide"),
            ClassicalRegister(1, "flag"),
            ClassicalRegister(3, "s"),
        )
        circuit = QuantumCircuit(QuantumRegister(2, "q"), wide, flag, silent)
        theta, other = Parameter("b"), Parameter("a")
        circuit.rx(theta, 0)
        circuit.ry(other, 1)
        circuit.measure(0, wide[9])
        circuit.measure(1, wide[0])
        circuit.measure(1, flag[0])
        grid = {
            ("b", "a"): [[[0, 0], [math.pi, 0]], [[0, math.pi], [math.pi, math.pi]], [[0, 0], [0, math.pi]]]
        }
        plain = QuantumCircuit(1)
        plain.h(0)
        plain.measure_all()
        first, second = QFSSampler(backend, seed=7).run([(circuit, grid, 20), plain], shots=300).result()
        self.assertEqual(
            (first.data.wide.shape, first.data.wide.num_bits, first.data.shape), ((3, 2), 11, (3, 2))
        )
        for index, (low, high) in zip(np.ndindex(3, 2), np.reshape(grid[("b", "a")], (-1, 2)) / math.pi):
            bits = f"0{int(low)}00000000{int(high)}"
            self.assertEqual(first.data.wide.get_counts(index), {bits: 20}, index)
            self.assertEqual(first.data.flag.get_counts(index), {str(int(high)): 20})
            self.assertEqual(first.data.s.get_counts(index), {"000": 20})
        self.assertEqual(second.data.meas.num_shots, 300)
        self.assertEqual(set(second.data.meas.get_counts()), {"0", "1"})
        many = QFSSampler(backend).run([(plain, BindingsArray(shape=(2,)))]).result()[0]
        self.assertEqual((many.data.meas.shape, many.data.meas.num_shots), ((2,), 1024))
        self.assertEqual(len(QFSSampler(backend).run([]).result()), 0)
        self.assertEqual(first.metadata["shots"], 20)

    def test_registers_of_one_shot_belong_together(self):
        circuit = QuantumCircuit(
            QuantumRegister(2, "q"), ClassicalRegister(1, "a"), ClassicalRegister(1, "b")
        )
        circuit.h(0)
        circuit.cx(0, 1)
        circuit.measure([0, 1], [0, 1])
        data = QFSSampler(backend, seed=3).run([circuit], shots=200).result()[0].data
        self.assertEqual(data.a.get_bitstrings(), data.b.get_bitstrings())
        self.assertEqual(len(set(data.a.get_bitstrings())), 2)
        again = QFSSampler(backend, seed=3).run([circuit], shots=200).result()[0].data
        self.assertEqual(again.a.get_bitstrings(), data.a.get_bitstrings())

    def test_what_one_job_cannot_hold_becomes_several(self):
        circuit = sweep()
        circuit.measure_all()
        values = np.linspace(0, 1, 33).reshape(11, 3)
        whole = QFSSampler(backend, seed=1).run([(circuit, values), circuit.assign_parameters(values[0])])
        with mock.patch.object(qfs_qiskit, "_JOB_MAX", (2, 4, 8_000_000, 64_000_000)):
            parts = QFSSampler(backend, seed=1).run([(circuit, values), circuit.assign_parameters(values[0])])
        self.assertEqual((len(whole.jobs), len(parts.jobs)), (1, 3))
        self.assertEqual([pub.data.shape for pub in parts.result()], [(11,), ()])
        first, other = (job.result()[0].data.meas for job in (whole, parts))
        for at in range(4):
            self.assertEqual(first.get_counts(at), other.get_counts(at))
        self.assertNotEqual(first.get_counts(4), other.get_counts(4))
        self.assertTrue(parts.in_final_state() and parts.done() and not parts.running())
        self.assertFalse(parts.cancel() or parts.cancelled())

    def test_one_set_of_many_shots_is_not_divided(self):
        circuit = QuantumCircuit(1)
        circuit.measure_all()
        with mock.patch.object(qfs_qiskit, "_JOB_MAX", (2, 4, 8, 8)):
            job = QFSSampler(backend).run([circuit, circuit], shots=500)
        self.assertEqual([pub.data.meas.get_counts() for pub in job.result()], [{"0": 500}] * 2)


class Estimator(unittest.TestCase):
    def check(self, *pubs, precision=0.02):
        found = QFSEstimator(backend, seed=5).run(pubs, precision=precision).result()
        exact = StatevectorEstimator().run(pubs).result()
        for one, other in zip(found, exact):
            self.assertEqual(one.data.evs.shape, other.data.evs.shape)
            self.assertTrue((one.data.stds <= precision * 1.1).all(), one.data.stds)
            difference = np.abs(one.data.evs - other.data.evs)
            self.assertTrue((difference <= 6 * np.maximum(one.data.stds, precision / 10)).all(), difference)

    def test_observables_act_on_the_qubits_of_the_circuit(self):
        circuit = QuantumCircuit(QuantumRegister(1, "first"), [Qubit()], QuantumRegister(2, "last"))
        for qubit in range(4):
            circuit.ry(0.3 + 0.4 * qubit, qubit)
        circuit.cx(0, 3)
        operator = SparsePauliOp.from_list([("ZIII", 0.5), ("IXIY", -0.25), ("IIZX", 0.75), ("IIII", 3)])
        self.check(
            (circuit, "IIIZ"), (circuit, "ZIII"), (circuit, operator), (circuit, {"XIII": 0.5, "IZZI": -2})
        )

    def test_arrays_broadcast_as_qiskit_broadcasts_them(self):
        circuit = sweep()
        values = np.linspace(0, 2, 12).reshape(4, 3)
        observables = ["ZII", "IXI", {"IIZ": 0.5, "XYZ": 0.25}, "III"]
        self.check((circuit, observables, values))
        self.check((circuit, [[one] for one in observables[:3]], values))
        self.check((circuit, observables, values[0]))
        self.check((circuit, "ZZZ", values.reshape(2, 2, 3)))
        self.check((circuit, observables[1], values[:0]))

    def test_projectors_are_observables_too(self):
        circuit = sweep().assign_parameters([0.3, 0.5, 0.7])
        result = QFSEstimator(backend, seed=1).run([(circuit, ["II0", "1I+", "rZl", "-00"])], precision=0.01)
        state = Statevector(circuit)
        for value, labels in zip(result.result()[0].data.evs, ["II0", "1I+", "rZl", "-00"]):
            matrix = np.eye(1)
            for label in labels:
                matrix = np.kron(matrix, PROJECTORS[label])
            self.assertAlmostEqual(value, np.real(state.data.conj() @ matrix @ state.data), delta=0.06)

    def test_a_precision_is_kept_or_refused(self):
        circuit = QuantumCircuit(1)
        circuit.h(0)
        values = QFSEstimator(backend, default_precision=0.1, seed=1).run(
            [(circuit, {"Z": 3}), (circuit, "Z", None, 1)]
        )
        self.assertEqual([pub.metadata["shots"] for pub in values.result()], [900, 1])
        self.assertLessEqual(values.result()[0].data.stds, 0.11)
        with self.assertRaisesRegex(ValueError, "0.00032 can be had"):
            QFSEstimator(backend).run([(circuit, "Z")], precision=1e-9)
        with self.assertRaisesRegex(ValueError, "can be had"):
            QFSEstimator(backend).run([(circuit, "Z")], precision=0)


PROJECTORS = {
    "I": np.eye(2),
    "Z": np.diag([1, -1]),
    "0": np.diag([1, 0]),
    "1": np.diag([0, 1]),
    "+": np.array([[1, 1], [1, 1]]) / 2,
    "-": np.array([[1, -1], [-1, 1]]) / 2,
    "r": np.array([[1, -1j], [1j, 1]]) / 2,
    "l": np.array([[1, 1j], [-1j, 1]]) / 2,
}


if __name__ == "__main__":
    unittest.main()
