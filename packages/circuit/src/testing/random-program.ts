import fc from 'fast-check';
import { bitTarget, constantIndex } from '../constants.ts';
import type { Gate } from '../gates/gate.ts';
import { GATES } from '../gates/table.ts';
import type {
  Block,
  ClassicalType,
  Expression,
  Instruction,
  Parameter,
  Program,
  QubitRegister,
  Selector,
  Subroutine,
  Target,
  Variable,
} from '../ir.ts';

export interface RandomProgramSize {
  readonly qubitsMax: number;
  readonly operationsMax: number;
}

const SIZE_DEFAULT: RandomProgramSize = { qubitsMax: 5, operationsMax: 12 };

/**
 * A finite angle, with the multiples of π/4 that programs like; never negative zero, which AQO writes as 0.
 */
export const randomAngle = (): fc.Arbitrary<number> =>
  fc.oneof(
    fc.integer({ min: -16, max: 16 }).map((eighths) => (eighths * Math.PI) / 8 + 0),
    fc.double({ min: -10, max: 10, noNaN: true }).map((angle) => angle + 0),
  );

const distinctQubits = (qubits: number, count: number): fc.Arbitrary<number[]> =>
  fc.shuffledSubarray(
    Array.from({ length: qubits }, (_, qubit) => qubit),
    { minLength: count, maxLength: count },
  );

const gatesOn = (qubits: number): Gate[] => GATES.filter((gate) => gate.qubits > 0 && gate.qubits <= qubits);

/** A gate of the table with numeric angles, sometimes under control modifiers. */
const randomGate = (
  qubits: number,
  parameter: fc.Arbitrary<Parameter> = randomAngle(),
): fc.Arbitrary<Instruction> =>
  fc.constantFrom(...gatesOn(qubits)).chain((gate) => {
    const room = Math.min(2, qubits - gate.qubits);
    return fc.array(fc.boolean(), { maxLength: room }).chain((controls) =>
      fc
        .tuple(
          fc.tuple(...gate.parameters.map(() => parameter)),
          distinctQubits(qubits, gate.qubits + controls.length),
        )
        .map(([parameters, operands]) => ({
          kind: 'gate' as const,
          gate: gate.name,
          parameters,
          ...(controls.length > 0 && { controls }),
          qubits: operands,
        })),
    );
  });

/** Registers that tile the qubits one after the other. */
const randomRegisters = (qubits: number): fc.Arbitrary<QubitRegister[]> =>
  fc.array(fc.boolean(), { minLength: qubits, maxLength: qubits }).map((cuts) => {
    const registers: { name: string; offset: number; size: number; loose?: boolean }[] = [];
    cuts.forEach((cut, qubit) => {
      const last = registers.at(-1);
      if (last === undefined || cut) registers.push({ name: `q${registers.length}`, offset: qubit, size: 1 });
      else last.size += 1;
    });
    return registers.map((register, order) =>
      register.size === 1 && order % 2 === 1 ? { ...register, loose: true } : register,
    );
  });

const randomBits = (role: Variable['role'] = 'local'): fc.Arbitrary<Variable[]> =>
  fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 3 }).map((widths) =>
    widths.map((width, order) => ({
      name: `${role === 'output' ? 'out' : 'c'}${order}`,
      type: { kind: 'bit' as const, width: Math.max(1, width) },
      role,
      ...(width === 0 && { loose: true }),
    })),
  );

const randomMeasurement = (qubits: number, variables: readonly Variable[]): fc.Arbitrary<Instruction> =>
  fc.constantFrom(...variables.entries()).chain(([id, { type }]) =>
    fc.tuple(fc.nat(qubits - 1), fc.nat(type.kind === 'bit' ? type.width - 1 : 0)).map(([qubit, bit]) => ({
      kind: 'measure' as const,
      qubit,
      target: bitTarget({ variables }, id, bit),
    })),
  );

/** A condition on one bit, or on the value of a whole register. */
const randomCondition = (variables: readonly Variable[]): fc.Arbitrary<Expression> =>
  fc.constantFrom(...variables.entries()).chain(([variable, { type, loose }]) => {
    const width = type.kind === 'bit' ? type.width : 1;
    const whole: Expression = { kind: 'variable', variable };
    if (loose) return fc.constant(whole);
    return fc.oneof(
      fc.nat(width - 1).map<Expression>((bit) => ({ kind: 'index', base: whole, index: constantIndex(bit) })),
      fc.nat(2 ** width - 1).map<Expression>((value) => ({
        kind: 'binary',
        operator: '==',
        left: { kind: 'cast', type: { kind: 'uint', width }, operand: whole },
        right: { kind: 'int', value: BigInt(value), type: { kind: 'uint', width } },
      })),
    );
  });

/**
 * Programs that every room can take: gates, barriers, global phases, measurements and, unless `static` is
 * asked for, resets and conditional blocks on measured bits. All types fit.
 */
