import type { Codec } from './codec.ts';
import type { KeyRecord } from './records.ts';
import type { Rejection } from './rejections.ts';
import type { Transaction } from './transaction.ts';

/** One kind of entry: its body and what it does. Once a level is released, its row never changes. */
export interface EntryType<Body> {
  readonly type: string;
  /** The protocol level that introduced it, or this behaviour of it. */
  readonly level: number;
  readonly signature: 'required' | 'optional';
  readonly body: Codec<Body>;
  /** The key behind a key id, where it is not the members' key in the state. */
  readonly keyOf?: (body: Body, keyId: string) => KeyRecord | undefined;
  /** Stages what the entry does, or says why not. */
  readonly apply: (body: Body, transaction: Transaction) => Rejection | undefined;
}
