/** A job that runs as it is: what `job init` writes, by file. */
interface Template {
  readonly help: string;
  readonly files: Readonly<Record<string, string>>;
}

const head = (name: string): string => `# docs/reference/job-yaml.md lists what else can be said here.
apiVersion: eigen.os/v1
kind: QuantumJob
metadata:
  name: ${name}
spec:
`;

const CIRCUIT = `// Both qubits come out alike: 00 and 11, each half of the time.
OPENQASM 3.0;
include "stdgates.inc";

qubit[2] q;
bit[2] c;

h q[0];
cx q[0], q[1];
c = measure q;
`;

const VQE = `"""The lowest energy of two coupled spins in a field, by a variational search."""

from eigen_lang import (
    ExpectationValue,
    Observable,
    Param,
    QubitRegister,
    cnot,
    hybrid_program,
    minimize,
    ry,
)

# A weight and a Pauli string each; the rightmost letter is of qubit 0.
HAMILTONIAN = [
    (-1.0, "ZZ"),
    (-0.5, "XI"),
    (-0.5, "IX"),
]


@hybrid_program(seed=7)
def vqe():
    """The lowest energy is -1.4142: minus the square root of 2."""
    first = Param("first", 0.3)
    second = Param("second", 0.2)
    q = QubitRegister(2)

    ry(q[0], first)
    cnot(q[0], q[1])
    ry(q[0], second)
    ry(q[1], second)

    energy = ExpectationValue("energy", Observable.from_terms(HAMILTONIAN))
    optimum = minimize(energy, method="COBYLA")

    return {"energy": optimum.fun, "parameters": optimum.x}
`;

const QAOA = `"""The largest cut of a ring of four nodes, by QAOA with one layer."""

from eigen_lang import (
    ExpectationValue,
    Observable,
    Param,
    QubitRegister,
    cnot,
    h,
    hybrid_program,
    minimize,
    rx,
    rz,
)

NODES = 4
EDGES = [(0, 1), (1, 2), (2, 3), (3, 0)]

# Minus the number of edges that are cut.
MINUS_CUT = [
    (-2.0, "IIII"),
    (0.5, "IIZZ"),
    (0.5, "IZZI"),
    (0.5, "ZZII"),
    (0.5, "ZIIZ"),
]


@hybrid_program(shots=1024, seed=7)
def maxcut():
    """One layer cuts three of the four edges on average; 0101 and 1010 cut all."""
    gamma = Param("gamma", 0.5)
    beta = Param("beta", 0.5)
    q = QubitRegister(NODES)

    for node in q:
        h(node)
    for edge in EDGES:
        cnot(q[edge[0]], q[edge[1]])
        rz(q[edge[1]], -gamma)
        cnot(q[edge[0]], q[edge[1]])
    for node in q:
        rx(node, 2 * beta)

    cut = ExpectationValue("cut", Observable.from_terms(MINUS_CUT))
    optimum = minimize(cut, method="COBYLA")

    return {"minus_cut": optimum.fun, "parameters": optimum.x}
`;

const HYBRID = `  program:
    path: program.eigen.py
  target: sim:local
  workload:
    kind: HybridWorkflow
  metadata:
    max_iters: "100"
`;

export const JOB_TEMPLATES = {
  circuit: {
    help: 'a circuit in OpenQASM 3',
    files: {
      'program.qasm': CIRCUIT,
      'job.yaml': `${head('bell')}  program:
    path: program.qasm
  target: sim:local
  shots: 1024
  seed: 7
`,
    },
  },
  vqe: {
    help: 'the lowest energy of a Hamiltonian',
    files: { 'program.eigen.py': VQE, 'job.yaml': head('vqe') + HYBRID },
  },
  qaoa: {
    help: 'the largest cut of a graph',
    files: { 'program.eigen.py': QAOA, 'job.yaml': head('qaoa') + HYBRID },
  },
} as const satisfies Record<string, Template>;

export type JobTemplate = keyof typeof JOB_TEMPLATES;
