import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Program } from '@qfs/circuit';
import { QfsError } from '@qfs/core';
import type { EngineItem } from '../engine-contract.ts';
import { readNoiseModel } from '../noise/noise-model.ts';
import { DEFAULT_OPTIONS, estimate, simulate } from '../simulate.ts';
import { BELL, bits, gate, item, measure, program, teleport } from '../testing/programs.ts';
import { createEngine } from './engine.ts';
import { createInlineEngine } from './inline-engine.ts';

const MEMORY = 64 * 1024 * 1024;
const engine = createEngine({ workers: 2, memoryBudgetBytes: MEMORY });
after(() => engine.close());

async function run(items: readonly EngineItem[], control: Parameters<typeof engine.run>[1] = {}) {
  const handle = await engine.prepare(items, DEFAULT_OPTIONS);
  try {
    return await engine.run(handle, control);
  } finally {
    await engine.dispose(handle);
  }
}

const rejectsWith = (code: string) => (error: unknown) => error instanceof QfsError && error.code === code;

/** Spends its steps in a loop over a wide state: longer than any test waits. */
const ENDLESS: Program = program(
  18,
  [bits('c', 1)],
  [
    gate('h', [0]),
    ...Array.from({ length: 17 }, (_, q) => gate('cx', [q, q + 1])),
    measure(0, 0, 0),
    { kind: 'while', condition: { kind: 'bool', value: true }, body: [gate('h', [17])] },
  ],
);

/** Starts an engine on endless work and prints the engine's process id. */
const HOST_PROGRAM = `
  const [, base, aqo] = process.argv;
  const { createEngine } = await import(new URL('./engine.ts', base));
  const { DEFAULT_OPTIONS } = await import(new URL('../simulate.ts', base));
  const engine = createEngine({ workers: 1, memoryBudgetBytes: 2 ** 26 });
  const options = { parameters: [], shots: 1, seed: 1, observables: [], memory: false };
  const item = { aqo: Uint8Array.from(JSON.parse(aqo)), ...options };
  const handle = await engine.prepare([item], DEFAULT_OPTIONS);
  engine.run(handle, {});
  setTimeout(() => console.log(engine.pid), 300);
`;

const BATCH: readonly EngineItem[] = [
  item(BELL, { memory: true }),
  item(teleport(0.4), { shots: 300, seed: 11 }),
  item(
    program(
      3,
      [{ name: 'theta', type: { kind: 'float', width: 64 }, role: 'input' }, bits('c', 3)],
      [
        ...[0, 1, 2].map((q) => gate('ry', [q], { kind: 'variable', variable: 0 })),
        ...[0, 1, 2].map((q) => measure(q, 1, q)),
      ],
    ),
    {
      parameters: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6].map((theta) => new Map([['theta', theta]])),
      observables: [
        {
          terms: [
            { coefficient: 0.5, paulis: 'ZZI' },
            { coefficient: -1, paulis: 'IXY' },
          ],
        },
      ],
    },
  ),
];

test('the engine gives the bytes of the pure function: cold, warm, one thread, little memory, inline', async () => {
  const expected = simulate(BATCH);
  for (let round = 0; round < 3; round += 1) assert.deepEqual(await run(BATCH), expected);
  const others = [
    createEngine({ workers: 1, memoryBudgetBytes: MEMORY }),
    createEngine({ workers: 2, memoryBudgetBytes: 100_000 }),
    createInlineEngine(),
  ];
  for (const other of others) {
    const handle = await other.prepare(BATCH, DEFAULT_OPTIONS);
    assert.deepEqual(await other.run(handle, {}), expected);
    await other.close();
  }
});

test('admitted and run in one call, work gives the same bytes, brief or not', async () => {
  const options = { ...DEFAULT_OPTIONS, noise: readNoiseModel('depolarizing:0.01') };
  for (const batch of [BATCH, ...BATCH.map((one) => [one])]) {
    for (let round = 0; round < 2; round += 1) {
      const { results, method } = await engine.execute(batch, DEFAULT_OPTIONS, {});
      assert.deepEqual([method, results], ['state_vector', simulate(batch)]);
    }
    assert.deepEqual((await engine.execute(batch, options, {})).results, simulate(batch, options));
  }
  const briefs = [...BATCH.map((one) => [one]), [item(ENDLESS)], BATCH].map(
    (batch) => estimate(batch).brief ?? false,
  );
  assert.deepEqual(briefs, [true, false, false, false, false]);
  await assert.rejects(
    engine.execute([item(BELL, { shots: 0 })], DEFAULT_OPTIONS, {}),
    rejectsWith('JOB_SPEC_INVALID'),
  );
  await assert.rejects(
    engine.execute([item(ENDLESS)], DEFAULT_OPTIONS, { timeLimitMs: 200 }),
    rejectsWith('JOB_TIMEOUT'),
  );
});

