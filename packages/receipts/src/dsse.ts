/** Dead Simple Signing Envelope v1 (github.com/secure-systems-lab/dsse): clause REC-4. */
import { concat, utf8 } from '@qfs/core/exact';

export const STATEMENT_PAYLOAD_TYPE = 'application/vnd.in-toto+json';

/** What the signatures of an envelope sign: the pre-authentication encoding of type and payload. */
export function envelopeMessage(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = utf8(payloadType);
  return concat(utf8(`DSSEv1 ${type.length} `), type, utf8(` ${payload.length} `), payload);
}
