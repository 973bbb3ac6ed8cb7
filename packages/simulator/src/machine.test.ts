import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ClassicalType,
  type Expression,
  type Instruction,
  OPEN_LENGTH,
  type Program,
  type Subroutine,
  type Target,
  type Variable,
} from '@qfs/circuit';
import { CALLS_ELEMENTS_MAX, EXECUTION_DEPTH_MAX, QfsError, SHOT_STEPS_MAX } from '@qfs/core';
import { Machine } from './machine.ts';
import { StateVector } from './state-vector.ts';
import { bits, gate, isOne, item, measure, program, resultsOf } from './testing/programs.ts';

const int = (value: number | bigint, width = 32): Expression => ({
  kind: 'int',
  value: BigInt(value),
  type: { kind: 'int', width },
});
const uint = (value: number, width: number): Expression => ({
  kind: 'int',
  value: BigInt(value),
  type: { kind: 'uint', width },
});
const real = (value: number): Expression => ({ kind: 'float', value });
const bitText = (value: string): Expression => ({ kind: 'bits', value });
const truth = (value: boolean): Expression => ({ kind: 'bool', value });
const variable = (id: number): Expression => ({ kind: 'variable', variable: id });
const op = (left: Expression, operator: string, right: Expression): Expression => ({
  kind: 'binary',
  operator: operator as '+',
  left,
  right,
});
const not = (operator: '-' | '!' | '~', operand: Expression): Expression => ({
  kind: 'unary',
  operator,
  operand,
});
const to = (type: ClassicalType, operand: Expression): Expression => ({ kind: 'cast', type, operand });
const call = (name: string, ...values: Expression[]): Expression => ({
  kind: 'builtin',
  name,
  arguments: values,
});
const set = (id: number, value: Expression): Instruction => ({
  kind: 'assign',
  target: { kind: 'variable', variable: id },
  value,
});

const INT: ClassicalType = { kind: 'int', width: 32 };
const UINT8: ClassicalType = { kind: 'uint', width: 8 };
const FLOAT: ClassicalType = { kind: 'float', width: 64 };
const BOOL: ClassicalType = { kind: 'bool' };
const ANGLE: ClassicalType = { kind: 'angle', width: 4 };
const COMPLEX: ClassicalType = { kind: 'complex', width: 64 };
const result = (type: ClassicalType, name = 'r'): Variable => ({ name, type, role: 'output' });
const local = (type: ClassicalType, name: string): Variable => ({ name, type, role: 'local' });

/** The one value that the output `r` ends with. */
function outcomeOf(source: Program, shots = 1): string {
  const { outputs, counts } = resultsOf(item(source, { shots }))[0]!;
  return [...(outputs.get('r') ?? counts).keys()].join(' or ');
}

const computed = (type: ClassicalType, expression: Expression): string =>
  outcomeOf(program(1, [result(type)], [set(0, expression)]));

const faultOf = (source: Program): string => {
  try {
    outcomeOf(source);
  } catch (error) {
    assert.ok(error instanceof QfsError);
    return `${error.code}: ${error.message}`;
  }
  return 'no fault';
};

test('integers wrap at their width, and the wider type wins', () => {
  assert.equal(computed(INT, op(int(2 ** 31 - 1), '+', int(1))), '-2147483648');
  assert.equal(computed(UINT8, op(uint(250, 8), '+', uint(10, 8))), '4');
  assert.equal(computed(INT, op(uint(250, 8), '+', int(10))), '260');
  assert.equal(computed(INT, op(int(-7), '/', int(2))), '-3');
  assert.equal(computed(INT, op(int(-7), '%', int(2))), '-1');
  assert.equal(computed(INT, op(int(3), '**', int(4))), '81');
  assert.equal(
    computed({ kind: 'uint', width: 64 }, op(uint(3, 64), '**', uint(1000, 64))),
    String(3n ** 1000n % 2n ** 64n),
  );
  assert.equal(computed(UINT8, not('-', uint(1, 8))), '255');
  assert.equal(computed(UINT8, not('~', uint(1, 8))), '254');
});

test('bit registers compare as numbers and combine bit by bit', () => {
  const byte: ClassicalType = { kind: 'bit', width: 4 };
  assert.equal(computed(byte, op(bitText('1100'), '&', bitText('1010'))), '1000');
  assert.equal(computed(byte, op(bitText('1100'), '^', bitText('1010'))), '0110');
  assert.equal(computed(byte, op(bitText('0011'), '<<', int(2))), '1100');
  assert.equal(computed(byte, op(bitText('1100'), '>>', int(9))), '0000');
  assert.equal(computed(byte, op(bitText('10'), '++', bitText('01'))), '0110');
  assert.equal(computed(byte, call('rotl', bitText('1001'), int(1))), '0011');
  assert.equal(computed(byte, call('rotr', bitText('1001'), int(5))), '1100');
  assert.equal(computed(INT, call('popcount', bitText('10110'))), '3');
  assert.equal(computed(BOOL, op(bitText('0101'), '==', int(5))), 'true');
  assert.equal(
    computed(
      { kind: 'bit', width: 3 },
      { kind: 'slice', base: bitText('110100'), start: int(2), step: int(1), stop: int(-2) },
    ),
    '101',
  );
});