test('noise gives the same bytes on one, two and four threads', async () => {
  const options = { ...DEFAULT_OPTIONS, noise: readNoiseModel('depolarizing:0.01') };
  const layer = Array.from({ length: 10 }, (_, q) => gate('ry', [q], q));
  const wide = program(10, [bits('c', 1)], [...Array(10).fill(layer).flat(), measure(0, 0, 0)]);
  const batch = [...BATCH.slice(0, 2), item(wide, { shots: 400, memory: true })];
  const expected = simulate(batch, options);
  assert.notDeepEqual(expected, simulate(batch));
  for (const workers of [1, 2, 4]) {
    const other = createEngine({ workers, memoryBudgetBytes: MEMORY });
    assert.deepEqual((await other.estimate(batch, options)).apart, [2]);
    const handle = await other.prepare(batch, options);
    assert.deepEqual(await other.run(handle, {}), expected);
    await other.close();
  }
});

test('an engine process that is killed is replaced, and its work is repeated unseen', async () => {
  const first = engine.pid!;
  const handle = await engine.prepare(BATCH, DEFAULT_OPTIONS);
  const running = engine.run(handle, {});
  process.kill(first, 'SIGKILL');
  assert.deepEqual(await running, simulate(BATCH));
  assert.notEqual(engine.pid, first);
});

test('a time limit ends an endless loop and leaves the work beside it alone', async () => {
  const endless = run([item(ENDLESS)], { timeLimitMs: 300 });
  const beside = run(BATCH);
  await assert.rejects(endless, rejectsWith('JOB_TIMEOUT'));
  assert.deepEqual(await beside, simulate(BATCH));
});

test('an abort ends work that runs, and work that waits', async () => {
  const aborts = [new AbortController(), new AbortController(), new AbortController()];
  const runs = aborts.map(({ signal }) => run([item(ENDLESS)], { signal }));
  const outcomes = runs.map((outcome) => assert.rejects(outcome, rejectsWith('CANCELLED')));
  setTimeout(() => {
    for (const abort of aborts.toReversed()) abort.abort();
  }, 400);
  await Promise.all(outcomes);
  assert.deepEqual(await run(BATCH), simulate(BATCH));
  const aborted = new AbortController();
  aborted.abort();
  await assert.rejects(run(BATCH, { signal: aborted.signal }), rejectsWith('CANCELLED'));
});

test('work whose process ends twice is lost with ENGINE_LOST, and the next work succeeds', async () => {
  const lost = run([item(ENDLESS)]);
  const outcome = assert.rejects(lost, rejectsWith('ENGINE_LOST'));
  const killed = new Set<number>();
  const timer = setInterval(() => {
    const { pid } = engine;
    if (pid === undefined || killed.has(pid) || killed.size === 2) return;
    killed.add(pid);
    setTimeout(() => process.kill(pid, 'SIGKILL'), 300);
  }, 20);
  await outcome;
  clearInterval(timer);
  assert.equal(killed.size, 2);
  assert.deepEqual(await run(BATCH), simulate(BATCH));
});

test('a circuit beyond the memory budget is refused before it runs, with both figures', async () => {
  const wide = program(
    23,
    [bits('c', 1)],
    [...Array.from({ length: 23 }, (_, q) => gate('h', [q])), measure(0, 0, 0)],
  );
  for (const ask of [
    engine.prepare([item(wide)], DEFAULT_OPTIONS),
    engine.execute([item(wide)], DEFAULT_OPTIONS, {}),
  ]) {
    await assert.rejects(ask, (error: unknown) => {
      assert.ok(error instanceof QfsError && error.code === 'CIRCUIT_TOO_LARGE');
      assert.deepEqual(error.metadata, { needed_bytes: '134287360', allowed_bytes: '67108864' });
      return true;
    });
  }
});

test('a closed engine answers SHUTTING_DOWN, to work in flight as well', async () => {
  const other = createEngine({ workers: 1, memoryBudgetBytes: MEMORY });
  const handle = await other.prepare([item(ENDLESS)], DEFAULT_OPTIONS);
  const running = assert.rejects(other.run(handle, {}), rejectsWith('SHUTTING_DOWN'));
  await other.close();
  await running;
  await assert.rejects(other.prepare(BATCH, DEFAULT_OPTIONS), rejectsWith('SHUTTING_DOWN'));
  assert.throws(() => process.kill(other.pid!, 0), /ESRCH/);
});

test('work for a process that cannot start is lost with ENGINE_LOST instead of waiting for ever', async () => {
  const options = process.env.NODE_OPTIONS;
  process.env.NODE_OPTIONS = '--no-such-flag';
  const logged: string[] = [];
  const broken = createEngine({ workers: 1, onLog: ({ message }) => logged.push(message) });
  try {
    await assert.rejects(broken.prepare(BATCH, DEFAULT_OPTIONS), rejectsWith('ENGINE_LOST'));
  } finally {
    if (options === undefined) delete process.env.NODE_OPTIONS;
    else process.env.NODE_OPTIONS = options;
  }
  await broken.close();
  assert.match(logged.join('\n'), /--no-such-flag/);
});

test('the engine process ends when its host dies, even in the middle of work', async () => {
  const host = spawn(
    process.execPath,
    ['--input-type=module', '--eval', HOST_PROGRAM, import.meta.url, JSON.stringify([...item(ENDLESS).aqo])],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = once(host, 'exit');
  const [first] = await Promise.race([once(host.stdout, 'data'), ended]);
  const pid = Number(String(first));
  assert.ok(isAlive(pid), `the host printed '${first}'`);
  host.kill('SIGKILL');
  await ended;
  while (isAlive(pid)) await sleep(10);
});

/** A process that has ended but was not collected by its new parent counts as ended. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
