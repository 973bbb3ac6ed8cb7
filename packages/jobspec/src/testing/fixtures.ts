/** Documents by name, each with what is found in it: `severity code path` per line, in the order of the places. */
export interface Fixture {
  readonly text: string;
  readonly finds: readonly string[];
}

const V01 = 'apiVersion: eigen.os/v0.1\nkind: QuantumJob\nmetadata: {name: a job}\n';
const V1 = 'apiVersion: eigen.os/v1\nkind: QuantumJob\nmetadata: {name: a-job}\n';
/** One circuit, and room for more members. */
const V1_SPEC = `${V1}spec:\n  program: {path: a.qasm}\n  target: sim:local\n`;
const V01_SPEC = `${V01}spec:\n  program_path: a.eigen.py\n  target: sim:local\n`;
const JOB = 'job_0192f0c1a2b37c4d8e5f60718293a4b5';

const found = (text: string, ...finds: readonly string[]): Fixture => ({ text, finds });

/** Documents that are read. */
export const POSITIVE: Readonly<Record<string, Fixture>> = {
  'minimal v0.1': found(`${V01}spec: {target: sim:local}\n`),
  program_path: found(V01_SPEC),
  'v0.1 with an inline program': found(
    `${V01}spec:\n  target: sim:local\n  program: |\n    def main(): pass\n`,
  ),
  'v0.1 with everything': found(
    `${V01_SPEC}  entrypoint: main\n  program_sha256: ${'0f'.repeat(32)}\n  inputs: {a: 1}\n` +
      `  input_refs: {b: "qfs://circuit_fs/${JOB}/results.json#/items/0"}\n  priority: 80\n` +
      '  compiler_options: {optimization_level: 2}\n' +
      '  metadata: {shots: 8192, seed: "7", noise_model: "depolarizing:0.001",\n' +
      '    optimizer: COBYLA, max_iters: 60, tol: 1e-6}\n' +
      `  dependencies: [${JOB}]\n`,
  ),
  'v0.1 with keys it does not know': found(
    `${V01_SPEC}  shots: 5\n  colour: red\n`,
    'warning JOB_KEY_IGNORED spec.shots',
    'warning JOB_KEY_IGNORED spec.colour',
  ),
  'v1 minimal': found(V1_SPEC),
  'v1 full': found(
    `${V1}spec:
  program: {path: jobs/a.eigen.py, language: eigen-lang, sha256: "sha256:${'AB'.repeat(32)}"}
  entrypoint: main
  target: sim:local
  priority: 80
  seed: 7
  shots: 100
  parameters: {theta: 0.5}
  inputs: {n: 3, word: "0110", flag: true, angles: [0.1, 0.2]}
  observables: [{name: energy, terms: [{coefficient: -1, paulis: ZZ}]}]
  memory: true
  noise_model: {convention: qfs, p: 0.001}
  compiler: {optimization_level: 3, target_profile: balanced}
  runtime:
    mode: local
    retry: {max_attempts: 3, backoff: exponential}
    timeout: {queue_seconds: 5, execution_seconds: 60}
  scheduling: {priority: 80, policy: {mode: balanced}}
  security:
    sandbox: strict
    filesystem: {readonly: true}
    network: {mode: disabled}
    artifacts: {require_signatures: true}
  artifacts: {persist_results: true}
  metadata: {optimizer: SPSA}
  workload: {kind: HybridWorkflow, execution_profile: hybrid, backend_target: sim:local}
`,
    'warning JOB_NO_EFFECT spec.workload.execution_profile',
  ),
  'v1 future-compatible': found(
    `${V1_SPEC}  observability: {tracing: true, spectra: {deep: 1}}\n`,
    'warning JOB_NO_EFFECT spec.observability.tracing',
    'warning JOB_KEY_IGNORED spec.observability.spectra',
  ),
  'v1 with resources that nobody grants': found(
    `${V1_SPEC}  resources: {cpu: 2, memory_mb: 512, gpu: {count: 1, vendor: any}}\n`,
    'warning JOB_NO_EFFECT spec.resources.cpu',
    'warning JOB_NO_EFFECT spec.resources.memory_mb',
    'warning JOB_NO_EFFECT spec.resources.gpu',
  ),
  'workload QuantumJob': found(`${V1_SPEC}  workload: {kind: QuantumJob}\n`),
  'workload HybridWorkflow': found(`${V1_SPEC}  workload: {kind: HybridWorkflow}\n`),
  'workload BenchmarkJob': found(`${V1_SPEC}  workload: {kind: BenchmarkJob, seed: 42, repetitions: 3}\n`),
  'a seed among the options of the compiler': found(
    `${V1_SPEC}  workload: {kind: BenchmarkJob}\n  compiler_options: {spec.workload.seed: 42}\n`,
  ),
  'workload in v0.1': found(`${V01_SPEC}  workload: {kind: BenchmarkJob, seed: 42}\n`),
  'program by reference': found(
    `${V1}spec: {target: sim:local, program: {uri: "qfs://circuit_fs/${JOB}/program.qasm"}}\n`,
  ),
  'byte order mark and line ends of Windows': found(`\ufeff${V1_SPEC.replaceAll('\n', '\r\n')}`),
  aliases: found(
    `${V1}spec:\n  target: sim:local\n  items:\n    - &one {program: {path: a.qasm}, shots: 3}\n    - *one\n`,
  ),
  'a key for a secret': found(
    `${V1_SPEC}  metadata: {lab_token: abc}\n`,
    'warning JOB_SECRET spec.metadata.lab_token',
  ),
  'notes that another member overrules': found(
    `${V1_SPEC}  shots: 5\n  metadata: {shots: 6}\n`,
    'warning JOB_OVERRULED spec.metadata.shots',
  ),
};

