import { CIRCUIT_OPERATIONS_MAX, err, ok, type Result } from '@qfs/core';
import type { BitEntry } from './basic-registers.ts';
import { fieldsOf, WireFault, WireWriter } from './wire.ts';

/*
 * Documents as messages of `eigen.api.v1.AqoCircuit` (proto/eigen/api/v1/aqo.proto), field by field. A program
 * of version 1.1.0 is a tree, which the message carries as its JSON.
 */

/** An operation of versions 0.1 and 1.0.0 as its JSON. */
interface Operation {
  readonly op: string;
  readonly q: readonly number[];
  readonly c?: readonly number[];
  readonly params?: Readonly<Record<string, number | string>>;
}

interface Document {
  readonly version: string;
  readonly qubits: number;
  readonly operations: readonly Operation[];
  readonly metadata?: { readonly qubits?: readonly BitEntry[]; readonly bits?: readonly BitEntry[] };
  readonly parameters?: readonly { readonly name: string }[];
}

const CIRCUIT = {
  version: 1,
  qubits: 2,
  operations: 3,
  qubitRegisters: 100,
  bitRegisters: 101,
  parameters: 102,
  program: 103,
};
const OPERATION = { op: 1, q: 2, c: 3, params: 4 };
const ENTRY = { key: 1, value: 2 };
const REGISTER = { name: 1, size: 2, loose: 3, output: 4, inner: 5 };

const TREE_VERSION = '1.1.0';

/** No JSON text begins like a message: with a control character or a byte beyond ASCII that is no mark. */
export function isAqoMessage(bytes: Uint8Array): boolean {
  const first = bytes.find((byte) => !JSON_SPACE.has(byte)) ?? JSON_OBJECT;
  return first < 0x20 || (first >= 0x80 && first !== BYTE_ORDER_MARK);
}

const JSON_SPACE: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);
const JSON_OBJECT = 0x7b;
const BYTE_ORDER_MARK = 0xef;

/** The message of a document, whose canonical JSON is `bytes`. */
export function writeAqoMessage(document: Document, bytes: Uint8Array): Uint8Array {
  const { version, qubits, operations, metadata = {}, parameters = [] } = document;
  const writer = new WireWriter().text(CIRCUIT.version, version).number(CIRCUIT.qubits, qubits);
  if (version === TREE_VERSION) return writer.bytes(CIRCUIT.program, bytes).finish();
  for (const operation of operations) writer.bytes(CIRCUIT.operations, operationBytes(operation));
  for (const register of metadata.qubits ?? []) writer.bytes(CIRCUIT.qubitRegisters, registerBytes(register));
  for (const register of metadata.bits ?? []) writer.bytes(CIRCUIT.bitRegisters, registerBytes(register));
  for (const { name } of parameters) writer.text(CIRCUIT.parameters, name);
  return writer.finish();
}

function operationBytes({ op, q, c = [], params = {} }: Operation): Uint8Array {
  const writer = new WireWriter().text(OPERATION.op, op).numbers(OPERATION.q, q).numbers(OPERATION.c, c);
  for (const [key, value] of Object.entries(params)) {
    const entry = new WireWriter().text(ENTRY.key, key).text(ENTRY.value, String(value));
    writer.bytes(OPERATION.params, entry.finish());
  }
  return writer.finish();
}

function registerBytes({ name, size, loose, output, inner }: BitEntry): Uint8Array {
  const writer = new WireWriter().text(REGISTER.name, name).number(REGISTER.size, size);
  return writer
    .number(REGISTER.loose, Number(loose === true))
    .number(REGISTER.output, Number(output === true))
    .number(REGISTER.inner, Number(inner === true))
    .finish();
}

/** A document that is still to be checked, or the JSON of a tree and the version beside it. */
export type AqoMessage =
  | { readonly document: Readonly<Record<string, unknown>> }
  | { readonly version: string; readonly program: Uint8Array };

/** What a message holds, or why it is none. */
export function readAqoMessage(bytes: Uint8Array): Result<AqoMessage, string> {
  try {
    return ok(readCircuit(bytes));
  } catch (fault) {
    if (fault instanceof WireFault) return err(fault.message);
    throw fault;
  }
}

function readCircuit(bytes: Uint8Array): AqoMessage {
  let [version, qubits] = ['', 0];
  let program: Uint8Array | undefined;
  const operations: unknown[] = [];
  const [qubitRegisters, bitRegisters, parameters]: [unknown[], unknown[], unknown[]] = [[], [], []];
  for (const field of fieldsOf(bytes)) {
    if (field.number === CIRCUIT.version) version = field.text();
    else if (field.number === CIRCUIT.qubits) qubits = field.integer();
    else if (field.number === CIRCUIT.operations) {
      operations.push(readOperation(field.bytes()));
      if (operations.length > CIRCUIT_OPERATIONS_MAX) {
        throw new WireFault(`it has more than ${CIRCUIT_OPERATIONS_MAX} operations`);
      }
    } else if (field.number === CIRCUIT.qubitRegisters) qubitRegisters.push(readRegister(field.bytes()));
    else if (field.number === CIRCUIT.bitRegisters) bitRegisters.push(readRegister(field.bytes()));
    else if (field.number === CIRCUIT.parameters) parameters.push({ name: field.text() });
    else if (field.number === CIRCUIT.program) program = field.bytes();
  }
  if (program !== undefined) return { version, program };
  const metadata = {
    ...(qubitRegisters.length === 0 ? {} : { qubits: qubitRegisters }),
    ...(bitRegisters.length === 0 ? {} : { bits: bitRegisters }),
  };
  const names = parameters.length === 0 ? {} : { parameters };
  return { document: { version, qubits, operations, metadata, ...names } };
}

const NUMBER = /^-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

function readOperation(bytes: Uint8Array): unknown {
  let op = '';
  const [q, c]: [number[], number[]] = [[], []];
  const params: [string, number | string][] = [];
  for (const field of fieldsOf(bytes)) {
    if (field.number === OPERATION.op) op = field.text();
    else if (field.number === OPERATION.q) for (const qubit of field.integers()) q.push(qubit);
    else if (field.number === OPERATION.c) for (const bit of field.integers()) c.push(bit);
    else if (field.number === OPERATION.params) params.push(readEntry(field.bytes()));
  }
  return {
    op,
    q,
    ...(c.length === 0 ? {} : { c }),
    ...(params.length === 0 ? {} : { params: Object.fromEntries(params) }),
  };
}

/** Numbers are text there; what is no number is a symbol or a basis. */
function readEntry(bytes: Uint8Array): [string, number | string] {
  let [key, value] = ['', ''];
  for (const field of fieldsOf(bytes)) {
    if (field.number === ENTRY.key) key = field.text();
    else if (field.number === ENTRY.value) value = field.text();
  }
  return [key, NUMBER.test(value) ? Number(value) : value];
}

function readRegister(bytes: Uint8Array): BitEntry {
  let [name, size, loose, output, inner] = ['', 0, false, false, false];
  for (const field of fieldsOf(bytes)) {
    if (field.number === REGISTER.name) name = field.text();
    else if (field.number === REGISTER.size) size = field.integer();
    else if (field.number === REGISTER.loose) loose = field.integer() !== 0;
    else if (field.number === REGISTER.output) output = field.integer() !== 0;
    else if (field.number === REGISTER.inner) inner = field.integer() !== 0;
  }
  return { name, size, ...(loose && { loose }), ...(output && { output }), ...(inner && { inner }) };
}
