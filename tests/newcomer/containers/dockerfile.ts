import { posix } from 'node:path';

/** One instruction of a Dockerfile, for example `COPY --from=lint a b`. */
export interface Instruction {
  readonly name: string;
  /** `--name=value`, as far as it has such. */
  readonly flags: ReadonlyMap<string, string>;
  /** What follows: words, or those of a JSON array. */
  readonly words: readonly string[];
  /** What follows, as it is written. */
  readonly text: string;
}

export interface Stage {
  readonly name: string;
  /** An earlier stage, or an image of a registry. */
  readonly from: string;
  readonly instructions: readonly Instruction[];
}

/** What an image says about its containers. */
export interface ImageSettings {
  readonly environment: Readonly<Record<string, string>>;
  readonly user: string;
  readonly workdir: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly healthcheck: readonly string[];
  readonly volumes: readonly string[];
  readonly ports: readonly string[];
}

export const BARE: ImageSettings = {
  environment: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
  user: '0:0',
  workdir: '/',
  ...{ entrypoint: [], command: [], healthcheck: [], volumes: [], ports: [] },
};

/** The stages of a Dockerfile, in their order; the last one is the image. */
export function parseDockerfile(text: string): Stage[] {
  const lines = text.replace(/^\s*#.*\n/gm, '').replace(/\\\n/g, ' ');
  const stages: { name: string; from: string; instructions: Instruction[] }[] = [];
  for (const line of lines.split('\n').filter((line) => line.trim() !== '')) {
    const instruction = parseInstruction(line.trim());
    if (instruction.name === 'FROM') {
      const [from, , name] = instruction.words;
      stages.push({ name: name ?? '', from: from!, instructions: [] });
    } else stages.at(-1)!.instructions.push(instruction);
  }
  return stages;
}

function parseInstruction(line: string): Instruction {
  const [, name, rest] = /^([A-Z]+)\s+(.*)$/.exec(line)!;
  const flags = new Map<string, string>();
  let text = rest!;
  for (let flag = FLAG.exec(text); flag !== null; flag = FLAG.exec(text)) {
    flags.set(flag[1]!, flag[2]!);
    text = text.slice(flag[0].length);
  }
  const words = text.startsWith('[') ? (JSON.parse(text) as string[]) : text.split(/\s+/);
  return { name: name!, flags, words, text };
}

const FLAG = /^--([a-z-]+)=(\S+)\s+/;

/** The settings after an instruction that sets something; the others leave them as they were. */
export function after(settings: ImageSettings, { name, words, text }: Instruction): ImageSettings {
  switch (name) {
    case 'ENV':
      return { ...settings, environment: { ...settings.environment, ...pairs(words) } };
    case 'USER':
      return { ...settings, user: words[0]! };
    case 'WORKDIR':
      return { ...settings, workdir: posix.resolve(settings.workdir, words[0]!) };
    case 'ENTRYPOINT':
      return { ...settings, entrypoint: words, command: [] };
    case 'CMD':
      return { ...settings, command: words };
    case 'VOLUME':
      return { ...settings, volumes: words };
    case 'EXPOSE':
      return { ...settings, ports: words };
    case 'HEALTHCHECK':
      return { ...settings, healthcheck: JSON.parse(text.replace(/^CMD\s+/, '')) as string[] };
    default:
      return settings;
  }
}

const pairs = (words: readonly string[]): Record<string, string> =>
  Object.fromEntries(words.map((word) => word.split(/=(.*)/s).slice(0, 2)));

/** The stages that a stage is made of, itself included: what a builder builds for it. */
export function neededStages(stages: readonly Stage[], target: string): Stage[] {
  const stage = stages.find(({ name }) => name === target);
  if (stage === undefined) return [];
  const sources = [stage.from, ...stage.instructions.flatMap(({ flags }) => flags.get('from') ?? [])];
  const needed = new Set(sources.flatMap((source) => neededStages(stages, source)));
  return [...stages.filter((other) => needed.has(other)), stage];
}
