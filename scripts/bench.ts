import { readdirSync } from 'node:fs';

/** `npm run bench -- NAME [--json]`: runs one benchmark; each measures its anchor in the same run. */
export interface Row {
  readonly bench: string;
  readonly case: string;
  readonly value: number;
  readonly unit: string;
  readonly baseline?: string;
  readonly baseline_value?: number;
  /** Ours ÷ baseline for rates and sizes, baseline ÷ ours for times. */
  readonly ratio?: number;
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface Benchmark {
  run(report: (row: Row) => void, args: readonly string[]): Promise<void>;
}

const round = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

function printRow(row: Row): void {
  const versus =
    row.baseline === undefined
      ? ''
      : `   ${round(row.ratio ?? 0)} × ${row.baseline} (${round(row.baseline_value ?? 0)})`;
  process.stdout.write(
    `${row.case.padEnd(44)} ${round(row.value).padStart(9)} ${row.unit.padEnd(8)}${versus}\n`,
  );
}

const names = readdirSync(new URL('./bench/', import.meta.url))
  .filter((file) => /^[a-z]+\.ts$/.test(file))
  .map((file) => file.replace('.ts', ''));
const [name, ...args] = process.argv.slice(2);
if (name === undefined || !names.includes(name)) {
  process.stderr.write(`Usage: npm run bench -- NAME [--json]   NAME is one of ${names.join(', ')}\n`);
  process.exit(2);
}
const { run } = (await import(`./bench/${name}.ts`)) as Benchmark;
const json = args.includes('--json');
await run((row) => (json ? void process.stdout.write(`${JSON.stringify(row)}\n`) : printRow(row)), args);
