import { COMPILER_OPTIONS } from '../../compile-options.ts';
import { OPTIMISATION_LEVELS } from '../contract.ts';
import { LOCAL_PASSES, type LocalPassName } from '../local/index.ts';
import { turnFamilies } from '../target/one-qubit.ts';
import { DEVICE_PASSES } from './device-passes.ts';
import { LEVELS } from './levels.ts';

/** `docs/reference/compiler.md`, from the tables of levels and passes. */
export const passesReference = (): string =>
  [
    '# Compiler',
    '',
    'Levels, passes and options of the compiler. [The guide](../guides/compiling.md) shows them at work;',
    '[passes](../internals/passes.md) says how they work and where they come from.',
    '',
    '## Options',
    '',
    'Members of `compiler_options` of a job or an item of it.',
    '',
    '| option | values | meaning |',
    '|---|---|---|',
    ...Object.entries(COMPILER_OPTIONS).map(
      ([name, { values, help }]) =>
        `| \`${name}\` | ${values.map((value) => `\`${value}\``).join(', ')} | ${help} |`,
    ),
    '',
    '## Levels',
    '',
    '| level | what it does | before qubits are placed | on their places | with the gates of the device | rounds |',
    '|---|---|---|---|---|---|',
    ...OPTIMISATION_LEVELS.map((level) => {
      const { help, before, between, after, rounds } = LEVELS[level];
      return `| ${level} | ${help} | ${[before, between, after].map(namesOf).join(' | ')} | ${rounds} |`;
    }),
    '',
    'Without a target a level is its passes before qubits are placed, and every qubit stays where it is.',
    '',
    '## Passes',
    '',
    '| pass | what it does |',
    '|---|---|',
    ...[...Object.values(LOCAL_PASSES), ...Object.values(DEVICE_PASSES)].map(
      ({ name, help }) => `| \`${name}\` | ${help} |`,
    ),
    '',
    '## Basis gates',
    '',
    'A target can be compiled for if its basis has the gates of one of these rows, where `z` is any of `rz`, `p`, `u`, `u3`',
    'and `U`, and one gate on two qubits that is CNOT up to gates on one qubit (`cx`, `cz`, `cy`, `ch`, `ecr`) or a rotation',
    'of a pair (`rxx`, `ryy`, `rzz`, `rzx`, `cp`, `crx`, `cry`, `crz`).',
    '',
    ...turnFamilies().map((needs) => `* ${needs.map((gate) => `\`${gate}\``).join(' and ')}`),
    '',
  ].join('\n');

const namesOf = (passes: readonly LocalPassName[]): string =>
  passes.map((name) => `\`${LOCAL_PASSES[name].name}\``).join(', ') || 'none';
