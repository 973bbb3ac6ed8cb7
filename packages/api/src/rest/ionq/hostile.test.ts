import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IONQ_PAULI_TERMS_MAX, IONQ_SESSIONS_MAX, IONQ_SHOTS_KEPT_MAX } from '@qfs/core';
import fc from 'fast-check';
import { FIRST, openRestDoor } from '../../testing/open-rest-door.ts';
import { countingRandomness } from '../../testing/security.ts';
import { JOB_TYPES } from './ionq-submission.ts';
import { readKept, writeKept } from './kept-request.ts';
import { Sessions } from './sessions.ts';

const SEED = 20_261_121;
const identity = { tenantId: 't', projectId: 'p', subject: 's', roles: [] };

const mostly = <Good, Bad>(good: fc.Arbitrary<Good>, bad: fc.Arbitrary<Bad>) =>
  fc.oneof({ arbitrary: good, weight: 9 }, { arbitrary: bad, weight: 1 });

const junk = fc.oneof(fc.integer(), fc.double(), fc.string(), fc.jsonValue());
const qubit = mostly(fc.nat(3), junk);
const angle = mostly(fc.double({ noNaN: true, noDefaultInfinity: true }), junk);

/** Gates as a careless client writes them: known names, and now and then something else in every member. */
const gate = fc.oneof(
  fc.record({ gate: mostly(fc.constantFrom('x', 'h', 'si', 'v'), junk), target: qubit }),
  fc.record({ gate: fc.constantFrom('x', 'cnot', 'swap'), control: qubit, targets: fc.array(qubit) }),
  fc.record({ gate: fc.constantFrom('rx', 'z', 'xx', 'h'), targets: fc.array(qubit), rotation: angle }),
  fc.record({ gate: fc.constantFrom('gpi', 'ms', '__proto__'), target: qubit, phase: angle, phases: junk }),
  fc.record({
    ...{ gate: fc.constant('pauliexp'), targets: fc.constant([0, 1]), time: angle },
    terms: fc.array(fc.constantFrom('XX', 'ZZ', 'IY', 'Q')),
    coefficients: fc.array(angle),
  }),
);
const circuit = mostly(fc.array(mostly(gate, junk), { maxLength: 2 }), junk);
const input = fc.record(
  {
    ...{
      gateset: mostly(fc.constantFrom('qis', 'native'), junk),
      qubits: mostly(fc.constant(4), junk),
      circuit,
    },
    ...{ circuits: fc.array(fc.record({ circuit, name: junk }), { maxLength: 2 }), data: fc.string() },
  },
  { requiredKeys: ['circuit'] },
);
const anything = mostly(fc.dictionary(fc.string(), fc.jsonValue()), junk);
const body = fc.record(
  {
    type: mostly(fc.constantFrom(...Object.keys(JOB_TYPES)), junk),
    backend: mostly(fc.constant('simulator'), junk),
    input: mostly(input, junk),
    ...{
      shots: mostly(fc.integer({ min: 1, max: 100 }), junk),
      name: mostly(fc.string({ unit: 'binary' }), junk),
    },
    ...{ metadata: anything, noise: mostly(fc.constant({ model: 'ideal' }), junk), settings: anything },
    ...{ dry_run: mostly(fc.boolean(), junk), session_id: mostly(fc.constant('s'), junk) },
  },
  { requiredKeys: ['backend', 'input'] },
);

test('whatever is submitted is taken or refused in the shape of IonQ, and nothing breaks', async (t) => {
  const { app } = await openRestDoor(t);
  let taken = 0;
  const property = fc.asyncProperty(body, async (payload) => {
    const answer = await app.inject({ method: 'POST', url: '/v0.4/jobs', payload: payload as object });
    const { reason, statusCode, id } = answer.json();
    if (answer.statusCode === 201) {
      taken += 1;
      assert.equal((await app.inject({ url: `/v0.4/jobs/${id}` })).statusCode, 200);
    } else {
      assert.ok((statusCode >= 400 && statusCode < 500) || statusCode === 501, `${statusCode} ${reason}`);
      assert.match(reason, /^[A-Z_]+$/);
    }
  });
  await fc.assert(property, { seed: SEED, numRuns: 300 });
  assert.ok(taken > 10, `only ${taken} were taken`);
});

