import type { Block, Program, VariableId } from './ir.ts';
import { partsOf, referencesOf, targetVariables } from './parts.ts';

/** Shots per bitstring. Insertion order means nothing; `orderCounts` gives the one order that doors show. */
export type Counts = ReadonlyMap<string, number>;

/** One character of a key: a bit of a variable, or the space between registers. */
export type KeyCharacter = { readonly variable: VariableId; readonly bit: number } | ' ';

/** Which classical bits a count key shows, leftmost first. */
export interface CountsLayout {
  readonly characters: readonly KeyCharacter[];
  /**
   * False when no statement writes a bit that counts show; then counts are empty and the result has a
   * warning.
   */
  readonly written: boolean;
}

/**
 * The form of count keys: registers in reverse order of declaration, one space between them, consecutive
 * loose bits as one group, bit 0 rightmost (Qiskit's form). If the program declares `output` variables only
 * those appear; bits declared inside blocks never do.
 */
export function countsLayout(program: Program): CountsLayout {
  const hasOutputs = program.variables.some(({ role }) => role === 'output');
  const groups: KeyCharacter[][] = [];
  let looseGroup = false;
  program.variables.forEach(({ type, role, loose = false, inner = false }, variable) => {
    if (type.kind !== 'bit' || inner || role === 'input' || (hasOutputs && role !== 'output')) return;
    if (!loose || !looseGroup) groups.push([]);
    const group = groups.at(-1) as KeyCharacter[];
    for (let bit = 0; bit < type.width; bit++) group.push({ variable, bit });
    looseGroup = loose;
  });
  const shown = new Set(groups.flat().map((character) => (character === ' ' ? -1 : character.variable)));
  // Built with the rightmost character first.
  const characters = groups.flatMap((group, order) => (order === 0 ? group : [' ' as const, ...group]));
  return {
    characters: characters.reverse(),
    written: shown.size > 0 && writes(program.body, shown),
  };
}

/** The key of one shot; `bitOf` gives the value of each bit that the layout shows. */
export function formatKey(
  layout: CountsLayout,
  bitOf: (variable: VariableId, bit: number) => boolean,
): string {
  let key = '';
  for (const character of layout.characters) {
    if (character === ' ') key += ' ';
    else key += bitOf(character.variable, character.bit) ? '1' : '0';
  }
  return key;
}

/** The one order of counts on every door: by key, ascending. */
export const orderCounts = (counts: Counts): Map<string, number> =>
  new Map([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));

/** Does a statement of the block assign to, measure into, or hand to a subroutine one of these variables? */
const writes = (block: Block, variables: ReadonlySet<VariableId>): boolean =>
  block.some((instruction) => {
    const { targets, expressions, blocks } = partsOf(instruction);
    return (
      [...targets, ...expressions.flatMap(referencesOf)].some((target) =>
        targetVariables(target).some((variable) => variables.has(variable)),
      ) || blocks.some((inner) => writes(inner, variables))
    );
  });
