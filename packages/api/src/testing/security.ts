import type { Clock } from '@qfs/core';
import type { Identity } from '@qfs/rpc';
import type { AuditEvent } from '../auth/audit.ts';
import type { Caller } from '../auth/caller.ts';
import { permissionsOf } from '../auth/permissions.ts';
import { RateLimiter } from '../auth/rate-limiter.ts';
import { TokenAdmin } from '../auth/token-admin.ts';
import { isLive, type TokenRecord, type TokenStore } from '../auth/token-store.ts';
import type { DoorDependencies } from '../door.ts';

/** Somebody known by a token that its roles alone bound. */
export const callerOf = (identity: Identity): Caller => ({
  identity,
  permissions: permissionsOf(identity.roles),
  method: 'token',
  key: identity.subject,
});

/** A clock that stands until it is moved. */
export class StandingClock implements Clock {
  ms = 1_790_000_000_000;
  readonly nowMs = (): number => this.ms;
  readonly monotonicMs = (): number => this.ms;
}

/** Tokens in memory. */
export class MemoryTokens implements TokenStore {
  readonly records = new Map<string, TokenRecord>();

  isUsed(): boolean {
    return this.records.size > 0;
  }

  find(tokenId: string): TokenRecord | undefined {
    return this.records.get(tokenId);
  }

  list(tenantId: string): readonly TokenRecord[] {
    return [...this.records.values()].filter((token) => token.tenantId === tenantId).reverse();
  }

  add(token: TokenRecord, liveMax: number): boolean {
    const live = this.list(token.tenantId).filter((other) => isLive(other, token.createdMs));
    if (live.length >= liveMax) return false;
    this.records.set(token.tokenId, token);
    return true;
  }

  revoke(tenantId: string, tokenId: string, nowMs: number): TokenRecord | undefined {
    const token = this.records.get(tokenId);
    if (token?.tenantId !== tenantId) return undefined;
    const revoked = { ...token, revokedMs: token.revokedMs ?? nowMs };
    this.records.set(tokenId, revoked);
    return revoked;
  }

  touch(tokenId: string, lastUsedMs: number): void {
    const token = this.records.get(tokenId);
    if (token !== undefined) this.records.set(tokenId, { ...token, lastUsedMs });
  }
}

/** Randomness that counts, so that what is drawn is the same in every run. */
export function countingRandomness(): DoorDependencies['randomness'] {
  let drawn = 0;
  return {
    bytes: (length) => {
      drawn += 1;
      const bytes = new Uint8Array(length);
      new DataView(bytes.buffer).setUint32(length - 4, drawn);
      return bytes;
    },
  };
}

/** What the gate of a door needs: no bounds, an audit log in memory, a clock that stands. */
export function memorySecurity(audited: AuditEvent[] = []) {
  const clock = new StandingClock();
  const limitsOf = () => ({});
  return {
    ...{ clock, limitsOf, rates: new RateLimiter(), keyRequestsPerSecond: 0 },
    audit: { record: (event: AuditEvent) => void audited.push(event) },
    tokens: new TokenAdmin({ store: new MemoryTokens(), clock, limitsOf, randomness: countingRandomness() }),
    clientAddress: (peer: string) => peer,
  };
}