export const randomRunnableProgram = (
  size: RandomProgramSize = SIZE_DEFAULT,
  { isStatic = false }: { readonly isStatic?: boolean } = {},
): fc.Arbitrary<Program> =>
  fc.integer({ min: 1, max: size.qubitsMax }).chain((qubits) =>
    fc.tuple(randomRegisters(qubits), randomBits()).chain(([qubitRegisters, variables]) => {
      const flat = fc.oneof(
        { weight: 6, arbitrary: randomGate(qubits) },
        { weight: 2, arbitrary: randomMeasurement(qubits, variables) },
        {
          weight: 1,
          arbitrary: fc
            .integer({ min: 1, max: qubits })
            .chain((count) => distinctQubits(qubits, count))
            .map<Instruction>((operands) => ({ kind: 'barrier', qubits: operands })),
        },
        { weight: 1, arbitrary: randomAngle().map<Instruction>((angle) => ({ kind: 'gphase', angle })) },
      );
      const reset = fc.nat(qubits - 1).map<Instruction>((qubit) => ({ kind: 'reset', qubit }));
      const block = fc.array(fc.oneof(flat, reset), { minLength: 1, maxLength: 3 });
      const conditional = fc
        .tuple(randomCondition(variables), block, fc.option(block, { nil: undefined }))
        .map<Instruction>(([condition, body, otherwise]) => ({
          kind: 'if',
          condition,
          body,
          ...(otherwise && { otherwise }),
        }));
      const step = isStatic
        ? flat
        : fc.oneof(
            { weight: 8, arbitrary: flat },
            { weight: 1, arbitrary: reset },
            { weight: 2, arbitrary: conditional },
          );
      return fc
        .array(step, { maxLength: size.operationsMax })
        .map((body) => ({ qubits, qubitRegisters, variables, subroutines: [], body }));
    }),
  );

const randomType: fc.Arbitrary<ClassicalType> = fc.oneof(
  fc.constantFrom<ClassicalType>({ kind: 'bool' }, { kind: 'duration' }, { kind: 'stretch' }),
  fc.record({
    kind: fc.constantFrom('bit' as const, 'int' as const, 'uint' as const, 'angle' as const),
    width: fc.integer({ min: 1, max: 64 }),
  }),
  fc.record({
    kind: fc.constantFrom('float' as const, 'complex' as const),
    width: fc.constantFrom(32 as const, 64 as const),
  }),
  fc.record({
    kind: fc.constant('array' as const),
    element: fc.constant<ClassicalType>({ kind: 'int', width: 8 }),
    dimensions: fc.array(fc.nat(3), { minLength: 1, maxLength: 3 }),
  }),
);

const VARIABLES = 4;
const QUBITS = 4;
const variableId = fc.nat(VARIABLES - 1);

const { expression, target } = fc.letrec<{
  expression: Expression;
  target: Target;
  selectors: readonly Selector[];
}>((tie) => ({
  target: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ kind: fc.constant('variable' as const), variable: variableId }),
    fc.record({ kind: fc.constant('index' as const), base: tie('target'), index: tie('expression') }),
    fc.record({ kind: fc.constant('select' as const), base: tie('target'), selectors: tie('selectors') }),
    fc.record({
      kind: fc.constant('join' as const),
      parts: fc.array(tie('target'), { minLength: 1, maxLength: 2 }),
    }),
  ),
  selectors: fc.oneof(
    fc
      .array(tie('expression'), { minLength: 1, maxLength: 2 })
      .map((indices): readonly Selector[] => [{ kind: 'set', indices }]),
    fc.array(
      fc.oneof(
        fc.record({ kind: fc.constant('index' as const), index: tie('expression') }),
        fc.record(
          {
            kind: fc.constant('range' as const),
            start: tie('expression'),
            step: tie('expression'),
            stop: tie('expression'),
          },
          { requiredKeys: ['kind'] },
        ),
      ),
      { minLength: 1, maxLength: 2 },
    ),
  ),
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ kind: fc.constant('int' as const), value: fc.bigInt(), type: randomType }),
    fc.record({ kind: fc.constant('float' as const), value: fc.double() }),
    fc.record({ kind: fc.constant('bool' as const), value: fc.boolean() }),
    fc.record({ kind: fc.constant('bits' as const), value: fc.stringMatching(/^[01]{1,9}$/) }),
    fc.record({ kind: fc.constant('complex' as const), re: fc.double(), im: fc.double() }),
    fc.record({ kind: fc.constant('variable' as const), variable: variableId }),
    fc.record({ kind: fc.constant('index' as const), base: tie('expression'), index: tie('expression') }),
    fc.record({
      kind: fc.constant('slice' as const),
      base: tie('expression'),
      start: tie('expression'),
      step: tie('expression'),
      stop: tie('expression'),
    }),
    fc.record({ kind: fc.constant('select' as const), base: tie('expression'), selectors: tie('selectors') }),
    fc.record({
      kind: fc.constant('unary' as const),
      operator: fc.constantFrom('-' as const, '!' as const, '~' as const),
      operand: tie('expression'),
    }),
    fc.record({
      kind: fc.constant('binary' as const),
      operator: fc.constantFrom(
        '+' as const,
        '**' as const,
        '==' as const,
        '&&' as const,
        '<<' as const,
        '++' as const,
      ),
      left: tie('expression'),
      right: tie('expression'),
    }),
    fc.record({ kind: fc.constant('cast' as const), type: randomType, operand: tie('expression') }),
    fc.record({
      kind: fc.constant('builtin' as const),
      name: fc.constantFrom('sin', 'popcount', 'durationof'),
      arguments: fc.array(tie('expression'), { maxLength: 2 }),
    }),
    fc
      .tuple(tie('expression'), tie('target'), distinctQubits(QUBITS, QUBITS))
      .map<Expression>(([value, reference, qubits]) => ({
        kind: 'call',
        subroutine: 0,
        arguments: [
          { kind: 'value', value },
          { kind: 'reference', target: reference },
          { kind: 'qubits', qubits },
        ],
      })),
  ),
}));

