import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AQO_DEPTH_MAX, CIRCUIT_QUBITS_MAX } from '@qfs/core';
import { hex, sha256, utf8 } from '@qfs/core/exact';
import { jcs } from '@qfs/core/json';
import fc from 'fast-check';
import type { Expression, Program } from '../ir.ts';
import { BELL, gate, program } from '../testing/circuits.ts';
import { assertGoldenJson } from '../testing/golden.ts';
import { randomProgram, randomRunnableProgram } from '../testing/random-program.ts';
import { aqoDigest, readAqo, writeAqo, writeAqoProto } from './aqo.ts';
import { aqoSchema } from './nodes.ts';

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const versionOf = (bytes: Uint8Array): unknown => JSON.parse(decode(bytes)).version;

const BELL_AQO =
  '{"metadata":{"bits":[{"name":"c","size":2}],"qubits":[{"name":"q","size":2}]},"operations":' +
  '[{"op":"H","q":[0]},{"op":"CX","q":[0,1]},{"c":[0],"op":"MEASURE","q":[0]},{"c":[1],"op":"MEASURE","q":[1]}],' +
  '"qubits":2,"version":"1.0.0"}';

const read = (document: unknown): Program | string => {
  const result = readAqo(typeof document === 'string' ? utf8(document) : utf8(JSON.stringify(document)));
  return result.ok ? result.value : `${result.error.code}: ${result.error.message}`;
};

test('AQO-1, AQO-2: Bell needs only operations of version 1.0.0 and is exactly this text', () => {
  assert.equal(decode(writeAqo(BELL)), BELL_AQO);
  assert.equal(aqoDigest(writeAqo(BELL)), `sha256:${hex(sha256(utf8(BELL_AQO)))}`);
});

test('AQO-1: any program is read back as it was written, from canonical bytes', () => {
  fc.assert(
    fc.property(fc.oneof(randomProgram(), randomRunnableProgram()), (written) => {
      const bytes = writeAqo(written);
      assert.equal(jcs(JSON.parse(decode(bytes))), decode(bytes));
      const result = readAqo(bytes);
      assert.ok(result.ok, result.ok ? '' : result.error.message);
      assert.deepEqual(result.value, written);
      assert.deepEqual(writeAqo(result.value), bytes);
    }),
    { numRuns: 300 },
  );
});

test('AQO-4: version 1.1.0 is used as soon as something is beyond 1.0.0, and not before', () => {
  const one = (...body: Program['body']): unknown => versionOf(writeAqo(program(3, [], [...body])));
  assert.equal(one(gate('ccx', [0, 1, 2]), gate('rz', [1], 0.5), { kind: 'reset', qubit: 0 }), '1.0.0');
  assert.equal(one(), '1.0.0');
  assert.equal(one(gate('sdg', [0])), '1.1.0');
  assert.equal(one({ kind: 'barrier', qubits: [0] }), '1.1.0');
  assert.equal(one({ kind: 'measure', qubit: 0 }), '1.1.0');
  assert.equal(one({ kind: 'gate', gate: 'x', parameters: [], controls: [true], qubits: [0, 1] }), '1.1.0');
  assert.equal(one(gate('rx', [0], { kind: 'float', value: 1 })), '1.1.0');
  const withInputs = (...inputs: Partial<Program['variables'][number]>[]): unknown => {
    const input = { name: 'a', type: { kind: 'float', width: 64 }, role: 'input' } as const;
    const turned = gate('rx', [0], { kind: 'variable', variable: 0 });
    return versionOf(
      writeAqo(
        program(
          1,
          inputs.map((change) => ({ ...input, ...change })),
          [turned],
        ),
      ),
    );
  };
  assert.equal(withInputs({}), '1.0.0');
  assert.equal(withInputs({}, { name: 'unused' }), '1.0.0');
  assert.equal(withInputs({ name: 'θ' }), '1.1.0');
  assert.equal(withInputs({ type: { kind: 'angle', width: 64 } }), '1.1.0');
  const bits = { name: 'c', type: { kind: 'bit', width: 1 }, role: 'local' } as const;
  assert.equal(withInputs({}, bits), '1.1.0', 'inputs come behind the bits');
  assert.equal(versionOf(writeAqo(program(0, [], []))), '1.1.0');
});

