import { type CompileReport, readReport } from '@qfs/compiler';
import { columns } from './columns.ts';

/** The report as it is; null for a circuit that was compiled as it was written. */
export const reportJson = (bytes: Uint8Array | undefined): unknown =>
  bytes === undefined ? null : JSON.parse(new TextDecoder().decode(bytes));

/** What the passes of the compiler did, a line for each, and where the qubits of the program went. */
export function reportText(bytes: Uint8Array | undefined): string {
  if (bytes === undefined) return 'No passes: the circuit is compiled as it is written.\n';
  const read = readReport(bytes);
  if (!read.ok) throw read.error;
  const { layout, level, passes, target } = read.value;
  const facts = [['level', `${level}`], ...(target === undefined ? [] : [['target', target]])];
  if (layout !== undefined) facts.push(['layout', layoutText(layout)]);
  const [first] = passes;
  if (first === undefined) return columns(facts);
  const rows = passes.map(({ after, before, pass }) => rowOf(pass, before, after));
  const all = rowOf('all passes', first.before, passes.at(-1)!.after);
  return `${columns(facts)}\n${columns([['PASS', 'DEPTH', 'GATES', 'TWO-QUBIT'], ...rows, all])}`;
}

type Size = CompileReport['passes'][number]['before'];

const rowOf = (name: string, before: Size, after: Size): readonly string[] => [
  name,
  change(before.depth, after.depth),
  change(before.gates, after.gates),
  change(before.twoQubitGates, after.twoQubitGates),
];

/** What did not change is said once. */
const change = (before: number, after: number): string =>
  before === after ? `${after}` : `${before} → ${after}`;

/** What is longer is in `compile.json`. */
const LAYOUT_QUBITS = 16;

/** `0 on 3, then 4`: the qubit of the program, that of the device, and where it is at the end. */
function layoutText({ final, initial }: NonNullable<CompileReport['layout']>): string {
  const shown = initial
    .slice(0, LAYOUT_QUBITS)
    .map((qubit, k) => `${k} on ${qubit}${final[k] === qubit ? '' : `, then ${final[k]}`}`);
  const more = initial.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}
