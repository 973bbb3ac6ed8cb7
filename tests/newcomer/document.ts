import { readFileSync } from 'node:fs';

/** One block of commands, or of Python, and the ```text block that follows it at once, if there is one. */
export interface Step {
  readonly commands: string;
  readonly expected: string | undefined;
}

const BLOCK = /^```(\w+)\n([\s\S]*?)^```$/gm;

/** What a reader of the document is told to type, in order. */
export function stepsOf(path: string): Step[] {
  const blocks = [...readFileSync(path, 'utf8').matchAll(BLOCK)].map(([, language, text]) => ({
    language,
    text: text!,
  }));
  return blocks.flatMap(({ language, text }, at) => {
    const next = blocks[at + 1];
    const commands = commandsOf(language, text);
    return commands === undefined
      ? []
      : [{ commands, expected: next?.language === 'text' ? next.text : undefined }];
  });
}

function commandsOf(language: string | undefined, text: string): string | undefined {
  if (language === 'python') return `python3 - <<'PYTHON'\n${text}PYTHON`;
  return language === 'bash' ? text : undefined;
}

/** Whether `output` is what the document shows; `…` there stands for any text. */
export function isAsShown(output: string, expected: string): boolean {
  const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${expected.trim().split('…').map(literal).join('[\\s\\S]*?')}$`).test(output.trim());
}