test('floats, complex numbers and angles follow their own rules', () => {
  assert.equal(computed(FLOAT, call('sqrt', real(2))), String(Math.SQRT2));
  assert.equal(computed(FLOAT, call('mod', real(7.5), int(2))), '1.5');
  assert.equal(computed(FLOAT, call('arccos', real(-1))), String(Math.PI));
  assert.equal(computed({ kind: 'float', width: 32 }, real(0.1)), String(Math.fround(0.1)));
  assert.equal(
    computed(COMPLEX, op({ kind: 'complex', re: 1, im: 2 }, '*', { kind: 'complex', re: 0, im: 1 })),
    '-2+1im',
  );
  assert.equal(computed(FLOAT, call('imag', op({ kind: 'complex', re: 0, im: 2 }, '/', real(4)))), '0.5');
  assert.equal(computed(ANGLE, to(ANGLE, real(-Math.PI / 2))), String(1.5 * Math.PI));
  assert.equal(computed(ANGLE, op(to(ANGLE, real(Math.PI)), '+', to(ANGLE, real(Math.PI)))), '0');
  assert.equal(computed(ANGLE, op(to(ANGLE, real(Math.PI)), '/', int(4))), String(Math.PI / 4));
  assert.equal(
    computed({ kind: 'bit', width: 4 }, to({ kind: 'bit', width: 4 }, to(ANGLE, real(Math.PI)))),
    '1000',
  );
  const wide: ClassicalType = { kind: 'angle', width: 64 };
  const asBits: ClassicalType = { kind: 'bit', width: 64 };
  // As many units of 2π/2^64 as the nearest double says, to the last bit.
  const units = (0.25 / (2 * Math.PI)) * 2 ** 64;
  assert.equal(
    computed(asBits, to(asBits, to(wide, real(0.25)))),
    BigInt(units).toString(2).padStart(64, '0'),
  );
  assert.equal(computed(BOOL, op(int(2), '<', real(2.5))), 'true');
});

test('a decided && or || does not evaluate its right side', () => {
  const impossible = op(op(int(1), '/', int(0)), '==', int(0));
  assert.equal(computed(BOOL, op(truth(false), '&&', impossible)), 'false');
  assert.equal(computed(BOOL, op(truth(true), '||', impossible)), 'true');
});

test('loops, switch, break and continue run as written', () => {
  const range = (from: number, step: number, upTo: number) =>
    ({ kind: 'range', start: int(from), step: int(step), stop: int(upTo) }) as const;
  const sum = set(0, op(variable(0), '+', variable(1)));
  const variables = [result(INT), local(INT, 'i')];
  const loop = (over: Extract<Instruction, { kind: 'for' }>['over'], body: Instruction[] = [sum]): string =>
    outcomeOf(program(1, variables, [{ kind: 'for', variable: 1, over, body }]));
  assert.equal(loop(range(1, 1, 10)), '55');
  assert.equal(loop(range(10, -3, 1)), '22');
  assert.equal(loop({ kind: 'set', values: [int(5), int(-2)] }), '3');
  assert.equal(loop({ kind: 'elements', array: bitText('1101') }), '3');
  // What a loop goes over is known before its body changes anything.
  assert.equal(loop({ kind: 'set', values: [int(5), variable(0)] }), '5');
  const first: Target = { kind: 'index', base: { kind: 'variable', variable: 2 }, index: int(1) };
  const fill: Instruction = { kind: 'assign', target: first, value: int(7) };
  const overArray = program(
    1,
    [...variables, local({ kind: 'array', element: INT, dimensions: [2] }, 'a')],
    [{ kind: 'for', variable: 1, over: { kind: 'elements', array: variable(2) }, body: [fill, sum] }],
  );
  assert.equal(outcomeOf(overArray), '0');
  const even = op(op(variable(1), '%', int(2)), '==', int(0));
  assert.equal(
    loop(range(1, 1, 10), [{ kind: 'if', condition: even, body: [{ kind: 'continue' }] }, sum]),
    '25',
  );
  const late = op(variable(1), '>', int(4));
  assert.equal(
    loop(range(1, 1, 10), [{ kind: 'if', condition: late, body: [{ kind: 'break' }] }, sum]),
    '10',
  );
  const chosen = (subject: number): string =>
    outcomeOf(
      program(1, variables, [
        {
          kind: 'switch',
          subject: int(subject),
          cases: [
            { values: [1n, 2n], body: [set(0, int(12))] },
            { values: [3n], body: [set(0, int(3))] },
          ],
          otherwise: [set(0, int(-1))],
        },
      ]),
    );
  assert.deepEqual([1, 2, 3, 4].map(chosen), ['12', '12', '3', '-1']);
});

