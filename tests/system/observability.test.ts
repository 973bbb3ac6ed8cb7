import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { eigenCli } from '../platform/eigen-cli.ts';
import { type CollectedSpan, OtlpCollector } from '../platform/otlp-collector.ts';
import {
  AS_PROCESSES,
  call,
  jobIn,
  type Platform,
  startPlatform,
  temporaryDirectory,
  terminalJob,
  until,
} from '../platform/platform.ts';
import { example, layered } from '../platform/programs.ts';
import { startRoles } from '../platform/roles.ts';

type Cleanup = { after(run: () => Promise<unknown>): void };

interface Started {
  readonly collector: OtlpCollector;
  readonly platform: Platform;
}

/** A platform that tells a collector of its traces. */
async function startTraced(t: Cleanup, start = startPlatform): Promise<Started> {
  const collector = await OtlpCollector.start();
  t.after(() => collector.close());
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint };
  const platform = await start({ dataDir: temporaryDirectory(), args: ['--workers', '1'], environment });
  t.after(() => platform.end('SIGTERM'));
  return { collector, platform };
}

/** Several tests look at the traces of one platform. */
let traced: Started;
const ends: (() => Promise<unknown>)[] = [];
before(async () => {
  traced = await startTraced({ after: (end) => void ends.unshift(end) });
});
after(async () => {
  for (const end of ends) await end();
});

const hexId = (bytes: number): string => randomBytes(bytes).toString('hex');

/** What a client sends that has a trace of its own. */
function clientTrace(flags = '01') {
  const [traceId, spanId] = [hexId(16), hexId(8)];
  return { traceId, spanId, headers: { traceparent: `00-${traceId}-${spanId}-${flags}` } };
}

const BELL = { language: 'openqasm3', program: example('bell'), shots: 100, seed: 1 };

/** A Bell pair that the compiler has not compiled before, so that it goes through all stages. */
const unknownBell = (): string => `${example('bell')}\n// ${hexId(8)}`;

/** What a job's way from the client to the device consists of, whichever door it takes. */
const WAY = [
  ['qfs-kernel', 'eigen.internal.v1.KernelGatewayService/EnqueueJob'],
  ['qfs-compiler', 'compiler parse'],
  ['qfs-compiler', 'compiler lower'],
  ['qfs-compiler', 'compiler write'],
  ['qfs-compiler', 'eigen.internal.v1.CompilationService/CompileBatch'],
  ['qfs-kernel', 'log append'],
  ['qfs-kernel', 'job'],
  ['qfs-kernel', 'stage pending'],
  ['qfs-kernel', 'stage compiling'],
  ['qfs-kernel', 'stage queued'],
  ['qfs-kernel', 'stage running'],
  ['qfs-qfs', 'artifact store'],
  ['qfs-qfs', 'artifact retrieve'],
  ['qfs-driver-manager', 'eigen.internal.v1.DriverManagerService/SubmitExecution'],
  ['qfs-driver-manager', 'driver prepare'],
  ['qfs-driver-manager', 'driver submit'],
  ['qfs-driver-manager', 'driver fetch'],
] as const;
const NAMES = WAY.map(([, name]) => name);

/** Every step of the way is there, in the service that takes it. */
function assertWhole(spans: readonly CollectedSpan[]): void {
  for (const [service, name] of WAY) {
    const services = spans.filter((span) => span.name === name).map((span) => span.service);
    assert.ok(services.includes(service), `${name} is a span of ${service}; it is one of ${services.join()}`);
  }
}

/** Submits Bell at the REST door in a trace of the client's own, and looks at that trace. */
async function followBell({ collector, platform }: Started): Promise<CollectedSpan[]> {
  const { rest } = platform.ready;
  const { traceId, spanId, headers } = clientTrace();
  const answer = await call(`${rest}/api/v1/jobs`, 'POST', { ...BELL, program: unknownBell() }, headers);
  assert.equal(answer.status, 202, answer.text);
  const { job_id } = answer.json<{ job_id: string }>();
  assert.equal((await terminalJob(rest, job_id)).state, 'DONE');
  const spans = await collector.trace(traceId, ['POST /api/v1/jobs', ...NAMES], spanId);
  assertWhole(spans);
  const door = spans.find(({ name }) => name === 'POST /api/v1/jobs')!;
  assert.deepEqual([door.service, door.parentSpanId], ['qfs-system-api', spanId]);
  assert.equal(answer.headers.get('traceparent'), `00-${traceId}-${door.spanId}-01`);
  const job = spans.find(({ name }) => name === 'job')!;
  assert.deepEqual([job.attributes.job_id, job.attributes.device_id, job.status], [job_id, 'sim:local', 0]);
  return spans;
}

test('a job from the REST door is one trace from the client to the device', async () => {
  await followBell(traced);
});

