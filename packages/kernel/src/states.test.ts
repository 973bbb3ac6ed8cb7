import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JobState as JobStateMessage } from '@qfs/rpc/api';
import {
  ATTEMPT_STATES,
  ENDING_EVENTS,
  isTerminal,
  JOB_EVENT_NAMES,
  JOB_STATE_NAMES,
  JOB_STATES,
  type JobState,
  move,
  TRANSITIONS,
} from './states.ts';
import { statesReference } from './states-reference.ts';

const FACTS = { attempts: 0, attemptsMax: 4, holdsLease: true };

/**
 * Where each event leads, by state; `.` is impossible, `=` is ignored. Columns in the order of the events.
 */
const EXPECTED = `
            start_compile compiled lease   retry     request_cancel succeed fail  cancel    time_out
PENDING     COMPILING     .        .       .         .              .       ERROR CANCELLED TIMEOUT
COMPILING   .             QUEUED   .       COMPILING .              .       ERROR CANCELLED TIMEOUT
QUEUED      .             .        RUNNING QUEUED    .              .       ERROR CANCELLED TIMEOUT
RUNNING     .             .        RUNNING RUNNING   RUNNING        DONE    ERROR CANCELLED TIMEOUT
DONE        =             =        =       =         =              =       =     =         =
ERROR       =             =        =       =         =              =       =     =         =
CANCELLED   =             =        =       =         =              =       =     =         =
TIMEOUT     =             =        =       =         =              =       =     =         =
`;

test('JOB-7: every pair of state and event does what the drawing says', () => {
  const [header = '', ...rows] = EXPECTED.trim().split('\n');
  const events = header.trim().split(/\s+/);
  assert.deepEqual(events, JOB_EVENT_NAMES);
  const drawn = rows.map((row) => row.split(/\s+/));
  assert.deepEqual(
    drawn.map(([state]) => state),
    JOB_STATE_NAMES,
  );
  const actual = JOB_STATE_NAMES.map((state) => [
    state,
    ...JOB_EVENT_NAMES.map((event) => {
      const result = move(state, event, FACTS);
      if (result.kind === 'moved') return result.to;
      return result.kind === 'ignored' ? '=' : '.';
    }),
  ]);
  assert.deepEqual(actual, drawn);
});

test('a lease needs an attempt that is left, and success the current lease', () => {
  const used = { ...FACTS, attempts: 4 };
  const stale = { ...FACTS, holdsLease: false };
  assert.deepEqual(move('QUEUED', 'lease', { ...FACTS, attempts: 3 }), { kind: 'moved', to: 'RUNNING' });
  assert.deepEqual(move('QUEUED', 'lease', used), { kind: 'refused', guard: 'attempts_left' });
  assert.deepEqual(move('RUNNING', 'lease', used), { kind: 'refused', guard: 'attempts_left' });
  assert.deepEqual(move('RUNNING', 'succeed', stale), { kind: 'refused', guard: 'holds_lease' });
  assert.deepEqual(move('RUNNING', 'fail', stale), { kind: 'moved', to: 'ERROR' });
});

test('JOB-21: every state that can be reached ends or has a timer and a way out by it', () => {
  const reached = new Set<JobState>(['PENDING']);
  for (const state of reached) {
    if (isTerminal(state)) continue;
    for (const { to } of Object.values(TRANSITIONS[state])) reached.add(to);
  }
  assert.deepEqual([...reached].sort(), [...JOB_STATE_NAMES].sort());
  for (const state of reached) {
    const { terminal, deadline } = JOB_STATES[state];
    assert.equal(terminal, deadline === null, state);
    if (!isTerminal(state)) assert.equal(TRANSITIONS[state].time_out?.to, 'TIMEOUT', state);
  }
});

test('JOB-7: a state never goes back', () => {
  for (const state of JOB_STATE_NAMES) {
    if (isTerminal(state)) continue;
    for (const { to } of Object.values(TRANSITIONS[state])) {
      assert.ok(JOB_STATES[to].number >= JOB_STATES[state].number, `${state} to ${to}`);
    }
  }
});

test('JOB-7: states carry the numbers of the protocol, and every end has its event', () => {
  const numbers = JOB_STATE_NAMES.map((name) => [name, JobStateMessage[name]] as const);
  assert.deepEqual(
    numbers,
    JOB_STATE_NAMES.map((name) => [name, JOB_STATES[name].number] as const),
  );
  for (const [state, event] of Object.entries(ENDING_EVENTS)) {
    assert.deepEqual(move('RUNNING', event, FACTS), { kind: 'moved', to: state });
  }
});

test('JOB-23: attempts end, and only an attempt that ended without success can be late', () => {
  for (const [state, { ended, next }] of Object.entries(ATTEMPT_STATES)) {
    const late = ended && state !== 'LATE' && state !== 'SUCCEEDED';
    assert.equal((next as readonly string[]).includes('LATE'), late, state);
    for (const follower of next) assert.ok(Object.hasOwn(ATTEMPT_STATES, follower), follower);
  }
});

test('the reference names every state, event and transition', () => {
  const text = statesReference();
  for (const name of [...JOB_STATE_NAMES, ...JOB_EVENT_NAMES, ...Object.keys(ATTEMPT_STATES)]) {
    assert.ok(text.includes(name), name);
  }
  const transitions = Object.values(TRANSITIONS).flatMap((row) => Object.keys(row));
  assert.equal(text.match(/^\| [A-Z]+ \| `/gm)?.length, transitions.length);
});
