/** A token as it is kept: everything but the secret, of which there is only the hash. */
export interface TokenRecord {
  readonly tokenId: string;
  readonly hash: Uint8Array;
  readonly name: string;
  readonly subject: string;
  readonly tenantId: string;
  readonly projectId: string;
  readonly roles: readonly string[];
  /** Empty: whatever the roles grant. */
  readonly scopes: readonly string[];
  readonly createdMs: number;
  /** Undefined: it does not expire. */
  readonly expiresMs: number | undefined;
  readonly lastUsedMs: number | undefined;
  readonly revokedMs: number | undefined;
}

/**
 * Where tokens are kept. Every read sees what any process has written, so that a token is revoked at once.
 */
export interface TokenStore {
  /** Whether there has ever been a token. */
  isUsed(): boolean;
  find(tokenId: string): TokenRecord | undefined;
  /** Of one tenant, newest first. */
  list(tenantId: string): readonly TokenRecord[];
  /** Adds it unless the tenant would have more than `liveMax` tokens that can be used. */
  add(token: TokenRecord, liveMax: number): boolean;
  /** The token as it is then; undefined when the tenant has none of that id. Repeating changes nothing. */
  revoke(tenantId: string, tokenId: string, nowMs: number): TokenRecord | undefined;
  /** Notes a use; written soon, not at once. */
  touch(tokenId: string, atMs: number): void;
}

export const isLive = ({ revokedMs, expiresMs }: TokenRecord, nowMs: number): boolean =>
  revokedMs === undefined && (expiresMs === undefined || expiresMs > nowMs);
