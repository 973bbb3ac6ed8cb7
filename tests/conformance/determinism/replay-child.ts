import { readFileSync, writeFileSync } from 'node:fs';
import { poisoned } from './poison.ts';
import { type PortableLog, replayLog } from './replay-log.ts';

/** A process of its own: reads logs from one file, writes what became of their entries to another. */
const [input, output] = process.argv.slice(2);
if (input === undefined || output === undefined) throw new Error('Usage: replay-child.ts LOGS RESULTS');
const logs = JSON.parse(readFileSync(input, 'utf8')) as readonly PortableLog[];
writeFileSync(output, JSON.stringify(poisoned(() => logs.map(replayLog))));
