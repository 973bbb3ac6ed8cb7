import { FAULT_DELAY_MS_MAX, FAULT_STEPS_MAX, QfsError } from '@qfs/core';

/** What a scripted device can do to an execution. `delay` says what the milliseconds after the colon mean. */
export const FAULTS = {
  ok: { help: 'runs as the simulator does' },
  unavailable: { help: 'refuses the submission with BACKEND_UNAVAILABLE' },
  offline: { help: 'refuses the submission with DEVICE_OFFLINE' },
  queue: { delay: 'time in the queue', help: 'waits in the queue first' },
  slow: { delay: 'extra run time', help: 'runs for longer' },
  hang: { help: 'runs until it is cancelled' },
  fail: { help: 'runs and fails with INTERNAL, which is not retried' },
  crash: { help: 'the driver throws while it is watched, and forgets the execution' },
  lost: { help: 'accepts the submission and then knows nothing of it' },
  lost_answer: { help: 'accepts the submission, but the answer does not arrive' },
  late: { delay: 'time out of reach', help: 'is out of reach for a while; the result is there afterwards' },
  duplicate: { help: 'reports the end twice' },
  partial: { help: 'returns the counts of half of the shots' },
  late_cancel: { delay: 'extra run time', help: 'runs for longer; a cancellation always comes too late' },
} as const satisfies Record<string, { readonly delay?: string; readonly help: string }>;

type FaultKind = keyof typeof FAULTS;

export interface FaultStep {
  readonly kind: FaultKind;
  readonly delayMs: number;
}

/** The steps as a script writes them. */
export const FAULT_NAMES: readonly string[] = Object.entries(FAULTS).map(([name, row]) =>
  'delay' in row ? `${name}:MS` : name,
);

const STEP = /^(?<kind>[a-z_]+)(?::(?<delay>\d{1,10}))?(?:[*@](?<times>\d{1,4}))?$/;

const isFaultKind = (name: string): name is FaultKind => Object.hasOwn(FAULTS, name);

function refuse(script: string, why: string): never {
  throw new QfsError(
    'JOB_SPEC_INVALID',
    `The fault script "${script.slice(0, 200)}" ${why}. Write steps such as "unavailable@2/ok", one per attempt; ` +
      `they are ${FAULT_NAMES.join(', ')}.`,
  );
}

/**
 * Reads `step,step,…` with step = `name`, `name:MS`, or either followed by `*COUNT`. Step k rules attempt k; the last
 * one also rules all attempts after it. In the name of a device `/` and `@` stand for `,` and `*`, which names of
 * devices do not hold: `fault:unavailable@2/ok`.
 */
export function parseFaultScript(script: string): readonly FaultStep[] {
  const steps: FaultStep[] = [];
  for (const text of script.split(/[,/]/, FAULT_STEPS_MAX + 1)) {
    const { kind = '', delay, times = '1' } = STEP.exec(text.trim())?.groups ?? {};
    if (!isFaultKind(kind)) refuse(script, `has the unknown step "${text.slice(0, 50)}"`);
    const takesDelay = 'delay' in FAULTS[kind];
    if (takesDelay !== (delay !== undefined)) {
      refuse(script, takesDelay ? `gives "${kind}" no time in milliseconds` : `gives "${kind}" a time`);
    }
    const delayMs = Number(delay ?? 0);
    if (delayMs > FAULT_DELAY_MS_MAX) refuse(script, `waits longer than ${FAULT_DELAY_MS_MAX} ms`);
    if (steps.length + Number(times) > FAULT_STEPS_MAX)
      refuse(script, `has more than ${FAULT_STEPS_MAX} steps`);
    for (let time = 0; time < Number(times); time += 1) steps.push({ kind, delayMs });
  }
  if (steps.length === 0) refuse(script, 'has no steps');
  return steps;
}

/** The step that rules an attempt; attempts count from 1. */
export const stepOfAttempt = (steps: readonly FaultStep[], attempt: number): FaultStep =>
  steps[Math.min(attempt, steps.length) - 1]!;
