import { CIRCUIT_OPERATIONS_MAX, CIRCUIT_QUBITS_MAX, CLASSICAL_BITS_MAX } from '@qfs/core';
import {
  boolean,
  type Decoder,
  finite,
  integer,
  isObject,
  list,
  oneOf,
  optional,
  type Reader,
  required,
  struct,
} from '../codec.ts';
import { bitTarget, constantBit } from '../constants.ts';
import type { Gate } from '../gates/gate.ts';
import { GATES, gateByName } from '../gates/table.ts';
import type { Instruction, Parameter, Program, QubitRegister, Target, Variable } from '../ir.ts';
import { NAME } from './nodes.ts';

/*
 * AQO 0.1 and 1.0.0: flat lists of upper-case operations, which can say what a circuit of the common gates
 * with constant angles needs. Register names travel in `metadata`.
 */

export type BasicVersion = '0.1' | '1.0.0';

interface QubitEntry {
  readonly name: string;
  readonly size: number;
  readonly loose?: boolean;
}

interface BitEntry extends QubitEntry {
  readonly output?: boolean;
  readonly inner?: boolean;
}

const size = (max: number) => required('size', integer(1, max));
const name = required('name', NAME);
const loose = optional('loose', boolean);
const QUBIT_ENTRIES = list(struct<QubitEntry>({ name, size: size(CIRCUIT_QUBITS_MAX), loose }));
const BIT_ENTRIES = list(
  struct<BitEntry>({
    name,
    size: size(CLASSICAL_BITS_MAX),
    loose,
    output: optional('output', boolean),
    inner: optional('inner', boolean),
  }),
);

const BY_OP: ReadonlyMap<string, Gate> = new Map(
  GATES.flatMap((gate) => (gate.aqo === undefined ? [] : [[gate.aqo.op, gate]])),
);

const opsOf = (version: BasicVersion): string[] =>
  GATES.flatMap(({ aqo }) => (aqo?.version === version ? [aqo.op] : []));

/** First flat bit of each variable when all classical bits are numbered in order of declaration. */
const bitOffsets = (sizes: readonly number[]): number[] => {
  let offset = 0;
  return sizes.map((width) => {
    offset += width;
    return offset - width;
  });
};

const widthOf = (variable: Variable): number => (variable.type.kind === 'bit' ? variable.type.width : 0);

/** The document of version 1.0.0, or undefined when the program needs more than it can say. */
export function writeBasic(program: Program): string | undefined {
  const bits = program.variables.map(bitEntry);
  if (program.qubits === 0 || program.subroutines.length > 0 || !tiles(program)) return undefined;
  if (bits.some((entry) => entry === undefined)) return undefined;
  const offsets = bitOffsets(program.variables.map(widthOf));
  const operations: string[] = [];
  for (const instruction of program.body) {
    const operation = basicOperation(program, offsets, instruction);
    if (operation === undefined) return undefined;
    operations.push(operation);
  }
  const metadata = `{"bits":${BIT_ENTRIES.write(bits as BitEntry[])},"qubits":${QUBIT_ENTRIES.write(program.qubitRegisters)}}`;
  return `{"metadata":${metadata},"operations":[${operations.join(',')}],"qubits":${program.qubits},"version":"1.0.0"}`;
}

function bitEntry(variable: Variable): BitEntry | undefined {
  const { name, type, role, loose, inner } = variable;
  if (type.kind !== 'bit' || role === 'input') return undefined;
  return {
    name,
    size: type.width,
    ...(loose && { loose }),
    ...(role === 'output' && { output: true }),
    ...(inner && { inner }),
  };
}

/** Do the registers cover the qubits one after the other, so that names and sizes say everything? */
function tiles(program: Program): boolean {
  let next = 0;
  for (const { offset, size } of program.qubitRegisters) {
    if (offset !== next) return false;
    next += size;
  }
  return next === program.qubits;
}

function basicOperation(program: Program, offsets: readonly number[], node: Instruction): string | undefined {
  switch (node.kind) {
    case 'gate': {
      const op = gateByName(node.gate)?.aqo?.op;
      const [theta] = node.parameters;
      if (op === undefined || node.controls !== undefined) return undefined;
      if (!node.qubits.every((qubit) => typeof qubit === 'number')) return undefined;
      if (theta === undefined) return `{"op":"${op}","q":[${node.qubits.join(',')}]}`;
      if (typeof theta !== 'number') return undefined;
      return `{"op":"${op}","params":{"theta":${finite.write(theta)}},"q":[${node.qubits.join(',')}]}`;
    }
    case 'reset':
      return typeof node.qubit === 'number' ? `{"op":"RESET","q":[${node.qubit}]}` : undefined;
    case 'measure': {
      const bit = node.target && constantBit(program, node.target);
      if (typeof node.qubit !== 'number' || bit === undefined) return undefined;
      return `{"c":[${(offsets[bit.variable] as number) + bit.bit}],"op":"MEASURE","q":[${node.qubit}]}`;
    }
    default:
      return undefined;
  }
}

