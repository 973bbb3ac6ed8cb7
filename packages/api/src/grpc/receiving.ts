import { constants, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { Code } from '@connectrpc/connect';
import { REQUEST_RECEIVED_MS_MAX } from '../door.ts';

/** `grpc-timeout`: at most eight digits and a unit (PROTOCOL-HTTP2.md of gRPC). */
const TIMEOUT = /^(\d{1,8})([HMSmun])$/;
const UNIT_MS: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1_000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};

/**
 * Bounds the time a caller takes to send its request: by the deadline it names, at most `mostMs`. A handler is
 * not called before the message is there, so without it a stream that is opened and never ended would stay
 * for ever. Streams both ways (reflection, which asks nobody who he is) last no longer either.
 */
export function boundReceiving(
  request: Http2ServerRequest,
  response: Http2ServerResponse,
  mostMs: number = REQUEST_RECEIVED_MS_MAX,
): void {
  if (request.stream.endAfterHeaders) return;
  const [, digits, unit = ''] = TIMEOUT.exec(String(request.headers['grpc-timeout'] ?? '')) ?? [];
  const givenMs = digits === undefined ? mostMs : Number(digits) * UNIT_MS[unit]!;
  const late = (): void => {
    const message = 'The request was not received before its deadline.';
    answer(response, Code.DeadlineExceeded, message);
    request.stream.close(constants.NGHTTP2_NO_ERROR);
  };
  const timer = setTimeout(late, Math.min(givenMs, mostMs));
  const received = (): void => clearTimeout(timer);
  request.once('end', received);
  request.stream.once('close', received);
}

/** What no service of this door answers: a status of gRPC, where HTTP would say 404. */
export function answerUnknown(request: Http2ServerRequest, response: Http2ServerResponse): void {
  const type = String(request.headers['content-type'] ?? '');
  if (!type.startsWith('application/grpc')) {
    response.writeHead(415, { 'content-type': 'text/plain; charset=utf-8' });
    response.end('This port speaks gRPC. REST and the page are on another one.\n');
    return;
  }
  answer(response, Code.Unimplemented, `There is no method ${request.url.slice(0, 200)} here.`);
}

/** Status and message without any other answer: a response of trailers alone. */
function answer(response: Http2ServerResponse, code: Code, message: string): void {
  if (response.headersSent || response.stream.destroyed) return;
  const headers = {
    ':status': 200,
    'content-type': 'application/grpc',
    'grpc-status': String(code),
    'grpc-message': encodeURIComponent(message).replaceAll('%20', ' '),
  };
  // Clients take a status among the headers for one only if nothing comes behind them.
  response.stream.respond(headers, { endStream: true });
}