test('AQO-12: negative zero, infinity and huge integers survive in expressions', () => {
  const values: Expression[] = [
    ...[-0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN].map((value) => ({
      kind: 'float' as const,
      value,
    })),
    { kind: 'int', value: -(2n ** 200n), type: { kind: 'int', width: 256 } },
  ];
  const written = program(
    1,
    [],
    values.map((value) => ({ kind: 'evaluate', value })),
  );
  assert.deepEqual(read(decode(writeAqo(written))), written);
  assert.match(
    decode(writeAqo(written)),
    /"-0".*"inf".*"-inf".*"nan".*"-1606938044258990275541962092341162602522/,
  );
});

test('AQO-5 to AQO-8: versions 0.1 and 1.0.0 written elsewhere are read, with names q and c', () => {
  const operations = [
    { op: 'RX', q: [0], params: { theta: 'alpha' } },
    { op: 'MEASURE', q: [0, 1], c: [2, 0], basis: 'Y' },
    { op: 'RESET', q: [1] },
  ];
  const expected: Program = {
    qubits: 2,
    qubitRegisters: [{ name: 'q', offset: 0, size: 2 }],
    variables: [
      { name: 'c', type: { kind: 'bit', width: 3 }, role: 'local' },
      { name: 'alpha', type: { kind: 'float', width: 64 }, role: 'input' },
    ],
    subroutines: [],
    body: [
      gate('rx', [0], { kind: 'variable', variable: 1 }),
      ...[
        [0, 2],
        [1, 0],
      ].flatMap(([qubit, bit]) => [
        gate('sdg', [qubit as number]),
        gate('h', [qubit as number]),
        {
          kind: 'measure' as const,
          qubit: qubit as number,
          target: {
            kind: 'index' as const,
            base: { kind: 'variable' as const, variable: 0 },
            index: {
              kind: 'int' as const,
              value: BigInt(bit as number),
              type: { kind: 'int' as const, width: 64 },
            },
          },
        },
      ]),
      { kind: 'reset', qubit: 1 },
    ],
  };
  assert.deepEqual(read({ version: '1.0.0', qubits: 2, operations, topology: {}, checksums: {} }), expected);
  const unknown = {
    version: '0.1',
    qubits: 2,
    operations: [{ ...operations[0], hint: 1 }, ...operations.slice(1)],
    x: 1,
  };
  assert.deepEqual(read(unknown), expected);
});

/** A document, broken in one place, and what is said about it. */
const FAULTS: readonly (readonly [document: unknown, problem: string])[] = [
  ['', 'not JSON: expected a value, found the end (line 1, column 1)'],
  ['{"version":"1.0.0","version":"1.0.0"}', 'not JSON: the key "version" comes twice (line 1, column 20)'],
  ['[]', 'an array of 0; it must be an object'],
  [{ version: '1.0.0', qubits: 0, operations: [] }, '$.qubits: expected an integer from 1 to 4096, found 0'],
  [
    { version: '1.0.0', qubits: CIRCUIT_QUBITS_MAX + 1, operations: [] },
    '$.qubits: expected an integer from 1 to 4096, found 4097',
  ],
  [{ version: '1.0.0', qubits: 1 }, '$.operations: expected an array, found nothing'],
  [{ version: '1.0.0', qubits: 1, operations: [], extra: 1 }, '$: the key "extra" is not allowed here'],
  ...(
    [
      [{ op: 'H', q: [2] }, '$.operations[0].q[0]: expected an integer from 0 to 1, found 2'],
      [{ op: 'h', q: [0] }, '$.operations[0].op: expected one of MEASURE, RESET, RX, RY'],
      [{ op: 'CX', q: [0] }, '$.operations[0]: CX acts on 2 qubits, q names 1'],
      [{ op: 'CX', q: [0, 0] }, '$.operations[0]: q names the same qubit twice'],
      [{ op: 'X', q: [0], note: 1 }, '$.operations[0]: the key "note" is not allowed here'],
      [{ op: 'X', q: [0], c: [0] }, '$.operations[0]: the key "c" is not allowed here'],
      [
        { op: 'RX', q: [0] },
        '$.operations[0].params: expected a finite number or a symbol as theta, found nothing',
      ],
      [
        { op: 'RX', q: [0], params: { theta: '1x' } },
        'expected a finite number or a symbol as theta, found "1x"',
      ],
      [{ op: 'MEASURE', q: [0, 1], c: [0] }, 'MEASURE needs as many different bits in c as qubits in q'],
      [{ op: 'MEASURE', q: [0, 1], c: [0, 0] }, 'MEASURE needs as many different bits in c as qubits in q'],
      [{ op: 'MEASURE', q: [0], c: [65536] }, '$.operations[0].c[0]: expected an integer from 0 to 65535'],
      [
        { op: 'MEASURE', q: [0], c: [0], basis: 'W' },
        '$.operations[0].basis: expected one of X, Y, Z, found "W"',
      ],
    ] as const
  ).map(
    ([operation, problem]) => [{ version: '1.0.0', qubits: 2, operations: [operation] }, problem] as const,
  ),
  [{ version: '1.0.0', qubits: 1, operations: [], metadata: 5 }, '$.metadata: expected an object, found 5'],
  [
    { version: '0.1', qubits: 1, operations: [{ op: 'H', q: [0] }] },
    '$.operations[0].op: expected one of MEASURE, RESET, RX, RY, RZ, CX, found "H"',
  ],
  [
    { version: '1.0.0', qubits: 2, operations: [], metadata: { qubits: [{ name: 'q', size: 1 }] } },
    '$.metadata: the registers hold 1 qubits, the circuit 2',
  ],
  [
    {
      version: '1.0.0',
      qubits: 1,
      operations: [{ op: 'MEASURE', q: [0], c: [1] }],
      metadata: { bits: [{ name: 'c', size: 1 }] },
    },
    '$.metadata: the registers hold 1 bits, bit 1 is measured into',
  ],
  [
    { version: '1.1.0', qubits: 1, registers: [], variables: [], subroutines: [] },
    'the key "operations" is missing',
  ],
];