test('a job is one trace across the processes of all roles', async (t) => {
  const started = await startTraced(t, startRoles);
  const spans = await followBell(started);
  const enqueued = spans.filter(({ name }) => name.endsWith('KernelGatewayService/EnqueueJob'));
  const [caller, callee] = ['qfs-system-api', 'qfs-kernel'].map(
    (service) => enqueued.find((span) => span.service === service)!,
  );
  assert.equal(callee?.parentSpanId, caller?.spanId, 'the called is below the caller');
});

test('a job from eigen-cli is one trace from the client to the device', async () => {
  const { collector, platform } = traced;
  const { traceId, spanId, headers } = clientTrace();
  const flags = ['--shots', '100', '--wait', '--traceparent', headers.traceparent];
  const path = join(temporaryDirectory(), 'bell.qasm');
  writeFileSync(path, unknownBell());
  const submitted = await eigenCli(platform, 'submit', path, ...flags);
  assert.equal(submitted.code, 0, submitted.stderr);
  const spans = await collector.trace(traceId, ['eigen.api.v1.JobService/SubmitJob', ...NAMES], spanId);
  assertWhole(spans);
  const door = spans.find(({ name }) => name === 'eigen.api.v1.JobService/SubmitJob')!;
  assert.deepEqual([door.service, door.parentSpanId], ['qfs-system-api', spanId]);
});

test('a job that another platform runs is one trace over both', async (t) => {
  const far = traced;
  const environment = {
    OTEL_EXPORTER_OTLP_ENDPOINT: far.collector.endpoint,
    QFS_REMOTE_URL: far.platform.ready.rest,
  };
  const args = ['--drivers', 'sim,remote'];
  const near = await startPlatform({ dataDir: temporaryDirectory(), args, environment });
  t.after(() => near.end('SIGTERM'));
  const { rest } = near.ready;
  const { traceId, spanId, headers } = clientTrace();
  const answer = await call(
    `${rest}/api/v1/jobs`,
    'POST',
    { ...BELL, program: unknownBell(), target: 'remote:simulator' },
    headers,
  );
  assert.equal(answer.status, 202, answer.text);
  const job = await terminalJob(rest, answer.json<{ job_id: string }>().job_id);
  assert.equal(job.state, 'DONE', JSON.stringify(job));
  const isFar = ({ name, attributes }: CollectedSpan): boolean =>
    name === 'job' && attributes.device_id !== 'remote:simulator';
  await until('the far job in the trace', 15_000, async () => far.collector.of(traceId).find(isFar));
  const names = ['POST /v0.4/jobs', ...NAMES];
  const spans = await far.collector.trace(traceId, names, spanId);
  assertWhole(spans);
  const door = spans.find(({ name }) => name === 'POST /v0.4/jobs')!;
  const submitted = spans.find((span) => span.spanId === door.parentSpanId);
  assert.deepEqual([submitted?.name, submitted?.attributes.driver], ['driver submit', 'qfs-remote']);
});

test('a job that goes on after a kill goes on in its trace', async (t) => {
  const collector = await OtlpCollector.start();
  t.after(() => collector.close());
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint };
  const options = { dataDir: temporaryDirectory(), args: ['--workers', '1'], environment };
  const first = await startPlatform(options);
  const { traceId, headers } = clientTrace();
  const program = layered(20, 12);
  const answer = await call(`${first.ready.rest}/api/v1/jobs`, 'POST', { ...BELL, program }, headers);
  const { job_id } = answer.json<{ job_id: string }>();
  await jobIn(first.ready.rest, job_id, 'RUNNING');
  await first.end('SIGKILL');
  collector.spans.length = 0;
  const second = await startPlatform(options);
  t.after(() => second.end('SIGTERM'));
  assert.equal((await terminalJob(second.ready.rest, job_id)).state, 'DONE');
  const spans = await collector.trace(traceId, ['job', 'stage running', 'driver fetch']);
  assert.equal(spans.find(({ name }) => name === 'job')?.attributes.job_id, job_id);
});

test('a job that fails is marked with its reason, and so is the stage it failed in', async (t) => {
  const collector = await OtlpCollector.start();
  t.after(() => collector.close());
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint };
  const args = ['--drivers', 'sim,fault', '--max-retries', '0'];
  const platform = await startPlatform({ dataDir: temporaryDirectory(), args, environment });
  t.after(() => platform.end('SIGTERM'));
  const { rest } = platform.ready;
  const { traceId, headers } = clientTrace();
  const answer = await call(`${rest}/api/v1/jobs`, 'POST', { ...BELL, target: 'fault:lost' }, headers);
  const { job_id } = answer.json<{ job_id: string }>();
  const { state, error } = await terminalJob(rest, job_id);
  assert.equal(state, 'ERROR');
  const spans = await collector.trace(traceId, ['job', 'stage running']);
  for (const name of ['job', 'stage running']) {
    const span = spans.find((one) => one.name === name)!;
    assert.deepEqual([span.status, span.attributes['error.type']], [2, (error as { reason: string }).reason]);
  }
});

