import { deserialize, serialize } from 'node:v8';
import { type ContextKey, createContextKey } from '@connectrpc/connect';
import { QfsError, type StoreCall, type UnitOfWork } from '@qfs/core';
import type { StoreCall as StoreCallMessage } from '@qfs/rpc/internal';

/** What another role may have written in the store: the log and the jobs are not among it. */
const OTHERS_MAY = /^(?:artifacts|blobs)\./;

type Encoded = Pick<StoreCallMessage, 'operation' | 'argument'>;

/** Operations on the store as they cross to another process. */
export const encodedCalls = (calls: readonly StoreCall[]): Encoded[] =>
  calls.map(({ operation, argument }) => ({ operation, argument: new Uint8Array(serialize(argument)) }));

/** @throws QfsError AUTH_DENIED when one of them is not for other roles */
export const decodedCalls = (calls: readonly Encoded[]): StoreCall[] =>
  calls.map(({ operation, argument }) => {
    if (!OTHERS_MAY.test(operation)) {
      throw new QfsError('AUTH_DENIED', `The operation ${operation} is not served to other roles.`);
    }
    return { operation, argument: deserialize(argument) as unknown };
  });

/** Writes of a call, which the caller commits with its own. */
export class GatheredWrites implements UnitOfWork {
  readonly calls: StoreCall[] = [];

  add(calls: readonly StoreCall[]): void {
    this.calls.push(...calls);
  }
}

/** Where a handler's writes go whose caller asked for them. */
export const gatheredWrites: ContextKey<GatheredWrites | undefined> = createContextKey<
  GatheredWrites | undefined
>(undefined, { description: 'writes that the caller commits' });
