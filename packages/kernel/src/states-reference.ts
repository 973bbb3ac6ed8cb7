import { CANCEL_OUTCOMES } from '@qfs/core';
import { LOOP_SETTINGS } from '@qfs/hybrid';
import { JOB_TERMS } from './spec/job-terms.ts';
import { ATTEMPT_STATES, JOB_EVENTS, JOB_STATES, TRANSITIONS } from './states.ts';

const TIMERS = {
  queue: 'queue time limit (7 days, or less by `timeout.queue_ms`)',
  compile: '`QC_TASK_TIME_LIMIT_MS`, from the start of the compilation',
  execution: '`QC_TASK_TIME_LIMIT_MS`, from the first lease, over all attempts and pauses',
} as const;

/** `docs/reference/job-states.md`, from the transition table. */
export function statesReference(): string {
  const states = Object.entries(JOB_STATES).map(([name, { number, deadline, meaning }]) => {
    const timer = deadline === null ? 'terminal' : TIMERS[deadline];
    return `| ${name} | ${number} | ${meaning} | ${timer} |`;
  });
  const events = Object.entries(JOB_EVENTS).map(([name, meaning]) => `| \`${name}\` | ${meaning} |`);
  const moves = Object.entries(TRANSITIONS).flatMap(([from, row]) =>
    Object.entries(row).map(
      ([event, { to, guard }]) => `| ${from} | \`${event}\` | ${to} | ${guard ?? ''} |`,
    ),
  );
  const attempts = Object.entries(ATTEMPT_STATES).map(
    ([name, { next, meaning }]) => `| ${name} | ${meaning} | ${next.join(', ') || 'none'} |`,
  );
  return [
    '# Job states',
    '',
    'A state never goes back, and a terminal state never changes. Whatever comes after the end is ignored; a result',
    'that comes then is recorded as late. Every state that is not terminal has a timer that ends it in TIMEOUT.',
    'Timers count monotonic time within a process; the next one goes on with what is left (JOB-21).',
    '',
    '| state | number | meaning | timer |',
    '|---|---|---|---|',
    ...states,
    '',
    'While a PENDING job waits for the jobs that it depends on, its stage is WAITING_FOR_DEPENDENCIES; else the stage of a',
    'job is its state, and once it has ended the one that it ended in.',
    '',
    '## Events',
    '',
    '| event | meaning |',
    '|---|---|',
    ...events,
    '',
    '## Transitions',
    '',
    '| from | event | to | only if |',
    '|---|---|---|---|',
    ...moves,
    '',
    '## Attempts',
    '',
    'The inner life of RUNNING. A restart of the process keeps the number of an attempt; a failure opens the next.',
    '',
    '| state | meaning | then |',
    '|---|---|---|',
    ...attempts,
    '',
    '## Cancelling',
    '',
    'A job that no device works on is CANCELLED at once, and the answer is `cancelled`. Otherwise the answer is',
    '`requested`, and the outcome is recorded with the end. A job that has ended answers JOB_TERMINAL.',
    '',
    '| outcome | meaning |',
    '|---|---|',
    ...Object.entries(CANCEL_OUTCOMES).map(([name, meaning]) => `| \`${name}\` | ${meaning} |`),
    '',
    '## Terms of a job',
    '',
    'A job may say these among its metadata. They lower what the server grants and never raise it.',
    '',
    '| key | meaning |',
    '|---|---|',
    ...Object.entries(JOB_TERMS).map(([name, meaning]) => `| \`${name}\` | ${meaning} |`),
    '',
    ...searchSettings(),
  ].join('\n');
}

const searchSettings = (): string[] => [
  '## Settings of a search',
  '',
  'The metadata of a hybrid job go before what its program says (JOB-38).',
  '',
  '| key | meaning |',
  '|---|---|',
  ...Object.entries(LOOP_SETTINGS).map(([name, meaning]) => `| \`${name}\` | ${meaning} |`),
  '',
];