test('arrays are assigned by element, copied as a whole, and passed by reference', () => {
  const array: ClassicalType = { kind: 'array', element: INT, dimensions: [2, 2] };
  const variables = [result(array), local(array, 'copy')];
  const element = (id: number, i: number, j: number) =>
    ({
      kind: 'index',
      base: { kind: 'index', base: { kind: 'variable', variable: id }, index: int(i) },
      index: int(j),
    }) as const;
  const body: Instruction[] = [
    { kind: 'assign', target: element(0, 0, 1), value: int(5) },
    set(1, variable(0)),
    { kind: 'assign', target: element(1, 0, 1), value: int(9) },
    { kind: 'assign', target: element(0, -1, -1), value: element(1, 0, 1) },
  ];
  assert.equal(outcomeOf(program(1, variables, body)), '{{0, 5}, {0, 9}}');
  assert.equal(
    faultOf(program(1, variables, [{ kind: 'assign', target: element(0, 2, 0), value: int(1) }])),
    'PROGRAM_FAULT: Index 2 is outside of 0 to 1.',
  );
});

const FACTORIAL: Subroutine = {
  name: 'factorial',
  parameters: [{ kind: 'value', variable: 0 }],
  result: INT,
  locals: [local(INT, 'n')],
  body: [
    { kind: 'if', condition: op(variable(0), '<', int(2)), body: [{ kind: 'return', value: int(1) }] },
    {
      kind: 'return',
      value: op(variable(0), '*', {
        kind: 'call',
        subroutine: 0,
        arguments: [{ kind: 'value', value: op(variable(0), '-', int(1)) }],
      }),
    },
  ],
};

const factorial = (n: number): Program => ({
  ...program(
    1,
    [result(INT)],
    [set(0, { kind: 'call', subroutine: 0, arguments: [{ kind: 'value', value: int(n) }] })],
  ),
  subroutines: [FACTORIAL],
});

test('subroutines call themselves, to a bounded depth', () => {
  assert.equal(outcomeOf(factorial(10)), '3628800');
  // The main program takes two levels, a call three, and the innermost comparison one more.
  const deepest = Math.floor((EXECUTION_DEPTH_MAX - 2) / 3);
  assert.equal(outcomeOf(factorial(deepest)), '0');
  assert.match(faultOf(factorial(deepest + 1)), /^PROGRAM_FAULT: .*nest deeper than 2000 levels/);
});

test('a subroutine acts on the qubits and the variables it is given', () => {
  const entangle: Subroutine = {
    name: 'flip_and_count',
    parameters: [
      { kind: 'qubits', offset: 0, size: 2 },
      { kind: 'reference', variable: 0 },
    ],
    locals: [local(INT, 'calls')],
    body: [gate('x', [1]), gate('cx', [1, 0]), set(0, op(variable(0), '+', int(1)))],
  };
  const source: Program = {
    ...program(
      4,
      [result({ kind: 'bit', width: 4 }), { ...local(INT, 'calls'), role: 'output' }],
      [
        {
          kind: 'evaluate',
          value: {
            kind: 'call',
            subroutine: 0,
            arguments: [
              { kind: 'qubits', qubits: [3, { offset: 0, size: 2, index: int(-1) }] },
              { kind: 'reference', target: { kind: 'variable', variable: 1 } },
            ],
          },
        },
        ...[0, 1, 2, 3].map((q) => measure(q, 0, q)),
      ],
    ),
    subroutines: [entangle],
  };
  const { counts, outputs } = resultsOf(item(source, { shots: 5 }))[0]!;
  assert.deepEqual([...counts], [['1010', 5]]);
  assert.deepEqual([...outputs.get('calls')!], [['1', 5]]);
});