/** Documents that are refused. */
export const NEGATIVE: Readonly<Record<string, Fixture>> = {
  'missing target': found(`${V01}spec: {program_path: a.eigen.py}\n`, 'error JOB_KEY_MISSING spec.target'),
  'path traversal': found(
    `${V01}spec: {target: t, program_path: ../a.py}\n`,
    'error JOB_VALUE spec.program_path',
  ),
  'v1 program escaping the folder': found(
    `${V1}spec: {target: t, program: {path: a/../../b.qasm}}\n`,
    'error JOB_VALUE spec.program.path',
  ),
  'absolute path': found(
    `${V1}spec: {target: t, program: {path: /etc/passwd}}\n`,
    'error JOB_VALUE spec.program.path',
  ),
  'path of Windows': found(
    `${V1}spec: {target: t, program: {path: 'C:\\a'}}\n`,
    'error JOB_VALUE spec.program.path',
  ),
  'unsupported workload kind': found(
    `${V1_SPEC}  workload: {kind: PipelineJob}\n`,
    'error JOB_UNSUPPORTED spec.workload.kind',
  ),
  'unknown workload kind': found(
    `${V1_SPEC}  workload: {kind: QuantunJob}\n`,
    'error JOB_VALUE spec.workload.kind',
  ),
  'distributed without topology': found(
    `${V1_SPEC}  workload: {kind: DistributedJob}\n`,
    'error JOB_UNSUPPORTED spec.workload.kind',
  ),
  'distributed with conflicting topology': found(
    `${V1_SPEC}  workload: {kind: DistributedJob, topology: {partition_count: 2, partition_ids: [a]}}\n`,
    'error JOB_UNSUPPORTED spec.workload.kind',
    'warning JOB_NO_EFFECT spec.workload.topology',
  ),
  'partitions among the options of the compiler': found(
    `${V1_SPEC}  compiler_options: {distributed.enabled: true, spec.workload.seed: x}\n`,
    'error JOB_UNSUPPORTED spec.compiler_options.distributed.enabled',
    'error JOB_VALUE spec.compiler_options.spec.workload.seed',
  ),
  replay: found(
    `${V1_SPEC}  runtime: {mode: replay, replay: {enabled: true}}\n`,
    'error JOB_UNSUPPORTED spec.runtime.mode',
    'error JOB_UNSUPPORTED spec.runtime.replay.enabled',
  ),
  'a cluster as the target': found(
    `${V1}spec: {program: {path: a.qasm}, target: "cluster:auto"}\n`,
    'error JOB_UNSUPPORTED spec.target',
  ),
  'unknown version': found('apiVersion: eigen.os/v2\n', 'error JOB_VALUE apiVersion'),
  'another kind at the top': found(
    `${V1_SPEC.replace('kind: QuantumJob', 'kind: ReplayJob')}`,
    'error JOB_VALUE kind',
  ),
  'keys that v1 does not know': found(
    `${V1_SPEC}  targte: a\n  program_path: a\nmore: 1\n`,
    'error JOB_KEY_UNKNOWN spec.targte',
    'error JOB_KEY_UNKNOWN spec.program_path',
    'error JOB_KEY_UNKNOWN more',
  ),
  'duplicate keys': found(`${V1_SPEC}  seed: 1\n  seed: 2\n`, 'error JOB_KEY_DUPLICATE seed'),
  'two programs': found(
    `${V1}spec: {target: t, program: {path: a.qasm, inline: b}}\n`,
    'error JOB_CONFLICT spec.program.inline',
  ),
  'program and items': found(
    `${V1}spec: {target: t, program: {path: a.qasm}, items: [{program: {path: b.qasm}}]}\n`,
    'error JOB_CONFLICT spec.items',
  ),
  'members of one circuit beside items': found(
    `${V1}spec: {target: t, shots: 3, items: [{program: {path: b.qasm}}]}\n`,
    'error JOB_CONFLICT spec.shots',
  ),
  'two priorities': found(
    `${V1_SPEC}  priority: 1\n  scheduling: {priority: 2}\n`,
    'error JOB_CONFLICT spec.scheduling.priority',
  ),
  'a benchmark without a seed': found(
    `${V1_SPEC}  workload: {kind: BenchmarkJob}\n`,
    'error JOB_KEY_MISSING spec.workload.seed',
  ),
  'a number that is text': found(`${V1_SPEC}  priority: "5"\n`, 'error JOB_VALUE spec.priority'),
  'numbers that are none': found(
    `${V1_SPEC}  parameters: {a: .nan, b: .inf, c: 1e999}\n  seed: 9007199254740992\n  shots: 1e30\n`,
    'error JOB_VALUE spec.parameters.a',
    'error JOB_VALUE spec.parameters.b',
    'error JOB_VALUE spec.parameters.c',
    'error JOB_VALUE spec.seed',
    'error JOB_VALUE spec.shots',
  ),
  'yes is text': found(`${V1_SPEC}  memory: yes\n`, 'error JOB_VALUE spec.memory'),
  'empty values': found(
    `${V1_SPEC}  seed:\n  metadata: {a: }\n`,
    'error JOB_VALUE spec.seed',
    'error JOB_VALUE spec.metadata.a',
  ),
  'reserved labels': found(
    `${V1_SPEC.replace('{name: a-job}', '{name: a-job, labels: {eigen.os/x: a}}')}`,
    'error JOB_VALUE metadata.labels.eigen.os/x',
  ),
  'a tab': found(`${V1}spec:\n\tprogram: {path: a}\n`, 'error JOB_SYNTAX '),
  'two documents': found(`${V1_SPEC}---\na: 1\n`, 'error JOB_SYNTAX '),
  'a tag': found(`${V1_SPEC}  seed: !!js/function "1"\n`, 'error JOB_SYNTAX ', 'error JOB_VALUE spec.seed'),
  'a merge key': found(
    `${V1}spec:\n  <<: {target: t}\n  program: {path: a}\n`,
    'error JOB_KEY_MISSING spec.target',
    'error JOB_KEY_UNKNOWN spec.<<',
  ),
  'a key that is no text': found(`${V1_SPEC}  inputs: {1: 2}\n`, 'error JOB_SYNTAX '),
  nothing: found('', 'error JOB_SYNTAX '),
  'a comment alone': found('# later\n', 'error JOB_SYNTAX '),
  'a list': found('- a\n', 'error JOB_VALUE '),
  'an alias of nothing': found(`${V1_SPEC}  seed: *gone\n`, 'error JOB_SYNTAX ', 'error JOB_VALUE spec.seed'),
  'an alias of itself': found(`${V1_SPEC}  parameters: &a [*a]\n`, 'error JOB_SYNTAX '),
  'dependencies by address': found(
    `${V1_SPEC}  dependencies: ["qfs://a"]\n`,
    'error JOB_VALUE spec.dependencies[0]',
  ),
  'inputs of references by no name': found(
    `${V01_SPEC}  input_refs: ["qfs://a"]\n`,
    'error JOB_VALUE spec.input_refs',
  ),
};
