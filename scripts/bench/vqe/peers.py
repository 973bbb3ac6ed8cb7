"""Searches of the same ansatz with the estimators of Qiskit; reads one JSON task, writes one JSON line per estimator."""

import json
import sys
import time

task = json.load(sys.stdin)


def searched(name, make):
    row = {"name": name}
    try:
        evaluate = make()
        from scipy.optimize import minimize

        evaluate(task["start"])
        count = 0

        def counted(values):
            nonlocal count
            count += 1
            return evaluate(values)

        started = time.perf_counter()
        # Below the least step COBYLA would end by itself.
        options = {"maxiter": task["evaluations"], "tol": 1e-12}
        minimize(counted, task["start"], method="COBYLA", options=options)
        row["evaluations"] = count
        row["seconds"] = time.perf_counter() - started
    except BaseException as problem:
        row["problem"] = type(problem).__name__ + ": " + str(problem)
    print(json.dumps(row), flush=True)


def circuit_and_observable():
    from qiskit.circuit import Parameter, QuantumCircuit
    from qiskit.quantum_info import SparsePauliOp

    angles = [Parameter("t%03d" % k) for k in range(len(task["start"]))]
    circuit = QuantumCircuit(task["qubits"])
    for step in task["steps"]:
        gate, qubits = step[0], step[1]
        arguments = [angles[step[2]]] if len(step) > 2 else []
        getattr(circuit, gate)(*arguments, *qubits)
    observable = SparsePauliOp.from_list([(paulis, weight) for weight, paulis in task["terms"]])
    return circuit, observable


# An estimator is asked for a precision, which is what so many shots give where a term has variance 1.
PRECISION = task["shots"] ** -0.5 if task["shots"] else 0.0


def reference():
    from qiskit.primitives import StatevectorEstimator

    circuit, observable = circuit_and_observable()
    estimator = StatevectorEstimator(default_precision=PRECISION, seed=1)
    return lambda values: float(estimator.run([(circuit, observable, values)]).result()[0].data.evs)


def aer():
    from qiskit import transpile
    from qiskit_aer import AerSimulator
    from qiskit_aer.primitives import EstimatorV2

    circuit, observable = circuit_and_observable()
    circuit = transpile(circuit, AerSimulator(), optimization_level=1)
    options = {"default_precision": PRECISION, "backend_options": {"max_parallel_threads": 1}}
    estimator = EstimatorV2(options=options)
    return lambda values: float(estimator.run([(circuit, observable, values)]).result()[0].data.evs)


def measured():
    from qiskit import transpile
    from qiskit.primitives import BackendEstimatorV2
    from qiskit_aer import AerSimulator

    backend = AerSimulator(max_parallel_threads=1)
    circuit, observable = circuit_and_observable()
    circuit = transpile(circuit, backend, optimization_level=1)
    estimator = BackendEstimatorV2(backend=backend, options={"default_precision": PRECISION})
    return lambda values: float(estimator.run([(circuit, observable, values)]).result()[0].data.evs)


# The first two compute exact values, to which they add normal noise where a precision is asked for.
searched("Qiskit StatevectorEstimator", reference)
searched("Aer EstimatorV2", aer)
if task["shots"]:
    searched("Qiskit BackendEstimatorV2 over Aer", measured)