test('a trace that its caller does not sample is told to nobody', async () => {
  const { collector, platform } = traced;
  const { rest } = platform.ready;
  const { traceId, headers } = clientTrace('00');
  const answer = await call(`${rest}/api/v1/jobs`, 'POST', BELL, headers);
  assert.match(answer.headers.get('traceparent') ?? '', new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`));
  await terminalJob(rest, answer.json<{ job_id: string }>().job_id);
  const sampled = clientTrace();
  await call(`${rest}/api/v1/devices`, 'GET', undefined, sampled.headers);
  await collector.trace(sampled.traceId, ['GET /api/v1/devices']);
  assert.deepEqual(collector.of(traceId), []);
});

test('a collector that is away changes nothing: jobs run, spans are dropped, one warning says so', async (t) => {
  const collector = await OtlpCollector.start();
  await collector.close();
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint };
  const platform = await startPlatform({ dataDir: temporaryDirectory(), environment });
  t.after(() => platform.end('SIGTERM'));
  const { rest, admin } = platform.ready;
  for (let round = 0; round < 3; round += 1) {
    const answer = await call(`${rest}/api/v1/jobs`, 'POST', { ...BELL, seed: round });
    assert.equal((await terminalJob(rest, answer.json<{ job_id: string }>().job_id)).state, 'DONE');
  }
  await until('spans that are counted as lost', 30_000, async () => {
    const { text } = await call(`${admin}/metrics`);
    return /^qfs_trace_spans_total\{outcome="lost"\} [1-9]/m.test(text) || undefined;
  });
  const warnings = platform.stderr().match(/the collector of traces takes no spans/g) ?? [];
  assert.ok(warnings.length >= 1 && warnings.length <= (AS_PROCESSES ? 5 : 1), `${warnings.length} warnings`);
});

/** Writes the name of each OpenTelemetry package that is loaded. */
const TELLTALE = `import { registerHooks } from 'node:module';
registerHooks({ resolve(specifier, context, next) {
  if (/^@opentelemetry.(sdk|exporter)/.test(specifier)) process.stderr.write('LOADED ' + specifier + '\\n');
  return next(specifier, context);
} });`;

test('who traces nothing loads nothing for it', async (t) => {
  const nodeArgs = ['--import', `data:text/javascript,${encodeURIComponent(TELLTALE)}`];
  const quiet = await startPlatform({ dataDir: temporaryDirectory(), nodeArgs });
  t.after(() => quiet.end('SIGTERM'));
  assert.ok(!quiet.stderr().includes('LOADED'), quiet.stderr());
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' };
  const traced = await startPlatform({ dataDir: temporaryDirectory(), nodeArgs, environment });
  t.after(() => traced.end('SIGTERM'));
  assert.match(traced.stderr(), /LOADED @opentelemetry\/sdk-trace/);
});

interface LogLine {
  readonly [field: string]: unknown;
}

const linesOf = (platform: Platform): LogLine[] =>
  platform
    .stderr()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as LogLine);

test('B6: the trace that a client names is in the log of every role, with the job', async (t) => {
  const environment = { QFS_LOG_LEVEL: 'debug' };
  const platform = await startPlatform({ dataDir: temporaryDirectory(), environment });
  t.after(() => platform.end('SIGTERM'));
  const { rest } = platform.ready;
  const { traceId, headers } = clientTrace();
  const answer = await call(`${rest}/api/v1/jobs`, 'POST', BELL, headers);
  const { job_id } = answer.json<{ job_id: string }>();
  await terminalJob(rest, job_id);
  const ended = (line: LogLine): boolean => line.message === 'job ended' && line.job_id === job_id;
  await until('the last line of the job', 5_000, async () => linesOf(platform).some(ended) || undefined);
  const lines = linesOf(platform);
  const ofTrace = lines.filter((line) => line.trace_id === traceId);
  const components = new Set(ofTrace.map(({ component }) => component));
  for (const role of ['system-api', 'kernel', 'compiler', 'driver-manager', 'qfs']) {
    assert.ok(components.has(role), `${role} says nothing of the trace; ${[...components].join()} do`);
  }
  for (const line of lines) {
    for (const field of ['timestamp', 'level', 'service', 'message']) {
      assert.equal(typeof line[field], 'string', JSON.stringify(line));
    }
    assert.equal(line.fields_left_out, undefined, JSON.stringify(line));
    if (line.job_id === job_id) assert.match(String(line.trace_id), /^[0-9a-f]{32}$/, JSON.stringify(line));
  }
  const last = lines.find(ended)!;
  assert.deepEqual([last.state, last.trace_id, last.device_id], ['DONE', traceId, 'sim:local']);
});

test('a job that fails says so once, with kind and root cause', async (t) => {
  const platform = await startPlatform({
    dataDir: temporaryDirectory(),
    environment: { QFS_LOG_LEVEL: 'info' },
  });
  t.after(() => platform.end('SIGTERM'));
  const { rest } = platform.ready;
  const { traceId, headers } = clientTrace();
  const slow = { ...BELL, program: layered(24, 40) };
  const answer = await call(`${rest}/api/v1/jobs`, 'POST', slow, headers);
  const { job_id } = answer.json<{ job_id: string }>();
  await jobIn(rest, job_id, 'RUNNING');
  assert.equal((await call(`${rest}/api/v1/jobs/${job_id}/cancel`, 'POST', {})).status < 300, true);
  await terminalJob(rest, job_id);
  const ends = await until('the line of its end', 5_000, async () => {
    const found = linesOf(platform).filter((line) => line.job_id === job_id && line.error !== undefined);
    return found.length > 0 ? found : undefined;
  });
  assert.equal(ends.length, 1);
  const { kind, root_cause } = ends[0]!.error as Record<string, string>;
  assert.equal(kind, 'CANCELLED');
  assert.equal(typeof root_cause, 'string');
  assert.equal(ends[0]!.trace_id, traceId);
});

/** The samples of our metrics, without those of the Node process. */
const samplesOf = (text: string): string[] =>
  text.split('\n').filter((line) => /^(?:eigen|qfs|security)_/.test(line));

test('nobody outside can make series; nothing that happens here is counted as other', async (t) => {
  const platform = await startPlatform({ dataDir: temporaryDirectory() });
  t.after(() => platform.end('SIGTERM'));
  const { rest, admin } = platform.ready;
  const { job_id } = (await call(`${rest}/api/v1/jobs`, 'POST', BELL)).json<{ job_id: string }>();
  await terminalJob(rest, job_id);
  await call(`${rest}/api/v1/jobs/${job_id}/results`);
  await eigenCli(platform, 'status', job_id);
  const before = samplesOf((await call(`${admin}/metrics`)).text);
  assert.deepEqual(
    before.filter((line) => line.includes('="other"')),
    [],
  );
  for (const path of ['jobs', 'tasks', 'devices', 'nothing']) {
    for (let round = 0; round < 50; round += 1) {
      await call(`${rest}/api/v1/${path}/${hexId(12)}`);
      await call(`${rest}/${hexId(12)}?${hexId(4)}=%00`, round % 2 === 0 ? 'PUT' : 'PROPFIND');
      await call(`${rest}/api/v1/jobs`, 'POST', { ...BELL, target: hexId(4) });
    }
  }
  const after = samplesOf((await call(`${admin}/metrics`)).text);
  const families = new Map<string, number>();
  for (const line of after) {
    const name = /^\w+/.exec(line)![0];
    families.set(name, (families.get(name) ?? 0) + 1);
  }
  const grown = after.length - before.length;
  assert.ok(grown < 250, `${grown} series more, of ${[...families].map(String).join(' ')}`);
  assert.ok(!after.some((line) => line.includes(job_id)));
  assert.ok(after.some((line) => line.startsWith('eigen_api_requests_total') && line.includes('unknown')));
  if (AS_PROCESSES) return;
  const value = (sample: string): number =>
    Number(after.find((line) => line.startsWith(`${sample} `))?.split(' ')[1] ?? Number.NaN);
  assert.equal(value('eigen_api_submit_job_outcomes_total{outcome="accepted"}'), 1);
  assert.equal(value('qfs_log_entries_total{type="JOB_FINISHED",outcome="ACCEPTED"}'), 1);
  assert.ok(value('qfs_log_index') >= 3);
  assert.ok(value('qfs_disk_bytes{state="free"}') > 0);
  assert.equal(value('eigen_compiler_rpc_total{rpc="compileBatch",outcome="ok"}'), 1);
});

test('health names what is depended on, on both ports', async (t) => {
  const platform = await startPlatform({ dataDir: temporaryDirectory() });
  t.after(() => platform.end('SIGTERM'));
  for (const base of [platform.ready.rest, platform.ready.admin]) {
    const healthz = await call(`${base}/healthz`);
    assert.deepEqual([healthz.status, healthz.json()], [200, { status: 'ok' }]);
    const readyz = await call(`${base}/readyz`);
    assert.equal(readyz.status, 200, readyz.text);
    const { status, checks } = readyz.json<{ status: string; checks: Record<string, string> }>();
    assert.equal(status, 'ready');
    const named = AS_PROCESSES ? ['kernel', 'compiler', 'qfs'] : ['store', 'log', 'drivers'];
    for (const name of named) assert.equal(checks[name], 'ok', readyz.text);
  }
});