test('AQO-6: parameters are inputs in their order, then symbols as they appear', () => {
  const rx = (theta: string) => ({ op: 'RX', q: [0], params: { theta } });
  const namesOf = (document: object): unknown => {
    const answer = read({
      qubits: 1,
      operations: [rx('b'), rx('a'), rx('c')],
      version: '1.0.0',
      ...document,
    });
    return typeof answer === 'string' ? answer : answer.variables.map(({ name }) => name).join(' ');
  };
  assert.equal(namesOf({}), 'b a c');
  assert.equal(namesOf({ parameters: [{ name: 'a' }, { name: 'z', init: 1 }] }), 'a z b c');
  assert.equal(namesOf({ parameters: { a: 0.5, c: null } }), 'a c b');
  assert.equal(namesOf({ parameters: 7, version: '0.1' }), 'b a c');
  for (const [parameters, problem] of [
    [7, '$.parameters: expected an array or an object, found 7'],
    [['a'], '$.parameters[0]: expected an object, found "a"'],
    [[{ name: '1a' }], '$.parameters[0].name: expected a symbol of letters, digits and _, found "1a"'],
    [[{ name: 'a' }, { name: 'a' }], '$.parameters: a parameter is named twice'],
  ] as const) {
    assert.match(String(namesOf({ parameters })), new RegExp(problem.replaceAll(/[$[\]().]/g, '\\$&')));
  }
});

test('AQO-5: a checksum that a document names of itself is checked', () => {
  const document = { version: '1.0.0', qubits: 1, operations: [{ op: 'H', q: [0] }] };
  const sum = hex(sha256(utf8(jcs(document))));
  for (const sha256 of [sum, `sha256:${sum}`, undefined]) {
    assert.equal(typeof read({ ...document, checksums: { sha256, other: 'x' } }), 'object');
  }
  assert.match(
    String(read({ ...document, checksums: { sha256: `${sum.slice(1)}0` } })),
    /^AQO_INVALID: .* at \$\.checksums\.sha256: the document has the SHA-256 sha256:/,
  );
  assert.match(String(read({ ...document, checksums: 'x' })), /\$\.checksums: expected an object/);
});

test('AQO-17: any program is a message too, which is read back as it was written', () => {
  fc.assert(
    fc.property(fc.oneof(randomProgram(), randomRunnableProgram()), (written) => {
      const result = readAqo(writeAqoProto(written));
      assert.ok(result.ok, result.ok ? '' : result.error.message);
      assert.deepEqual(result.value, written);
    }),
    { numRuns: Number(process.env.QFS_PROPERTY_RUNS ?? 60) },
  );
  assert.equal(
    hex(writeAqoProto(BELL)),
    [
      ['0a05', '312e302e30', '1002'],
      ['1a06', '0a0148', '120100'],
      ['1a08', '0a024358', '12020001'],
      ['1a0f', '0a074d454153555245', '120100', '1a0100'],
      ['1a0f', '0a074d454153555245', '120101', '1a0101'],
      ['a20605', '0a0171', '1002', 'aa0605', '0a0163', '1002'],
    ]
      .flat()
      .join(''),
  );
});