const TOP_LEVEL = new Set([
  ...['version', 'qubits', 'operations'],
  ...['parameters', 'metadata', 'checksums', 'topology', 'annotations'],
]);
const OPERATION_KEYS = new Set(['op', 'q', 'c', 'params', 'basis']);
const BASES = ['X', 'Y', 'Z'] as const;
type Basis = (typeof BASES)[number];
const THETA = new Set(['theta']);
const BASIS = new Set(['basis']);
const NONE: ReadonlySet<string> = new Set();
const BIT_INDICES = list(integer(0, CLASSICAL_BITS_MAX - 1), 1);
const OPS_0_1 = oneOf(['MEASURE', 'RESET', ...opsOf('0.1')]);
const OPS_1_0_0 = oneOf(['MEASURE', 'RESET', ...opsOf('0.1'), ...opsOf('1.0.0')]);
const SYMBOL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

interface Operation {
  readonly op: string;
  readonly q: readonly number[];
  readonly c: readonly number[];
  readonly theta?: number | string;
  readonly basis: Basis;
}

/** Reads a document of version 0.1 or 1.0.0. A symbol in `theta` becomes an input of type float[64]. */
export function readBasic(
  json: Readonly<Record<string, unknown>>,
  version: BasicVersion,
  reader: Reader,
): Program {
  if (version === '1.0.0') allowKeys(json, TOP_LEVEL, reader);
  const qubits = reader.at('qubits', integer(1, CIRCUIT_QUBITS_MAX), json.qubits);
  const operations = reader.at('operations', operationsDecoder(version, qubits), json.operations);
  const metadata = version === '1.0.0' && isObject(json.metadata) ? json.metadata : {};
  reader.path.push('metadata');
  const qubitRegisters = readQubitRegisters(metadata.qubits, qubits, reader);
  const bits = readBitVariables(metadata.bits, operations, reader);
  reader.path.pop();
  const inputs = symbolsOf(operations);
  const variables = [
    ...bits,
    ...inputs.map<Variable>((symbol) => ({
      name: symbol,
      type: { kind: 'float', width: 64 },
      role: 'input',
    })),
  ];
  const toInput = new Map(inputs.map((symbol, order) => [symbol, bits.length + order]));
  const toBit = bits.flatMap((variable, id) =>
    Array.from({ length: widthOf(variable) }, (_, bit) => bitTarget({ variables }, id, bit)),
  );
  const body = operations.flatMap((operation) => lower(operation, toInput, toBit));
  return { qubits, qubitRegisters, variables, subroutines: [], body };
}

function allowKeys(json: object, allowed: ReadonlySet<string>, reader: Reader): void {
  for (const key in json) if (!allowed.has(key)) reader.fail(`the key "${key}" is not allowed here`);
}

/** All operations; indices are checked against `qubits`. */
const operationsDecoder = (version: BasicVersion, qubits: number): Decoder<readonly Operation[]> => {
  const operation: Decoder<Operation> = {
    read: (json, reader) => readOperation(json, version, qubits, reader),
  };
  return {
    read: (json, reader) => {
      if (!Array.isArray(json)) return reader.expected('an array', json);
      if (json.length > CIRCUIT_OPERATIONS_MAX) reader.fail(`more than ${CIRCUIT_OPERATIONS_MAX} operations`);
      return json.map((entry, index) => reader.at(index, operation, entry));
    },
  };
};

