import { DIAGNOSTICS } from './diagnostic-codes.ts';

/** The reference page of all diagnostic codes, as Markdown. */
export function diagnosticsReference(): string {
  const sections = Object.entries(DIAGNOSTICS).map(([code, row]) => {
    const example = row.example.length > 200 ? `${row.example.slice(0, 60)}…` : row.example;
    return `## ${code}\n\n${row.title} (${row.severity}). ${row.help}\n\n\`\`\`qasm\n${example}\n\`\`\`\n`;
  });
  return `# Diagnostics of OpenQASM programs\n\nEvery finding has a stable code and a place.\n\n${sections.join('\n')}`;
}
