"""A QFS server as a backend of Qiskit, with primitives. Beside `qfs.py` it needs Qiskit 2 and nothing else.

    from qiskit import QuantumCircuit
    from qfs_qiskit import QFSBackend, QFSEstimator, QFSSampler

    circuit = QuantumCircuit(2)
    circuit.h(0)
    circuit.cx(0, 1)
    circuit.measure_all()

    backend = QFSBackend()  # url=, token= and the rest as for qfs.Client; device= names another device
    print(backend.run(circuit, shots=1000, seed_simulator=7).result().get_counts())
    print(QFSSampler(backend, seed=7).run([circuit], shots=1000).result()[0].data.meas.get_counts())

Failures of the server are `qfs.QfsError`, as everywhere in the client.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from qiskit import QuantumCircuit, qasm3
from qiskit.circuit import ClassicalRegister, Parameter, QuantumRegister
from qiskit.circuit.controlflow import get_control_flow_name_mapping
from qiskit.circuit.library import get_standard_gate_name_mapping
from qiskit.primitives import (
    BaseEstimatorV2,
    BasePrimitiveJob,
    BaseSamplerV2,
    BitArray,
    DataBin,
    EstimatorPubLike,
    PrimitiveResult,
    PubResult,
    SamplerPubLike,
    SamplerPubResult,
)
from qiskit.primitives.containers.estimator_pub import EstimatorPub
from qiskit.primitives.containers.sampler_pub import SamplerPub
from qiskit.providers import BackendV2, JobStatus, JobV1, Options
from qiskit.quantum_info import SparseObservable, SparsePauliOp
from qiskit.result import Result
from qiskit.result.models import ExperimentResult, ExperimentResultData
from qiskit.transpiler import CouplingMap, Target

import qfs

__all__ = ["QFSBackend", "QFSEstimator", "QFSJob", "QFSPrimitiveJob", "QFSSampler"]

DEVICE_DEFAULT = "sim:local"
# The precision that Qiskit's own estimator over backends asks for: 4096 shots of a Pauli operator.
PRECISION_DEFAULT = 1 / 64
_SHOTS_MAX = 10_000_000
_SEEDS = 2**53
# What one job holds of items, parameter sets, characters of programs and parameters, and characters of shots.
_JOB_MAX = (1_000, 10_000, 8_000_000, 64_000_000)
# Characters in JSON of a number with what separates it, and of what surrounds the bits of a shot.
_PARAMETER_CHARS = 32
_MEMORY_CHARS_OF_SHOT = 3

# Gates of `stdgates.inc` and of `qfs.inc` that are also Qiskit's, by its names; every other gate is written
# into a program with its definition.
_STANDARD_GATES = tuple(
    "p x y z h s sdg t tdg sx rx ry rz u id cx cy cz cp crx cry crz ch swap ccx cswap cu".split()
)
_FURTHER_GATES = tuple("sxdg r cs csdg csx rxx ryy rzz rzx xx_plus_yy iswap dcx ecr ccz".split())
_STATES = {
    "PENDING": JobStatus.INITIALIZING,
    "COMPILING": JobStatus.VALIDATING,
    "QUEUED": JobStatus.QUEUED,
    "RUNNING": JobStatus.RUNNING,
    "DONE": JobStatus.DONE,
    "ERROR": JobStatus.ERROR,
    "TIMEOUT": JobStatus.ERROR,
    "CANCELLED": JobStatus.CANCELLED,
}
# From the state of several jobs that says most to the one that says least.
_TELLING = (
    JobStatus.ERROR,
    JobStatus.CANCELLED,
    JobStatus.RUNNING,
    JobStatus.QUEUED,
    JobStatus.VALIDATING,
    JobStatus.INITIALIZING,
    JobStatus.DONE,
)


class QFSBackend(BackendV2):  # type: ignore[misc]
    """A device of a QFS server.

    device   its id, one of `qfs.Client.devices()`; default: the local simulator.
    client   a `qfs.Client`; without it, one is made of the further arguments: `url`, `token`, `cafile`, …

    Options of `run`, with their defaults: shots=1024; seed_simulator=None, a seed that the server draws;
    memory=False; further ones, such as `method`, `options`, `tags`, are those of `qfs.Client.submit_items`.
    """

    def __init__(
        self, device: str = DEVICE_DEFAULT, *, client: qfs.Client | None = None, **of_client: Any
    ) -> None:
        self.client = client or qfs.Client(**of_client)
        self.device = self.client.device(device)
        super().__init__(name=device, description=self.device["name"])
        self._target = _target(self.device)

    @property
    def target(self) -> Target:
        return self._target

    @property
    def max_circuits(self) -> int:
        return _JOB_MAX[0]

    @classmethod
    def _default_options(cls) -> Options:
        return Options(shots=qfs.SHOTS_DEFAULT, seed_simulator=None, memory=False)

    def run(self, run_input: QuantumCircuit | Sequence[QuantumCircuit], **options: Any) -> QFSJob:
        """Runs circuits as one job.

        Errors: ValueError for circuits with free parameters; `QuantumCircuit.assign_parameters` binds them.
        """
        circuits = [run_input] if isinstance(run_input, QuantumCircuit) else list(run_input)
        programs = [_exported(circuit) for circuit in circuits]
        for circuit in circuits:
            if circuit.parameters:
                names = ", ".join(parameter.name for parameter in circuit.parameters)
                raise ValueError(
                    f"Circuit {circuit.name} has free parameters: {names}. Bind them, or use a primitive."
                )
        chosen = {**self.options.__dict__, **options}
        shots, memory, seed = (chosen.pop(name) for name in ("shots", "memory", "seed_simulator"))
        items = [{"program": program.text, "shots": shots, "memory": memory} for program in programs]
        job = self.client.submit_items(items, seed, target=self.name, **chosen)
        return QFSJob(self, job, programs)


class QFSJob(JobV1):  # type: ignore[misc]
    """A job of a `QFSBackend`. `job` is the same as a `qfs.Job`, with artifacts, receipt and the rest."""

    def __init__(self, backend: QFSBackend, job: qfs.Job, programs: Sequence[_Program]) -> None:
        super().__init__(backend, job.id)
        self.job = job
        self._programs = list(programs)

    def submit(self) -> None:
        """Jobs are submitted by `QFSBackend.run`. Errors: RuntimeError, always."""
        raise RuntimeError("This job is submitted already; QFSBackend.run gives a new one.")

    def status(self) -> JobStatus:
        return _STATES[self.job.state]

    def cancel(self) -> bool:
        """Asks for cancellation; False when the job has ended otherwise before."""
        return _cancelled(self.job)

    def result(self, timeout: float | None = None) -> Result:
        """Waits for at most `timeout` seconds, and gives the counts, and the memory where it was asked for.

        Errors: as `qfs.Job.results`.
        """
        results = self.job.results(timeout)
        return Result(
            backend_name=self.backend().name,
            job_id=self.job.id,
            success=True,
            status="COMPLETED",
            results=[_experiment(program, result) for program, result in zip(self._programs, results)],
        )


class QFSPrimitiveJob(BasePrimitiveJob[PrimitiveResult[Any], JobStatus]):  # type: ignore[misc]
    """What a primitive was asked for: `jobs`, as `qfs.Job`; several where one cannot hold it."""

    def __init__(self, jobs: Sequence[qfs.Job], read: Callable[[list[qfs.Results]], Any]) -> None:
        super().__init__(jobs[0].id if jobs else "")
        self.jobs = list(jobs)
        self._read = read

    def result(self, timeout: float | None = None) -> PrimitiveResult[Any]:
        """Waits, for at most `timeout` seconds for each of the jobs. Errors: as `qfs.Job.results`."""
        return self._read([job.results(timeout) for job in self.jobs])

    def status(self) -> JobStatus:
        states = {_STATES[job.state] for job in self.jobs}
        return next((status for status in _TELLING if status in states), JobStatus.DONE)

    def done(self) -> bool:
        return self.status() is JobStatus.DONE

    def running(self) -> bool:
        return self.status() is JobStatus.RUNNING

    def cancelled(self) -> bool:
        return self.status() is JobStatus.CANCELLED

    def in_final_state(self) -> bool:
        return all(job.state in qfs.TERMINAL_STATES for job in self.jobs)

    def cancel(self) -> bool:
        """Asks for cancellation of all jobs; False when one has ended otherwise before."""
        return all([_cancelled(job) for job in self.jobs])


class QFSSampler(BaseSamplerV2):  # type: ignore[misc]
    """Bits of every shot, by classical register.

    backend        where; default: the local simulator of the server that QFS_URL names.
    default_shots  of pubs that name none.
    seed           the same seed gives the same bits; default: one that the server draws.
    options        further arguments of `qfs.Client.submit_items`.
    """

    def __init__(
        self,
        backend: QFSBackend | None = None,
        *,
        default_shots: int = qfs.SHOTS_DEFAULT,
        seed: int | None = None,
        **options: Any,
    ) -> None:
        self.backend = backend or QFSBackend()
        self.default_shots = default_shots
        self.seed = seed
        self._options = options

    def run(self, pubs: Iterable[SamplerPubLike], *, shots: int | None = None) -> QFSPrimitiveJob:
        """Submits pubs `(circuit, parameter values?, shots?)`, each of which gives a `SamplerPubResult`."""
        asked = [SamplerPub.coerce(pub, shots or self.default_shots) for pub in pubs]
        programs = [_exported(pub.circuit) for pub in asked]
        items = [
            _Item(program, pub.shots, _parameter_sets(pub, program), memory=True)
            for pub, program in zip(asked, programs)
        ]

        def read(results: list[qfs.Results]) -> PrimitiveResult[SamplerPubResult]:
            found = (result for batch in results for result in batch)
            return PrimitiveResult(
                [_sampled(pub, program, found) for pub, program in zip(asked, programs)], {"version": 2}
            )

        return QFSPrimitiveJob(_submitted(self.backend, items, self.seed, self._options), read)


class QFSEstimator(BaseEstimatorV2):  # type: ignore[misc]
    """Expectation values of observables.

    backend            as for `QFSSampler`, and so are `seed` and `options`.
    default_precision  largest standard error of a value that pubs without one of their own accept. From it
                       follow the shots: (sum of the magnitudes of the coefficients / precision)².
    """

    def __init__(
        self,
        backend: QFSBackend | None = None,
        *,
        default_precision: float = PRECISION_DEFAULT,
        seed: int | None = None,
        **options: Any,
    ) -> None:
        self.backend = backend or QFSBackend()
        self.default_precision = default_precision
        self.seed = seed
        self._options = options

    def run(self, pubs: Iterable[EstimatorPubLike], *, precision: float | None = None) -> QFSPrimitiveJob:
        """Submits pubs `(circuit, observables, parameter values?, precision?)`.

        Each gives a `PubResult` with `data.evs` and `data.stds`.

        Errors: ValueError for a precision that takes more shots than a job may have.
        """
        asked = [
            _Estimate(EstimatorPub.coerce(pub, self.default_precision if precision is None else precision))
            for pub in pubs
        ]
        items = [item for estimate in asked for item in estimate.items]

        def read(results: list[qfs.Results]) -> PrimitiveResult[PubResult]:
            found = (result for batch in results for result in batch)
            return PrimitiveResult([estimate.read(found) for estimate in asked], {"version": 2})

        return QFSPrimitiveJob(_submitted(self.backend, items, self.seed, self._options), read)


class _Program(NamedTuple):
    """A circuit as OpenQASM 3.

    names     its parameters, in the order of the circuit, as the inputs of the program are called.
    declared  for every classical bit in the order of the program its place in the circuit.
    """

    circuit: QuantumCircuit
    text: str
    names: list[str]
    declared: list[int]

    def bits(self, keys: Sequence[str]) -> np.ndarray[Any, np.dtype[np.uint8]]:
        """A row of zeros and ones for each bit string, in the order of the circuit's classical bits."""
        bits = np.zeros((len(keys), len(self.declared)), np.uint8)
        if keys and self.declared:
            text = np.frombuffer("".join(keys).replace(" ", "").encode("ascii"), np.uint8)
            bits[:, self.declared] = (text - ord("0")).reshape(len(keys), -1)[:, ::-1]
        return bits


