"""Compiles circuits with other compilers, one request per line of standard input, one answer per line.

A request has `file`, `language`, `qubits`, `pairs` (or null), `basis`, `tool` and `level`; an answer `depth`,
`two_qubit_gates`, `two_qubit_depth` and `ms`, or `problem`. Only compiling is timed, not reading the file.
"""

import json
import statistics
import sys
import time

WATCH = time.process_time if sys.argv[1] == "cpu" else time.perf_counter
SEED = 20261120
ROUNDS = 3
LONG_MS = 1000


def versions():
    found = {}
    for name in ("qiskit", "pytket"):
        try:
            from importlib.metadata import version

            __import__(name)
            found[name] = version(name)
        except ImportError:
            pass
    return found


def timed(call):
    """The median of some calls, or the only one if it takes long, with what it gave."""
    times = []
    while len(times) < ROUNDS and sum(times) < LONG_MS:
        started = WATCH()
        result = call()
        times.append((WATCH() - started) * 1000)
    return statistics.median(times), result


def with_qiskit(request):
    from qiskit import qasm2, qasm3
    from qiskit.transpiler import CouplingMap, generate_preset_pass_manager

    if request["language"] == "openqasm3":
        circuit = qasm3.load(request["file"])
    else:
        circuit = qasm2.load(request["file"], custom_instructions=qasm2.LEGACY_CUSTOM_INSTRUCTIONS)
    pairs = request["pairs"]
    coupling = None if pairs is None else CouplingMap(pairs + [[b, a] for a, b in pairs])
    manager = generate_preset_pass_manager(
        optimization_level=request["level"],
        basis_gates=request["basis"],
        coupling_map=coupling,
        seed_transpiler=SEED,
    )
    ms, compiled = timed(lambda: manager.run(circuit))
    return {
        "ms": ms,
        "depth": compiled.depth(),
        "two_qubit_gates": compiled.num_nonlocal_gates(),
        "two_qubit_depth": compiled.depth(lambda instruction: instruction.operation.num_qubits == 2),
    }


def with_pytket(request):
    from pytket.architecture import Architecture
    from pytket.circuit import OpType
    from pytket.passes import (
        AutoRebase,
        CliffordSimp,
        CXMappingPass,
        FullPeepholeOptimise,
        KAKDecomposition,
        NaivePlacementPass,
        RemoveRedundancies,
        SequencePass,
        SynthesiseTket,
    )
    from pytket.placement import GraphPlacement
    from pytket.qasm import circuit_from_qasm

    names = {"rz": OpType.Rz, "sx": OpType.SX, "x": OpType.X, "cx": OpType.CX, "cz": OpType.CZ}
    circuit = circuit_from_qasm(request["file"], maxwidth=128)
    passes = [FullPeepholeOptimise()]
    if request["pairs"] is not None:
        architecture = Architecture([tuple(pair) for pair in request["pairs"]])
        passes += [
            CXMappingPass(architecture, GraphPlacement(architecture), directed_cx=False, delay_measures=True),
            NaivePlacementPass(architecture),
            SynthesiseTket(),
            KAKDecomposition(allow_swaps=False),
            CliffordSimp(allow_swaps=False),
            SynthesiseTket(),
        ]
    passes += [AutoRebase({names[name] for name in request["basis"]}), RemoveRedundancies()]
    compilation = SequencePass(passes, strict=False)

    def run():
        copy = circuit.copy()
        compilation.apply(copy)
        return copy

    ms, compiled = timed(run)
    return {
        "ms": ms,
        "depth": compiled.depth(),
        "two_qubit_gates": compiled.n_2qb_gates(),
        "two_qubit_depth": compiled.depth_2q(),
    }


TOOLS = {"qiskit": with_qiskit, "pytket": with_pytket}

print(json.dumps(versions()), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = TOOLS[request["tool"]](request)
    except BaseException as problem:
        answer = {"problem": (type(problem).__name__ + ": " + str(problem)).split("\n")[0][:120]}
    print(json.dumps(answer), flush=True)
