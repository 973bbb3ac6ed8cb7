import { QfsError } from '@qfs/core';
import { parseJson } from '@qfs/core/json';
import { columns } from './columns.ts';

/** Depth and gates of a circuit; the members are those of `compile.json`. */
interface Size {
  readonly depth: number;
  readonly gates: number;
  readonly two_qubit_gates: number;
}

interface Report {
  readonly optimization_level: number;
  readonly target?: string;
  readonly passes: readonly { readonly pass: string; readonly before: Size; readonly after: Size }[];
  readonly layout?: { readonly initial: readonly number[]; readonly final: readonly number[] };
}

/** The report as it is; null for a circuit that was compiled as it was written. */
export const reportJson = (bytes: Uint8Array | undefined): Report | null =>
  bytes === undefined ? null : readReport(bytes);

/** What the passes of the compiler did, a line for each, and where the qubits of the program went. */
export function reportText(bytes: Uint8Array | undefined): string {
  if (bytes === undefined) return 'No passes: the circuit is compiled as it is written.\n';
  const { layout, optimization_level: level, passes, target } = readReport(bytes);
  const facts = [['level', `${level}`], ...(target === undefined ? [] : [['target', target]])];
  if (layout !== undefined) facts.push(['layout', layoutText(layout)]);
  const [first] = passes;
  if (first === undefined) return columns(facts);
  const rows = passes.map(({ after, before, pass }) => rowOf(pass, before, after));
  const all = rowOf('all passes', first.before, passes.at(-1)!.after);
  return `${columns(facts)}\n${columns([['PASS', 'DEPTH', 'GATES', 'TWO-QUBIT'], ...rows, all])}`;
}

function readReport(bytes: Uint8Array): Report {
  const json = parseJson(bytes);
  if (!json.ok) throw new QfsError('RESULT_INCOMPLETE', `compile.json cannot be read: ${json.error.message}`);
  // The bytes are those of our own compiler, or of an artifact whose hash a server has checked.
  return json.value as unknown as Report;
}

const rowOf = (name: string, before: Size, after: Size): readonly string[] => [
  name,
  change(before.depth, after.depth),
  change(before.gates, after.gates),
  change(before.two_qubit_gates, after.two_qubit_gates),
];

/** What did not change is said once. */
const change = (before: number, after: number): string =>
  before === after ? `${after}` : `${before} → ${after}`;

/** What is longer is in `compile.json`. */
const LAYOUT_QUBITS = 16;

/** `0 on 3, then 4`: the qubit of the program, that of the device, and where it is at the end. */
function layoutText({ final, initial }: NonNullable<Report['layout']>): string {
  const shown = initial
    .slice(0, LAYOUT_QUBITS)
    .map((qubit, k) => `${k} on ${qubit}${final[k] === qubit ? '' : `, then ${final[k]}`}`);
  const more = initial.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}