class _Item(NamedTuple):
    """A circuit of a job, to be run once for every row of `sets`."""

    program: _Program
    shots: int
    sets: np.ndarray[Any, np.dtype[np.float64]]
    memory: bool = False
    observables: list[dict[str, float]] | None = None

    def size(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """What it takes of `_JOB_MAX` whatever is run, and what each run adds."""
        bits = len(self.program.declared) + len(self.program.circuit.cregs)
        memory = self.shots * (bits + _MEMORY_CHARS_OF_SHOT) if self.memory else 0
        values = sum(map(len, self.program.names)) + _PARAMETER_CHARS * len(self.program.names)
        return (1, 0, len(self.program.text), 0), (0, 1, values, memory)

    def part(self, first: int, last: int) -> dict[str, Any]:
        """The runs from `first` to before `last`, as `qfs.Client.submit_items` wants them."""
        names = self.program.names
        return {
            "program": self.program.text,
            "shots": self.shots,
            "parameters": [dict(zip(names, row)) for row in self.sets[first:last].tolist()],
            "memory": self.memory,
            "observables": self.observables,
        }


class _Estimate:
    """What one pub of an estimator asks for: parameter sets that want the same observables share an item."""

    def __init__(self, pub: EstimatorPub) -> None:
        self.pub = pub
        program = _exported(pub.circuit)
        sets = _parameter_sets(pub, program)
        observables = [_terms(observable) for observable in pub.observables.ravel().tolist()]
        # For every place of the result, which of the parameter sets and which of the observables it wants.
        wanted = [
            np.broadcast_to(np.arange(array.size).reshape(array.shape), pub.shape).ravel()
            for array in (pub.parameter_values, pub.observables)
        ]
        by_set: dict[int, dict[int, list[int]]] = {}
        for place, (parameter_set, observable) in enumerate(zip(*(array.tolist() for array in wanted))):
            by_set.setdefault(parameter_set, {}).setdefault(observable, []).append(place)
        shared: dict[tuple[int, ...], list[int]] = {}
        for parameter_set, places in by_set.items():
            shared.setdefault(tuple(places), []).append(parameter_set)
        # In the order of the results: the places that each expectation value goes to.
        self._places = [
            [by_set[one][observable] for observable in which]
            for which, many in shared.items()
            for one in many
        ]
        self.items = [
            _Item(
                program,
                max(_shots(observables[observable], pub.precision) for observable in which),
                sets[many],
                observables=[observables[observable] for observable in which],
            )
            for which, many in shared.items()
        ]
        self._shots = [item.shots for item in self.items]

    def read(self, results: Iterator[qfs.Result]) -> PubResult:
        """The values, from the next of `results`."""
        values, errors = np.zeros(self.pub.shape), np.zeros(self.pub.shape)
        for places in self._places:
            for value, where in zip(next(results).expectation_values, places):
                values.flat[where], errors.flat[where] = value.value, value.std_error
        metadata = {
            "target_precision": self.pub.precision,
            "shots": max(self._shots, default=0),
            "circuit_metadata": self.pub.circuit.metadata,
        }
        return PubResult(DataBin(evs=values, stds=errors, shape=self.pub.shape), metadata)


def _target(device: dict[str, Any]) -> Target:
    """What a device can do, for the transpiler; where it says nothing about gates or pairs, all of them."""
    capabilities = device["capabilities"]
    gates = _listed(capabilities.get("basis_gates")) or [*_STANDARD_GATES, *_FURTHER_GATES]
    known = {**get_standard_gate_name_mapping(), **get_control_flow_name_mapping()}
    coupling = capabilities.get("coupling_map", "all_to_all")
    pairs = None if coupling == "all_to_all" else CouplingMap(_listed(coupling))
    if pairs is not None and capabilities.get("directed") != "true":
        pairs.make_symmetric()
    names = [_QISKIT_NAMES.get(name, name) for name in gates]
    # Where only some pairs of qubits are coupled, the transpiler wants gates of at most two.
    names = [name for name in names if name in known and not (pairs and known[name].num_qubits > 2)]
    names += [name for name in ("measure", "reset", "delay") if name not in names]
    return Target.from_configuration(
        names + list(get_control_flow_name_mapping()),
        num_qubits=int(capabilities["qubits"]) if "qubits" in capabilities else None,
        coupling_map=pairs,
        custom_name_mapping=known,
    )


# Gates whose names at QFS are not those of Qiskit.
_QISKIT_NAMES = {"cnot": "cx", "phase": "p", "cphase": "cp", "U": "u", "toffoli": "ccx"}


def _listed(value: Any) -> list[Any]:
    """A list that a device gives as JSON, or as words with commas between; [] where it gives none."""
    if not isinstance(value, str):
        return list(value or ())
    return list(json.loads(value)) if value.lstrip().startswith("[") else value.replace(",", " ").split()


def _exported(circuit: QuantumCircuit) -> _Program:
    """A circuit as a program.

    Its qubits are one register in the order of the circuit, so that qubit numbers of observables and devices
    mean the same on both sides, and its parameters have names that OpenQASM takes.
    """
    names = [f"_parameter_{number}" for number in range(len(circuit.parameters))]
    renamed = {parameter: Parameter(name) for parameter, name in zip(circuit.parameters, names)}
    registers = [circuit.find_bit(bit).registers for bit in circuit.clbits]
    flat = QuantumCircuit(QuantumRegister(circuit.num_qubits, "q"))
    if all(len(found) < 2 for found in registers):
        flat.add_bits(circuit.clbits)
        flat.add_register(*circuit.cregs)
        # Loose bits are declared before all registers.
        declared = [place for place, found in enumerate(registers) if not found]
        declared += [circuit.find_bit(bit).index for register in circuit.cregs for bit in register]
    else:
        # Registers that share bits have no counterpart in OpenQASM 3.
        flat.add_register(ClassicalRegister(circuit.num_clbits, "c"))
        declared = list(range(circuit.num_clbits))
    bound = circuit.assign_parameters(renamed)
    flat.compose(bound, range(circuit.num_qubits), range(circuit.num_clbits), inplace=True)
    text = qasm3.dumps(flat, includes=("stdgates.inc", "qfs.inc"), basis_gates=_FURTHER_GATES)
    return _Program(circuit, text, names, declared)


def _parameter_sets(pub: Any, program: _Program) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The parameter values of a pub, one row for each run."""
    values = pub.parameter_values.as_array(pub.circuit.parameters)
    return np.asarray(values, np.float64).reshape(pub.parameter_values.size, len(program.names))


def _submitted(
    backend: QFSBackend, items: Sequence[_Item], seed: int | None, options: dict[str, Any]
) -> list[qfs.Job]:
    """Submits all runs of all items, in their order, as the fewest jobs that hold them."""
    jobs: list[list[dict[str, Any]]] = []
    used: tuple[int, ...] = _JOB_MAX
    for item in items:
        once, each = item.size()
        fit = min((most - first) // run for first, run, most in zip(once, each, _JOB_MAX) if run)
        for first in range(0, len(item.sets), max(1, fit)):
            last = min(first + max(1, fit), len(item.sets))
            size = tuple(start + run * (last - first) for start, run in zip(once, each))
            if any(have + more > most for have, more, most in zip(used, size, _JOB_MAX)):
                jobs.append([])
                used = (0,) * len(_JOB_MAX)
            used = tuple(have + more for have, more in zip(used, size))
            jobs[-1].append(item.part(first, last))
    # Jobs of one seed would repeat each other's randomness.
    seeds = [None if seed is None else (seed + number) % _SEEDS for number in range(len(jobs))]
    return [
        backend.client.submit_items(job, of_job, target=backend.name, **options)
        for job, of_job in zip(jobs, seeds)
    ]


def _sampled(pub: SamplerPub, program: _Program, results: Iterator[qfs.Result]) -> SamplerPubResult:
    """The bits of one pub, from the next of `results`."""
    registers = {
        register.name: [pub.circuit.find_bit(bit).index for bit in reversed(register)]
        for register in pub.circuit.cregs
    }
    packed = {
        name: np.zeros((*pub.shape, pub.shots, math.ceil(len(bits) / 8)), np.uint8)
        for name, bits in registers.items()
    }
    for index in np.ndindex(pub.shape):
        bits = program.bits(next(results).memory or ["0" * len(program.declared)] * pub.shots)
        for name, places in registers.items():
            row = bits[:, places]
            padded = np.pad(row, ((0, 0), (-len(places) % 8, 0)))
            packed[name][index] = np.packbits(padded, axis=-1)
    data = {name: BitArray(packed[name], len(bits)) for name, bits in registers.items()}
    metadata = {"shots": pub.shots, "circuit_metadata": pub.circuit.metadata}
    return SamplerPubResult(DataBin(**data, shape=pub.shape), metadata)


def _terms(observable: dict[str, float]) -> dict[str, float]:
    """An observable as a sum of Pauli strings: projectors, such as `0` and `+`, are written out."""
    if all(set(paulis) <= set("IXYZ") for paulis in observable):
        return observable
    sparse = SparsePauliOp.from_sparse_observable(SparseObservable.from_list(list(observable.items())))
    return {paulis: float(value.real) for paulis, value in sparse.simplify().to_list()}


def _shots(observable: dict[str, float], precision: float) -> int:
    """Shots after which no standard error is above `precision`: each shot gives at most the norm."""
    norm = sum(abs(value) for paulis, value in observable.items() if set(paulis) != {"I"})
    shots = (norm / precision) ** 2 if precision > 0 else math.inf
    if shots > _SHOTS_MAX:
        least = norm / math.sqrt(_SHOTS_MAX)
        raise ValueError(
            f"A precision of {precision:g} takes more than the {_SHOTS_MAX} shots of a job; "
            f"{least:.2g} can be had for this observable."
        )
    return max(1, math.ceil(shots))


def _cancelled(job: qfs.Job) -> bool:
    try:
        job.cancel()
    except qfs.QfsError as error:
        if error.code != "JOB_TERMINAL":
            raise
        return False
    return True


def _experiment(program: _Program, result: qfs.Result) -> ExperimentResult:
    """A result as Qiskit has it: bit strings as hexadecimal numbers, classical bit 0 lowest."""
    circuit = program.circuit
    data: dict[str, Any] = {}
    if result.counts:
        counts: dict[str, int] = {}
        for key, count in zip(_hexadecimal(program, list(result.counts)), result.counts.values()):
            counts[key] = counts.get(key, 0) + count
        data["counts"] = counts
    if result.memory:
        data["memory"] = _hexadecimal(program, result.memory)
    in_order = [bit for register in circuit.cregs for bit in register] == list(circuit.clbits)
    header = {
        "name": circuit.name,
        "metadata": circuit.metadata,
        "n_qubits": circuit.num_qubits,
        "memory_slots": circuit.num_clbits,
        # Bit strings can be divided only where the registers lie one after the other.
        **(
            {"creg_sizes": [[register.name, register.size] for register in circuit.cregs]} if in_order else {}
        ),
    }
    return ExperimentResult(
        result.shots,
        True,
        ExperimentResultData(**data),
        meas_level=2,
        header=header,
        seed=result.seed,
        status="DONE",
    )


def _hexadecimal(program: _Program, keys: Sequence[str]) -> list[str]:
    return [hex(int("".join(map(str, row[::-1])) or "0", 2)) for row in program.bits(keys).tolist()]
