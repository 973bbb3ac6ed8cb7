import type { Socket } from 'node:net';
import { QfsError } from '@qfs/core';
import { stringifyJson } from '@qfs/core/json';
import { problemJson } from '@qfs/rpc/json';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { DoorDependencies } from '../door.ts';
import { isIonqAddress, sendIonqError } from './ionq/error-shape.ts';
import { noteFailure } from './note-failure.ts';
import { PROBLEM_TYPE } from './problem.ts';

/** Answers with problem+json, or in the shape of the API that was asked. */
export function sendProblem(
  reply: FastifyReply,
  request: FastifyRequest,
  error: QfsError,
  told: Pick<DoorDependencies, 'logger' | 'metrics'>,
  detail?: string,
): void {
  const { requestId } = request.call;
  noteFailure(reply, request.call, error, told);
  if (isIonqAddress(request.url)) {
    sendIonqError(reply, requestId, error);
    return;
  }
  reply
    .code(error.row.http)
    .type(PROBLEM_TYPE)
    .send(stringifyJson(problemJson(error, { requestId, detail })));
}

/** What node's parser says of bytes that are no request, and of requests that never come to their end. */
const PARSER_FAULTS: Readonly<Record<string, readonly [status: string, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request took too long to arrive.'],
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers of the request are too large.'],
};

/** Answers bytes that never became a request; there is no reply object, only the socket. */
export function refuseConnection(fault: NodeJS.ErrnoException, socket: Socket): void {
  if (fault.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, message] = PARSER_FAULTS[fault.code ?? ''] ?? [
    '400 Bad Request',
    'This is not an HTTP request.',
  ];
  const error = new QfsError('REQUEST_INVALID', message);
  const body = stringifyJson({
    ...problemJson(error, { requestId: '' }),
    status: Number.parseInt(status, 10),
  });
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: ${PROBLEM_TYPE}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n` +
      `connection: close\r\n\r\n${body}`,
  );
}
