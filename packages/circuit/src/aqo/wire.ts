import { utf8, utf8Decode } from '@qfs/core/exact';

/*
 * The encoding of Protocol Buffers (protobuf.dev/programming-guides/encoding), as far as messages of texts,
 * whole numbers and other messages need it. Rooms without I/O have no library for it.
 */

/** Thrown inside readers of messages only; their entry points turn it into a value. */
export class WireFault extends Error {}

const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;
const FIXED_BYTES: Readonly<Record<number, number>> = { [FIXED64]: 8, [FIXED32]: 4 };
/** A varint of 64 bits. */
const VARINT_BYTES_MAX = 10;

/** One field of a message: its number, and its value as who knows the message reads it. */
export interface Field {
  readonly number: number;
  integer(): number;
  /** A repeated field, packed or one by one. */
  integers(): readonly number[];
  bytes(): Uint8Array;
  text(): string;
}

/** The fields of a message in their order. @throws WireFault */
export function* fieldsOf(message: Uint8Array): Generator<Field> {
  const cursor = new Cursor(message);
  while (!cursor.isAtEnd) {
    const tag = cursor.varint();
    const [number, wire] = [Number(tag >> 3n), Number(tag & 7n)];
    if (number === 0) throw new WireFault('a field has the number 0');
    if (wire === VARINT) yield fieldOf(number, cursor.varint());
    else if (wire === LENGTH) yield fieldOf(number, cursor.take(Number(cursor.varint())));
    else if (wire in FIXED_BYTES) cursor.take(FIXED_BYTES[wire]!);
    else throw new WireFault(`the field ${number} has the unknown wire type ${wire}`);
  }
}

function fieldOf(number: number, value: bigint | Uint8Array): Field {
  const integer = (): number => {
    if (typeof value !== 'bigint') throw new WireFault(`the field ${number} is no whole number`);
    return integerOf(value);
  };
  const bytes = (): Uint8Array => {
    if (typeof value === 'bigint') throw new WireFault(`the field ${number} is a whole number`);
    return value;
  };
  return {
    number,
    integer,
    bytes,
    integers: () => (typeof value === 'bigint' ? [integer()] : packed(value)),
    text: () => {
      const text = utf8Decode(bytes());
      if (!text.ok) throw new WireFault(`the field ${number} is not UTF-8`);
      return text.value;
    },
  };
}

function packed(bytes: Uint8Array): number[] {
  const cursor = new Cursor(bytes);
  const values: number[] = [];
  while (!cursor.isAtEnd) values.push(integerOf(cursor.varint()));
  return values;
}

/** An int32 as a varint of 64 bits: negative numbers fill all of them. */
const integerOf = (varint: bigint): number => Number(BigInt.asIntN(32, varint));

class Cursor {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  varint(): bigint {
    let value = 0n;
    for (let k = 0; k < VARINT_BYTES_MAX; k += 1) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw new WireFault('it ends within a number');
      this.#at += 1;
      value |= BigInt(byte & 0x7f) << BigInt(7 * k);
      if (byte < 0x80) return value;
    }
    throw new WireFault('a number has more than 64 bits');
  }

  take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#at) throw new WireFault('it ends within a field');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

/** Writes fields in the order of the calls; values of 0 and empty lists are left out, as proto3 has it. */
export class WireWriter {
  readonly #parts: Uint8Array[] = [];

  number(field: number, value: number): this {
    return value === 0 ? this : this.#add(varint(field * 8 + VARINT), varint(value));
  }

  numbers(field: number, values: readonly number[]): this {
    return values.length === 0
      ? this
      : this.bytes(field, Uint8Array.from(values.flatMap((value) => [...varint(value)])));
  }

  text(field: number, value: string): this {
    return value === '' ? this : this.bytes(field, utf8(value));
  }

  bytes(field: number, value: Uint8Array): this {
    return this.#add(varint(field * 8 + LENGTH), varint(value.length), value);
  }

  finish(): Uint8Array {
    const bytes = new Uint8Array(this.#parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of this.#parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  #add(...parts: readonly Uint8Array[]): this {
    this.#parts.push(...parts);
    return this;
  }
}

/** A number from 0 to 2^53 − 1. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let left = value;
  for (; left >= 0x80; left = Math.floor(left / 0x80)) bytes.push((left % 0x80) + 0x80);
  return Uint8Array.from([...bytes, left]);
}