test('AQO-17: a message that is cut, changed or none is refused, never thrown on', () => {
  const bytes = writeAqoProto(BELL);
  const said = (message: Uint8Array): string => {
    const result = readAqo(message);
    return result.ok ? 'ok' : result.error.message;
  };
  for (const [broken, problem] of [
    [Uint8Array.of(0x0a, 0x05, 0x31), 'it ends within a field'],
    [Uint8Array.of(0x10, 0x80), 'it ends within a number'],
    [Uint8Array.of(0x10, ...Array(10).fill(0xff)), 'a number has more than 64 bits'],
    [Uint8Array.of(0x0a, 0x01, 0xff), 'the field 1 is not UTF-8'],
    [Uint8Array.of(0x08, 0x01), 'the field 1 is a whole number'],
    [Uint8Array.of(0x12, 0x00), 'the field 2 is no whole number'],
    [Uint8Array.of(0x0b), 'the field 1 has the unknown wire type 3'],
    [Uint8Array.of(0x00, 0x01), 'a field has the number 0'],
    [Uint8Array.of(0xba, 0x06, 0x02, 0x7b, 0x7d), 'The AQO message says version , its program another one'],
  ] as const) {
    assert.match(said(broken), new RegExp(problem));
  }
  assert.match(said(Uint8Array.of(0x0a, 0x03, 0x30, 0x2e, 0x31)), /\$\.qubits: expected an integer from 1/);
  for (let cut = 0; cut < bytes.length; cut += 1) said(bytes.subarray(0, cut));
  for (let at = 0; at < bytes.length; at += 1) said(bytes.with(at, bytes[at]! ^ 0x55));
});

test('AQO-3: a fault is refused with its path and value', () => {
  for (const [document, problem] of FAULTS) {
    const answer = read(document);
    assert.ok(typeof answer === 'string', JSON.stringify(document));
    assert.ok(
      answer.startsWith('AQO_INVALID: The AQO document is ') && answer.includes(problem),
      `${answer}\n${problem}`,
    );
  }
});

test('AQO-16: as many qubits as the bound are read', () => {
  const wide = read({ version: '1.0.0', qubits: CIRCUIT_QUBITS_MAX, operations: [] });
  assert.equal(typeof wide === 'string' ? wide : wide.qubits, CIRCUIT_QUBITS_MAX);
});

test('AQO-3: an unknown version has a code of its own', () => {
  const problem =
    'AQO_VERSION_UNSUPPORTED: The AQO version "2.0" is not known. Versions 0.1, 1.0.0, 1.1.0 are read.';
  assert.equal(read({ version: '2.0' }), problem);
  assert.match(read({}) as string, /^AQO_VERSION_UNSUPPORTED: The AQO version nothing is not known/);
});

/** `not not … true`, this many nodes deep. */
const deep = (depth: number): Program => {
  let value: Expression = { kind: 'bool', value: true };
  for (let at = 1; at < depth; at++) value = { kind: 'unary', operator: '!', operand: value };
  return program(1, [], [{ kind: 'evaluate', value }]);
};

test('AQO-3: nesting is read up to AQO_DEPTH_MAX nodes and refused beyond', () => {
  // The block of the program is the first level.
  const deepest = deep(AQO_DEPTH_MAX - 1);
  assert.deepEqual(read(decode(writeAqo(deepest))), deepest);
  assert.match(read(decode(writeAqo(deep(AQO_DEPTH_MAX)))) as string, /nesting deeper than 800/);
  assert.match(
    read('['.repeat(100_000)) as string,
    /^AQO_INVALID: The AQO document is not JSON: nested more than/,
  );
});

test('AQO-3: a document with any one value replaced is read or refused, never thrown on', () => {
  const junk = fc.constantFrom<unknown>(null, -1, 1e300, '', 'x', [], {}, true, { kind: 'gate' }, [[0]], {
    __proto__: 1,
  });
  fc.assert(
    fc.property(randomProgram(), fc.nat(), junk, (written, place, value) => {
      let left = 0;
      const count = JSON.stringify(JSON.parse(decode(writeAqo(written))), (_, member) => {
        left += 1;
        return member;
      });
      let at = place % left;
      const broken = JSON.stringify(JSON.parse(count), (_, member) => {
        at -= 1;
        return at === -1 ? value : member;
      });
      const answer = read(broken ?? 'null');
      if (typeof answer === 'string') assert.match(answer, /^AQO_(INVALID|VERSION_UNSUPPORTED): /);
      else assert.ok(writeAqo(answer).length > 0);
    }),
    { numRuns: 300 },
  );
});

test('AQO-9 to AQO-15: the published schema is the one of the reader', () => {
  const file = new URL('../../schema/aqo-1.1.0.schema.json', import.meta.url);
  assertGoldenJson(file, aqoSchema());
});