const qubit = fc.oneof(
  fc.nat(QUBITS - 1),
  fc.record({ offset: fc.constant(0), size: fc.constant(QUBITS), index: expression }),
  fc.record({ among: fc.constant([2, 0]), index: expression }),
);
const parameter: fc.Arbitrary<Parameter> = fc.oneof(randomAngle(), expression);
const kind = <K extends string>(name: K): fc.Arbitrary<K> => fc.constant(name);

const flatInstruction: fc.Arbitrary<Instruction> = fc.oneof(
  randomGate(QUBITS, parameter),
  fc.record({ kind: kind('gphase'), angle: parameter }),
  fc.record({
    kind: kind('gphase'),
    angle: parameter,
    controls: fc.constant([true]),
    qubits: qubit.map((q) => [q]),
  }),
  fc.record({ kind: kind('measure'), qubit, target }, { requiredKeys: ['kind', 'qubit'] }),
  fc.record({ kind: kind('reset'), qubit }),
  fc.record({ kind: kind('barrier'), qubits: distinctQubits(QUBITS, 3) }),
  fc.record({ kind: kind('delay'), duration: expression, qubits: qubit.map((q) => [q]) }),
  fc.record({ kind: kind('assign'), target, value: expression }),
  fc.record({ kind: kind('evaluate'), value: expression }),
  fc.record({ kind: kind('end') }),
);

const { block } = fc.letrec<{ block: Block; instruction: Instruction; loop: Block }>((tie) => ({
  block: fc.array(tie('instruction'), { maxLength: 4 }),
  loop: tie('block').chain((body) =>
    fc.constantFrom<Block>(body, [...body, { kind: 'break' }], [{ kind: 'continue' }, ...body]),
  ),
  instruction: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    flatInstruction,
    fc.record(
      { kind: kind('box'), duration: expression, body: tie('block') },
      { requiredKeys: ['kind', 'body'] },
    ),
    fc.record(
      { kind: kind('if'), condition: expression, body: tie('block'), otherwise: tie('block') },
      { requiredKeys: ['kind', 'condition', 'body'] },
    ),
    fc.record(
      {
        kind: kind('switch'),
        subject: expression,
        cases: fc.array(fc.record({ values: fc.array(fc.bigInt(), { maxLength: 2 }), body: tie('block') }), {
          maxLength: 2,
        }),
        otherwise: tie('block'),
      },
      { requiredKeys: ['kind', 'subject', 'cases'] },
    ),
    fc.record({
      kind: kind('for'),
      variable: variableId,
      over: fc.oneof(
        fc.record({ kind: kind('range'), start: expression, step: expression, stop: expression }),
        fc.record({ kind: kind('set'), values: fc.array(expression, { maxLength: 3 }) }),
        fc.record({ kind: kind('elements'), array: expression }),
      ),
      body: tie('loop'),
    }),
    fc.record({ kind: kind('while'), condition: expression, body: tie('loop') }),
  ),
}));

const variables: fc.Arbitrary<Variable[]> = fc
  .array(fc.tuple(randomType, fc.constantFrom('local' as const, 'input' as const, 'output' as const)), {
    minLength: VARIABLES,
    maxLength: VARIABLES,
  })
  .map((types) => types.map(([type, role], order) => ({ name: `v${order}`, type, role })));

const subroutine: fc.Arbitrary<Subroutine> = fc
  .tuple(
    variables,
    block,
    fc.option(randomType, { nil: undefined }),
    fc.option(expression, { nil: undefined }),
  )
  .map(([locals, body, result, value]) => ({
    name: 'sub',
    parameters: [
      { kind: 'value', variable: 0 },
      { kind: 'reference', variable: 1 },
      { kind: 'qubits', offset: 0, size: QUBITS },
    ],
    ...(result && { result }),
    locals,
    body: [...body, { kind: 'return', ...(value && { value }) }],
  }));

/**
 * Programs of every node of the IR. Indices are in range; types need not fit, so they can be stored but not
 * run.
 */
export const randomProgram = (): fc.Arbitrary<Program> =>
  fc
    .tuple(randomRegisters(QUBITS), variables, subroutine, block)
    // The clone gives ordinary prototypes to the records that fast-check builds without one.
    .map(([qubitRegisters, main, sub, body]) =>
      structuredClone({ qubits: QUBITS, qubitRegisters, variables: main, subroutines: [sub], body }),
    );
