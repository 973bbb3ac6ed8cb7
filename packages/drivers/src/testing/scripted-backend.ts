import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a backend answers to a request: a status and a body, or a connection that ends too early. */
export type Answer =
  | { readonly status: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> }
  | 'drop'
  | 'cut'
  | 'garbage';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

/** A network double: an HTTP server on loopback that answers by a script, by `METHOD path`, and else by 404. */
export class ScriptedBackend {
  readonly received: Received[] = [];
  /** Answers in the order of requests; the last one stays. */
  readonly script = new Map<string, Answer[]>();
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v0.4`;
  }

  /** Good answers with these bodies. */
  on(what: string, ...bodies: readonly unknown[]): void {
    this.answer(what, ...bodies.map((body) => ({ status: 200, body })));
  }

  answer(what: string, ...answers: readonly Answer[]): void {
    this.script.set(what, [...answers]);
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString();
    const path = (request.url ?? '').replace(/^\/v0\.4/, '').split('?')[0]!;
    const { method = '', headers } = request;
    this.received.push({ method, path, headers, body: text === '' ? undefined : JSON.parse(text) });
    const answers = this.script.get(`${method} ${path}`) ?? [
      { status: 404, body: { message: 'nothing there' } },
    ];
    const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
    if (answer === 'drop') request.socket.destroy();
    else if (answer === 'garbage') response.end('<html>');
    else if (answer === 'cut') {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"id":');
      setImmediate(() => request.socket.destroy());
    } else {
      response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
      response.end(JSON.stringify(answer.body));
    }
  }
}
