import { mkdirSync, writeFileSync } from 'node:fs';
import { exp, log, Prng } from '@qfs/core/math';
import { HEAVY_HEX_27 } from './heavy-hex-27.ts';

/**
 * Writes the shipped devices, `devices/*.json`. Their calibrations are made up: plausible values for hardware of the
 * kind, drawn from the seed below, so that this script gives the same files again.
 */
const SEED = 20_260_101;
const TAKEN_AT = '2026-01-01T00:00:00Z';

interface Kind {
  readonly t1: number;
  readonly t2: number;
  readonly single: number;
  readonly pair: number;
  readonly readout: number;
  /** How far values scatter around these medians: standard deviation of their logarithm. */
  readonly spread: number;
}

interface Plan {
  readonly name: string;
  readonly title: string;
  readonly qubits: number;
  readonly pairs: readonly (readonly [number, number])[];
  readonly allToAll: boolean;
  readonly basis: readonly string[];
  readonly durations: Readonly<Record<string, number>>;
  readonly kind: Kind;
  readonly queue: { readonly slots: number; readonly wait_ms: number };
  readonly price: { readonly per_task: number; readonly per_shot: number; readonly unit: string };
}

const TRANSMON: Kind = { t1: 1.6e-4, t2: 1.2e-4, single: 2.5e-4, pair: 4e-3, readout: 1.2e-2, spread: 0.3 };
const ION: Kind = { t1: 1e2, t2: 1, single: 2e-4, pair: 3e-3, readout: 3e-3, spread: 0.15 };
const TRANSMON_BASIS = ['id', 'rz', 'sx', 'x', 'cz'];
const TRANSMON_DURATIONS = { id: 3.2e-8, rz: 0, sx: 3.2e-8, x: 3.2e-8, cz: 6.8e-8, measure: 1.2e-6 };
const CREDITS = { per_task: 0.3, per_shot: 0.00035, unit: 'credits' };

const line = (qubits: number): [number, number][] =>
  Array.from({ length: qubits - 1 }, (_, at) => [at, at + 1]);

const complete = (qubits: number): [number, number][] =>
  Array.from({ length: qubits }, (_, b) =>
    Array.from({ length: b }, (_, a): [number, number] => [a, b]),
  ).flat();

const PLANS: readonly Plan[] = [
  {
    name: 'all-to-all-11',
    title: 'Emulated ion trap, 11 qubits, every pair coupled',
    qubits: 11,
    pairs: complete(11),
    allToAll: true,
    basis: ['rz', 'rx', 'ry', 'rxx'],
    durations: { rz: 0, rx: 1e-5, ry: 1e-5, rxx: 2e-4, measure: 1e-4 },
    kind: ION,
    queue: { slots: 1, wait_ms: 0 },
    price: CREDITS,
  },
  {
    name: 'heavy-hex-27',
    title: 'Emulated transmons, 27 qubits, heavy-hex lattice',
    qubits: 27,
    pairs: HEAVY_HEX_27,
    allToAll: false,
    basis: TRANSMON_BASIS,
    durations: TRANSMON_DURATIONS,
    kind: TRANSMON,
    queue: { slots: 1, wait_ms: 0 },
    price: CREDITS,
  },
  {
    name: 'line-16',
    title: 'Emulated transmons, 16 qubits on a line',
    qubits: 16,
    pairs: line(16),
    allToAll: false,
    basis: TRANSMON_BASIS,
    durations: TRANSMON_DURATIONS,
    kind: TRANSMON,
    queue: { slots: 1, wait_ms: 0 },
    price: CREDITS,
  },
];

function deviceOf(plan: Plan, index: number): object {
  const random = new Prng(SEED, 'devices', index);
  // A sum of twelve uniform numbers is close enough to a normal distribution for values that are made up.
  const normal = (): number => Array.from({ length: 12 }, () => random.uniform()).reduce((a, b) => a + b) - 6;
  const around = (median: number): number =>
    Number(exp(log(median) + plan.kind.spread * normal()).toPrecision(3));
  const { t1, t2, single, pair, readout } = plan.kind;
  const qubits = Array.from({ length: plan.qubits }, () => {
    const relaxation = around(t1);
    return {
      t1: relaxation,
      t2: Math.min(around(t2), 2 * relaxation),
      gate_error: around(single),
      readout_error: [around(readout * 0.8), around(readout * 1.3)],
    };
  });
  return {
    version: '1.0',
    id: `emulator:${plan.name}`,
    name: plan.title,
    qubits: plan.qubits,
    coupling: plan.allToAll ? 'all_to_all' : plan.pairs,
    directed: false,
    basis_gates: plan.basis,
    durations: plan.durations,
    calibration: {
      taken_at: TAKEN_AT,
      qubits,
      pairs: plan.pairs.map((qubits) => ({ qubits, gate_error: around(pair) })),
    },
    shots_max: 100_000,
    queue: plan.queue,
    price: plan.price,
  };
}

/** As many values on a line as fit. */
function layout(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const text = JSON.stringify(value).replace(/(?<=[\]}\d"],)|(?<=":)/g, ' ');
  if (text.length <= 100) return text;
  const inner = `${indent}  `;
  const lines = Array.isArray(value)
    ? value.map((entry) => layout(entry, inner))
    : Object.entries(value).map(([key, entry]) => `${JSON.stringify(key)}: ${layout(entry, inner)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${inner}${lines.join(`,\n${inner}`)}\n${indent}${close}`;
}

mkdirSync('devices', { recursive: true });
for (const [index, plan] of PLANS.entries()) {
  const path = `devices/${plan.name}.json`;
  writeFileSync(path, `${layout(deviceOf(plan, index))}\n`);
  process.stdout.write(`wrote ${path} (seed ${SEED})\n`);
}