function readOperation(json: unknown, version: BasicVersion, qubits: number, reader: Reader): Operation {
  if (!isObject(json)) return reader.expected('an object', json);
  if (version === '1.0.0') allowKeys(json, OPERATION_KEYS, reader);
  const op = reader.at('op', version === '0.1' ? OPS_0_1 : OPS_1_0_0, json.op);
  const gate = BY_OP.get(op);
  const q = reader.at('q', list(integer(0, qubits - 1), 1, CIRCUIT_QUBITS_MAX), json.q);
  if (gate !== undefined && q.length !== gate.qubits) {
    reader.fail(`${op} acts on ${gate.qubits} qubits, q names ${q.length}`);
  }
  if (new Set(q).size !== q.length) reader.fail('q names the same qubit twice');
  const params = json.params === undefined ? {} : json.params;
  if (!isObject(params)) return reader.expected('an object as params', params);
  if (version === '1.0.0')
    allowKeys(params, gate?.parameters.length === 1 ? THETA : op === 'MEASURE' ? BASIS : NONE, reader);
  const c = op === 'MEASURE' ? reader.at('c', BIT_INDICES, json.c) : [];
  if (op === 'MEASURE' && (c.length !== q.length || new Set(c).size !== c.length)) {
    reader.fail('MEASURE needs as many different bits in c as qubits in q');
  }
  if (op !== 'MEASURE' && version === '1.0.0' && (json.c !== undefined || json.basis !== undefined)) {
    reader.fail(`only MEASURE has the keys "c" and "basis", this is ${op}`);
  }
  const basis = op === 'MEASURE' ? (json.basis ?? params.basis) : undefined;
  return {
    op,
    q,
    c,
    ...(gate?.parameters.length === 1 && { theta: reader.at('params', THETA_OF, params) }),
    basis: basis === undefined ? 'Z' : reader.at('basis', oneOf(BASES), basis),
  };
}

const THETA_OF: Decoder<number | string> = {
  read: (params, reader) => {
    const theta = (params as Readonly<Record<string, unknown>>).theta;
    if (typeof theta === 'string' && SYMBOL.test(theta)) return theta;
    return typeof theta === 'number' && Number.isFinite(theta)
      ? theta + 0
      : reader.expected('a finite number or a symbol as theta', theta);
  },
};

function readQubitRegisters(json: unknown, qubits: number, reader: Reader): readonly QubitRegister[] {
  if (json === undefined) return [{ name: 'q', offset: 0, size: qubits }];
  const entries = reader.at('qubits', QUBIT_ENTRIES, json);
  let offset = 0;
  const registers = entries.map(({ name, size, loose }) => {
    offset += size;
    return { name, offset: offset - size, size, ...(loose && { loose }) };
  });
  if (offset !== qubits) reader.fail(`the registers hold ${offset} qubits, the circuit ${qubits}`);
  return registers;
}

function readBitVariables(json: unknown, operations: readonly Operation[], reader: Reader): Variable[] {
  const needed = operations.reduce(
    (count, { c }) => c.reduce((most, bit) => Math.max(most, bit + 1), count),
    0,
  );
  const fallback = needed === 0 ? [] : [{ name: 'c', size: needed }];
  const entries: readonly BitEntry[] = json === undefined ? fallback : reader.at('bits', BIT_ENTRIES, json);
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total < needed) reader.fail(`the registers hold ${total} bits, bit ${needed - 1} is measured into`);
  if (total > CLASSICAL_BITS_MAX) reader.fail(`${total} bits are more than ${CLASSICAL_BITS_MAX}`);
  return entries.map(({ name, size, loose, output, inner }) => ({
    name,
    type: { kind: 'bit', width: size },
    role: output ? 'output' : 'local',
    ...(loose && { loose }),
    ...(inner && { inner }),
  }));
}

function symbolsOf(operations: readonly Operation[]): string[] {
  const symbols = new Set<string>();
  for (const { theta } of operations) if (typeof theta === 'string') symbols.add(theta);
  return [...symbols];
}

/** Measuring X is H before Z, measuring Y is S† and H before Z. */
const TO_Z_BASIS: Readonly<Record<Basis, readonly string[]>> = { X: ['h'], Y: ['sdg', 'h'], Z: [] };

function lower(
  operation: Operation,
  toInput: ReadonlyMap<string, number>,
  toBit: readonly Target[],
): Instruction[] {
  const { op, q, c, theta, basis } = operation;
  if (op === 'RESET') return q.map((qubit) => ({ kind: 'reset', qubit }));
  if (op === 'MEASURE') {
    return q.flatMap<Instruction>((qubit, order) => [
      ...TO_Z_BASIS[basis].map<Instruction>((gate) => ({
        kind: 'gate',
        gate,
        parameters: [],
        qubits: [qubit],
      })),
      { kind: 'measure', qubit, target: toBit[c[order] as number] as Target },
    ]);
  }
  const { name: gate } = BY_OP.get(op) as Gate;
  const parameters: Parameter[] =
    typeof theta === 'string'
      ? [{ kind: 'variable', variable: toInput.get(theta) as number }]
      : theta === undefined
        ? []
        : [theta];
  return [{ kind: 'gate', gate, parameters, qubits: q }];
}
