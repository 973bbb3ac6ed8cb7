import { CIRCUIT_OPERATIONS_MAX, CIRCUIT_QUBITS_MAX, CLASSICAL_BITS_MAX } from '@qfs/core';
import { type Decoder, describe, integer, isObject, list, oneOf, type Reader, text } from '../codec.ts';
import { bitTarget } from '../constants.ts';
import type { Gate } from '../gates/gate.ts';
import { GATES } from '../gates/table.ts';
import type { Instruction, Parameter, Program, QubitRegister, Target, Variable } from '../ir.ts';
import { BIT_ENTRIES, type BitEntry, QUBIT_ENTRIES, SYMBOL, widthOf } from './basic-registers.ts';

export type BasicVersion = '0.1' | '1.0.0';
type Json = Readonly<Record<string, unknown>>;

const TOP_LEVEL = new Set([
  ...['version', 'qubits', 'operations'],
  ...['parameters', 'metadata', 'checksums', 'topology', 'annotations'],
]);
const BASES = ['X', 'Y', 'Z'] as const;
type Basis = (typeof BASES)[number];

const BY_OP: ReadonlyMap<string, Gate> = new Map(
  GATES.flatMap((gate) => (gate.aqo === undefined ? [] : [[gate.aqo.op, gate]])),
);
const opsSince = (version: BasicVersion): string[] =>
  GATES.flatMap(({ aqo }) => (aqo?.version === version ? [aqo.op] : []));
const OPS_0_1 = ['MEASURE', 'RESET', ...opsSince('0.1')];
const OPS_1_0_0 = [...OPS_0_1, ...opsSince('1.0.0')];

type Operation =
  | {
      readonly kind: 'gate';
      readonly gate: Gate;
      readonly q: readonly number[];
      readonly theta?: number | string;
    }
  | {
      readonly kind: 'measure';
      readonly q: readonly number[];
      readonly c: readonly number[];
      readonly basis: Basis;
    }
  | { readonly kind: 'reset'; readonly q: readonly number[] };

/**
 * Reads a document of version 0.1 or 1.0.0. Symbols become inputs of type float[64]: those of `parameters`
 * first, then the others as they appear.
 */
export function readBasic(
  json: Readonly<Record<string, unknown>>,
  version: BasicVersion,
  reader: Reader,
): Program {
  if (version === '1.0.0') allowKeys(json, TOP_LEVEL, reader);
  const qubits = reader.at('qubits', integer(1, CIRCUIT_QUBITS_MAX), json.qubits);
  const operations = reader.at('operations', new OperationsDecoder(version, qubits), json.operations);
  const metadata = version === '1.0.0' ? (json.metadata ?? {}) : {};
  reader.path.push('metadata');
  if (!isObject(metadata)) return reader.expected('an object', metadata);
  reader.path.pop();
  const inputs = [...new Set([...declaredSymbols(json, version, reader), ...symbolsOf(operations)])];
  const free = (name: string): string => (inputs.includes(name) ? free(`${name}_`) : name);
  reader.path.push('metadata');
  const qubitRegisters = readQubitRegisters(metadata.qubits, { name: free('q'), size: qubits }, reader);
  const bits = readBitVariables(metadata.bits, free('c'), operations, reader);
  reader.path.pop();
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
  for (const key in json) if (!allowed.has(key)) reader.fail(`the key ${describe(key)} is not allowed here`);
}

/** Reads operations one after the other; keys beyond those of an operation are an error from 1.0.0 on. */
class OperationsDecoder implements Decoder<readonly Operation[]> {
  readonly #isStrict: boolean;
  readonly #op: Decoder<string>;
  readonly #q: Decoder<readonly number[]>;
  readonly #operation: Decoder<Operation> = { read: (json, reader) => this.#readOperation(json, reader) };

  constructor(version: BasicVersion, qubits: number) {
    this.#isStrict = version === '1.0.0';
    this.#op = oneOf(this.#isStrict ? OPS_1_0_0 : OPS_0_1);
    this.#q = list(integer(0, qubits - 1), 1, CIRCUIT_QUBITS_MAX);
  }

  read(json: unknown, reader: Reader): readonly Operation[] {
    if (!Array.isArray(json)) return reader.expected('an array', json);
    if (json.length > CIRCUIT_OPERATIONS_MAX) reader.fail(`more than ${CIRCUIT_OPERATIONS_MAX} operations`);
    return json.map((entry, index) => reader.at(index, this.#operation, entry));
  }

  #readOperation(json: unknown, reader: Reader): Operation {
    if (!isObject(json)) return reader.expected('an object', json);
    const op = reader.at('op', this.#op, json.op);
    const q = reader.at('q', this.#q, json.q);
    if (new Set(q).size !== q.length) reader.fail('q names the same qubit twice');
    const gate = BY_OP.get(op);
    if (gate !== undefined) return this.#readGate(json, gate, q, reader);
    if (op === 'MEASURE') return this.#readMeasurement(json, q, reader);
    this.#allow(json, RESET_KEYS, reader);
    return { kind: 'reset', q };
  }

  #readGate(json: Json, gate: Gate, q: readonly number[], reader: Reader): Operation {
    this.#allow(json, GATE_KEYS, reader);
    const takesAngle = gate.parameters.length > 0;
    const params = this.#params(json, takesAngle ? THETA : NONE, reader);
    if (q.length !== gate.qubits) {
      reader.fail(`${gate.aqo?.op} acts on ${gate.qubits} qubits, q names ${q.length}`);
    }
    return { kind: 'gate', gate, q, ...(takesAngle && { theta: reader.at('params', ANGLE, params) }) };
  }

  #readMeasurement(json: Json, q: readonly number[], reader: Reader): Operation {
    this.#allow(json, MEASURE_KEYS, reader);
    const params = this.#params(json, BASIS, reader);
    const c = reader.at('c', BIT_INDICES, json.c);
    if (c.length !== q.length || new Set(c).size !== c.length) {
      reader.fail('MEASURE needs as many different bits in c as qubits in q');
    }
    const basis = json.basis ?? params.basis ?? 'Z';
    return { kind: 'measure', q, c, basis: reader.at('basis', BASIS_NAME, basis) };
  }

  #params(json: Json, allowed: ReadonlySet<string>, reader: Reader): Json {
    const params = json.params ?? {};
    if (!isObject(params)) return reader.expected('an object as params', params);
    this.#allow(params, allowed, reader);
    return params;
  }

