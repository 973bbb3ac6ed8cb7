import { type Block, expressionsIn, expressionsOf, instructionsIn, type Program } from '@qfs/circuit';

/** The program without subroutines that nothing calls: a device does not run what they are made of. */
export function withoutUncalled(program: Program): Program {
  if (program.subroutines.length === 0) return program;
  const called = new Set<number>();
  const visit = (block: Block): void => {
    for (const instruction of instructionsIn(block)) {
      for (const expression of expressionsIn(expressionsOf(instruction))) {
        if (expression.kind !== 'call' || called.has(expression.subroutine)) continue;
        called.add(expression.subroutine);
        visit(program.subroutines[expression.subroutine]!.body);
      }
    }
  };
  visit(program.body);
  return called.size === 0 ? { ...program, subroutines: [] } : program;
}
