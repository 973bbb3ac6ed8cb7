import { QfsError } from '@qfs/core';

/** Why no call can reach a server at all. */
const FAULTS = {
  unreachable: {
    codes: ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'],
    says: (endpoint: string, reason: string) => `No server answers at ${endpoint} (${reason}).`,
  },
  untrusted: {
    codes: [
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_GET_ISSUER_CERT',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'CERT_SIGNATURE_FAILURE',
    ],
    says: (endpoint: string) =>
      `The certificate of ${endpoint} is signed by nobody whom this machine trusts. If it is your own, give the ` +
      'certificate of its authority as the CA file.',
  },
  misnamed: {
    codes: ['ERR_TLS_CERT_ALTNAME_INVALID'],
    says: (endpoint: string, reason: string) =>
      `The certificate of ${endpoint} is for another name: ${reason}. Use a name that it has.`,
  },
  expired: {
    codes: ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'],
    says: (endpoint: string, reason: string) => `The certificate of ${endpoint} is not valid now: ${reason}.`,
  },
  plain: {
    codes: ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG'],
    says: (endpoint: string) => `${endpoint} does not speak TLS. Write http:// instead of https://.`,
  },
  foreign: {
    codes: ['ERR_HTTP2_ERROR'],
    says: (endpoint: string) =>
      `${endpoint} does not speak gRPC. The gRPC door of a server has a port of its own, by default 50051.`,
  },
  closed: {
    codes: ['ERR_HTTP2_STREAM_CANCEL', 'ECONNRESET'],
    says: (endpoint: string) =>
      `${endpoint} closed the connection without an answer. If it speaks TLS, write https:// instead of http://.`,
  },
} as const;

type ConnectionFault = keyof typeof FAULTS;

/** What the transport says when the peer hangs up on an open stream. */
const HUNG_UP = /^http\/2 stream closed with error code CANCEL/;

/**
 * A failure of the connection itself in words that help, with the fault under `metadata.fault`; any other failure as
 * it is.
 */
export function explained(thrown: unknown, endpoint: string, isCancelled: boolean): unknown {
  if (isCancelled) return thrown;
  for (let at = thrown; at instanceof Error; at = at.cause) {
    const { code = '' } = at as NodeJS.ErrnoException;
    const fault = faultOf(at instanceof Error && 'rawMessage' in at ? `${at.rawMessage}` : '', code);
    if (fault === undefined) continue;
    const message = FAULTS[fault].says(endpoint, at.message.replace(/\.$/, ''));
    return new QfsError('BACKEND_UNAVAILABLE', message, { cause: thrown, metadata: { fault } });
  }
  return thrown;
}

function faultOf(rawMessage: string, code: string): ConnectionFault | undefined {
  if (HUNG_UP.test(rawMessage)) return 'closed';
  const faults = Object.entries(FAULTS) as [ConnectionFault, { readonly codes: readonly string[] }][];
  return faults.find(([, { codes }]) => codes.includes(code))?.[0];
}
