import { ATTEMPT_STATES, JOB_EVENTS, JOB_STATES, TRANSITIONS } from './states.ts';

const TIMERS = {
  queue: 'queue time limit (7 days)',
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
    'Timers count monotonic time and start anew when the process does.',
    '',
    '| state | number | meaning | timer |',
    '|---|---|---|---|',
    ...states,
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
    'A job that no device works on is CANCELLED at once. Otherwise the request is recorded, and later its outcome:',
    '`cancelled`; `completed_before_cancel` when another end came first; `too_late` when the device could not stop.',
    'A job that has ended answers JOB_TERMINAL.',
    '',
  ].join('\n');
}