test('calls hold CALLS_ELEMENTS_MAX elements of arrays and not one more', () => {
  const row: ClassicalType = { kind: 'array', element: { kind: 'bool' }, dimensions: [1024] };
  const open: ClassicalType = { kind: 'array', element: { kind: 'bool' }, dimensions: [OPEN_LENGTH] };
  const part = { kind: 'select', selectors: [{ kind: 'range' }] } as const;
  /** Every call is given a copy of a row, and makes the next call until the count is down. */
  const holding = (calls: number, more: readonly Variable[]): Program => {
    const call = (variable: number, count: Expression): Instruction => ({
      kind: 'evaluate',
      value: {
        kind: 'call',
        subroutine: 0,
        arguments: [
          { kind: 'reference', target: { ...part, base: { kind: 'variable', variable } } },
          { kind: 'value', value: count },
        ],
      },
    });
    const deeper: Instruction = {
      kind: 'if',
      condition: op(variable(1), '>', int(1)),
      body: [call(0, op(variable(1), '-', int(1)))],
    };
    const subroutine: Subroutine = {
      name: 'hold',
      parameters: [
        { kind: 'reference', variable: 0 },
        { kind: 'value', variable: 1 },
      ],
      locals: [local(open, 'row'), local(INT, 'n'), ...more],
      body: [deeper],
    };
    return {
      ...program(1, [local(row, 'row'), result(INT)], [call(0, int(calls))]),
      subroutines: [subroutine],
    };
  };
  const own = (length: number): Variable[] => [
    local({ ...row, dimensions: [length] } as ClassicalType, 'own'),
  ];
  const perCall = CALLS_ELEMENTS_MAX / 64 - 1024;
  assert.equal(outcomeOf(holding(64, own(perCall))), '0');
  assert.match(faultOf(holding(64, own(perCall + 1))), /^PROGRAM_FAULT: .* hold more than 2097152 elements/);
});

test('a shot may take SHOT_STEPS_MAX steps and not one more', () => {
  const body: Instruction[] = [set(0, int(1)), set(0, int(2)), set(0, int(3))];
  const source = program(1, [result(INT)], body);
  const host = { state: new StateVector(0), places: Int32Array.of(-1), uniform: () => 0 };
  const machineAfter = (steps: number): Machine =>
    new Machine(source, host, [{ kind: 'int', width: 32, value: 0n }], steps);
  assert.equal(machineAfter(SHOT_STEPS_MAX - 3).run(body), 'normal');
  assert.throws(
    () => machineAfter(SHOT_STEPS_MAX - 2).run(body),
    (error) => error instanceof QfsError && error.code === 'SHOT_STEPS_EXCEEDED',
  );
});

test('loops without a body count their turns', () => {
  const source = program(1, [result(INT)], [{ kind: 'while', condition: truth(true), body: [] }]);
  assert.match(faultOf(source), /^SHOT_STEPS_EXCEEDED: One shot took more than 10000000 steps/);
});

test('run-time faults name the value', () => {
  const faults = [
    faultOf(program(1, [result(INT)], [set(0, op(int(5), '/', int(0)))])),
    faultOf(program(1, [result(INT)], [set(0, op(int(2), '**', int(-1)))])),
    faultOf(program(1, [result(BOOL)], [set(0, { kind: 'index', base: bitText('10'), index: int(2) })])),
    faultOf(
      program(
        2,
        [bits('c', 1)],
        [gate('cx', [0, 1]), gate('rx', [0], op(real(1), '/', real(0))), measure(0, 0, 0)],
      ),
    ),
    faultOf(
      program(
        2,
        [bits('c', 1), local(INT, 'i')],
        [
          {
            kind: 'gate',
            gate: 'cx',
            parameters: [],
            qubits: [0, { offset: 0, size: 2, index: variable(1) }],
          },
          measure(0, 0, 0),
        ],
      ),
    ),
  ];
  assert.deepEqual(faults, [
    'PROGRAM_FAULT: 5 / 0: an integer cannot be divided by zero.',
    'PROGRAM_FAULT: 2 ** -1: an integer power needs an exponent of at least 0.',
    'PROGRAM_FAULT: Index 2 is outside of 0 to 1.',
    'PROGRAM_FAULT: A gate cannot take the parameter Infinity.',
    'PROGRAM_FAULT: A gate cannot act twice on the same qubit; its operands are 0, 0.',
  ]);
});

test('`end` ends the shot, in blocks and in subroutines', () => {
  const source = program(
    1,
    [bits('c', 2)],
    [
      gate('h', [0]),
      measure(0, 0, 0),
      { kind: 'if', condition: isOne(0, 0), body: [{ kind: 'end' }] },
      gate('x', [0]),
      measure(0, 0, 1),
    ],
  );
  assert.deepEqual([...resultsOf(item(source))[0]!.counts.keys()], ['01', '10']);
  const ending: Subroutine = { name: 'stop', parameters: [], locals: [], body: [{ kind: 'end' }] };
  const called: Program = {
    ...program(
      1,
      [bits('c', 1)],
      [
        { kind: 'evaluate', value: { kind: 'call', subroutine: 0, arguments: [] } },
        gate('x', [0]),
        measure(0, 0, 0),
      ],
    ),
    subroutines: [ending],
  };
  assert.deepEqual([...resultsOf(item(called))[0]!.counts], [['0', 1024]]);
});