  #allow(json: Json, allowed: ReadonlySet<string>, reader: Reader): void {
    if (this.#isStrict) allowKeys(json, allowed, reader);
  }
}

const RESET_KEYS = new Set(['op', 'q']);
const GATE_KEYS = new Set(['op', 'q', 'params']);
const MEASURE_KEYS = new Set(['op', 'q', 'c', 'params', 'basis']);
const THETA = new Set(['theta']);
const BASIS = new Set(['basis']);
const NONE: ReadonlySet<string> = new Set();
const BIT_INDICES = list(integer(0, CLASSICAL_BITS_MAX - 1), 1);
const BASIS_NAME = oneOf(BASES);

const ANGLE: Decoder<number | string> = {
  read: (params, reader) => {
    const theta = isObject(params) ? params.theta : undefined;
    if (typeof theta === 'string' && SYMBOL.test(theta)) return theta;
    return typeof theta === 'number' && Number.isFinite(theta)
      ? theta + 0
      : reader.expected('a finite number or a symbol as theta', theta);
  },
};

function readQubitRegisters(
  json: unknown,
  otherwise: { readonly name: string; readonly size: number },
  reader: Reader,
): readonly QubitRegister[] {
  const qubits = otherwise.size;
  if (json === undefined) return [{ ...otherwise, offset: 0 }];
  const entries = reader.at('qubits', QUBIT_ENTRIES, json);
  let offset = 0;
  const registers = entries.map(({ name, size, loose }) => {
    offset += size;
    return { name, offset: offset - size, size, ...(loose && { loose }) };
  });
  if (offset !== qubits) reader.fail(`the registers hold ${offset} qubits, the circuit ${qubits}`);
  return registers;
}

function readBitVariables(
  json: unknown,
  name: string,
  operations: readonly Operation[],
  reader: Reader,
): Variable[] {
  let needed = 0;
  for (const operation of operations) {
    if (operation.kind === 'measure') for (const bit of operation.c) needed = Math.max(needed, bit + 1);
  }
  const fallback = needed === 0 ? [] : [{ name, size: needed }];
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

/** The names in `parameters`: a list of `{name}`, or an object whose values are notes. */
function declaredSymbols(json: Json, version: BasicVersion, reader: Reader): readonly string[] {
  if (version === '0.1' || json.parameters === undefined) return [];
  return reader.at('parameters', PARAMETER_NAMES, json.parameters);
}

const SYMBOL_NAME = text(SYMBOL, 'a symbol of letters, digits and _');
const PARAMETER_LIST = list(SYMBOL_NAME, 0, CIRCUIT_OPERATIONS_MAX);
const NAMED: Decoder<string> = {
  read: (json, reader) =>
    isObject(json) ? reader.at('name', SYMBOL_NAME, json.name) : reader.expected('an object', json),
};
const PARAMETER_NAMES: Decoder<readonly string[]> = {
  read: (json, reader) => {
    if (isObject(json)) return PARAMETER_LIST.read(Object.keys(json), reader);
    if (!Array.isArray(json)) return reader.expected('an array or an object', json);
    const names = json.map((entry, index) => reader.at(index, NAMED, entry));
    if (new Set(names).size < names.length) reader.fail('a parameter is named twice');
    return PARAMETER_LIST.read(names, reader);
  },
};

function symbolsOf(operations: readonly Operation[]): string[] {
  const symbols = new Set<string>();
  for (const operation of operations) {
    if (operation.kind === 'gate' && typeof operation.theta === 'string') symbols.add(operation.theta);
  }
  return [...symbols];
}

/** Measuring X is H before Z, measuring Y is S† and H before Z. */
const TO_Z_BASIS: Readonly<Record<Basis, readonly string[]>> = { X: ['h'], Y: ['sdg', 'h'], Z: [] };

function lower(
  operation: Operation,
  toInput: ReadonlyMap<string, number>,
  toBit: readonly Target[],
): Instruction[] {
  switch (operation.kind) {
    case 'reset':
      return operation.q.map((qubit) => ({ kind: 'reset', qubit }));
    case 'measure':
      return operation.q.flatMap<Instruction>((qubit, order) => [
        ...TO_Z_BASIS[operation.basis].map<Instruction>((gate) => ({
          kind: 'gate',
          gate,
          parameters: [],
          qubits: [qubit],
        })),
        { kind: 'measure', qubit, target: toBit[operation.c[order] as number] as Target },
      ]);
    case 'gate': {
      const { gate, q, theta } = operation;
      const angle = (): Parameter =>
        typeof theta === 'string'
          ? { kind: 'variable', variable: toInput.get(theta) as number }
          : (theta as number);
      return [{ kind: 'gate', gate: gate.name, parameters: theta === undefined ? [] : [angle()], qubits: q }];
    }
  }
}