test('what a client noted comes back as it was, whatever it holds', () => {
  const kept = { ...{ type: 't', backend: 'b', name: null, noise: null, settings: null, dryRun: false } };
  const circuits = [{ name: null, qubits: 1, oneQubitGates: 0, multiQubitGates: 0 }];
  const property = fc.property(
    fc.dictionary(fc.string(), fc.string({ unit: 'binary', maxLength: 9000 })),
    (metadata) => {
      const request = { ...kept, metadata, circuits };
      const entries = writeKept(request);
      assert.ok(Object.values(entries).every((text) => Buffer.byteLength(text) <= 4096));
      assert.deepEqual(readKept(entries)?.metadata, JSON.parse(JSON.stringify(metadata)));
    },
  );
  fc.assert(property, { seed: SEED, numRuns: 100 });
  assert.equal(readKept({ 'ionq.request.0': '{"circuits":' }), undefined);
  assert.equal(readKept({ 'ionq.request.0': '{"circuits":[]}' }), undefined);
});

test('a small body does not become programs without end', async (t) => {
  const { app, rooms } = await openRestDoor(t);
  const targets = Array.from({ length: 100 }, (_, qubit) => qubit);
  const terms = Array.from({ length: IONQ_PAULI_TERMS_MAX }, () => 'Y'.repeat(targets.length));
  const wide = { gate: 'pauliexp', targets, terms, coefficients: terms.map(() => 1), time: 1 };
  const post = (circuits: number, gates: number) => {
    const list = Array.from({ length: circuits }, () => ({ circuit: Array(gates).fill(wide) }));
    const payload = { type: 'ionq.multi-circuit.v1', backend: 'simulator', input: { circuits: list } };
    return app.inject({ method: 'POST', url: '/v0.4/jobs', payload });
  };
  for (const [circuits, gates] of [
    [1, 40],
    [60, 1],
  ] as const) {
    const answer = await post(circuits, gates);
    assert.deepEqual([answer.statusCode, answer.json().reason], [413, 'PAYLOAD_TOO_LARGE']);
  }
  assert.equal(rooms.jobs.size, 0);
});

test('hostile ids are not found', async (t) => {
  const { app } = await openRestDoor(t);
  const property = fc.asyncProperty(
    fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('.', '..', 'a.b', `${FIRST}.0`)),
    async (id) => {
      const url = `/v0.4/jobs/${encodeURIComponent(id.toWellFormed())}/results/shots`;
      const { statusCode } = await app.inject({ url });
      assert.ok([404, 400].includes(statusCode), `${statusCode} ${url}`);
    },
  );
  await fc.assert(property, { seed: SEED, numRuns: 100 });
});

test(`every shot is kept up to ${IONQ_SHOTS_KEPT_MAX} of them`, async (t) => {
  const { app, rooms } = await openRestDoor(t);
  for (const shots of [IONQ_SHOTS_KEPT_MAX, IONQ_SHOTS_KEPT_MAX + 1]) {
    const payload = { backend: 'simulator', shots, input: { circuit: [{ gate: 'h', target: 0 }] } };
    await app.inject({ method: 'POST', url: '/v0.4/jobs', payload });
  }
  const kept = [...rooms.jobs.values()].map(({ request }) => request.items[0]!.memory);
  assert.deepEqual(kept, [true, false]);
});

test(`up to ${IONQ_SESSIONS_MAX} sessions are known, the newest ones`, () => {
  const sessions = new Sessions(countingRandomness());
  const ids = Array.from(
    { length: IONQ_SESSIONS_MAX },
    () => sessions.create(identity, 'simulator', {}, 0).id,
  );
  assert.equal(sessions.get(identity, ids[0]!).id, ids[0]);
  sessions.create(identity, 'simulator', {}, 0);
  assert.throws(() => sessions.get(identity, ids[0]!), { code: 'ROUTE_NOT_FOUND' });
  assert.throws(() => sessions.get({ ...identity, tenantId: 'other' }, ids[1]!), { code: 'ROUTE_NOT_FOUND' });
});
