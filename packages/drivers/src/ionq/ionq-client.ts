import { QfsError, REMOTE_ANSWER_BYTES_MAX } from '@qfs/core';
import { type JsonValue, parseJson } from '@qfs/core/json';
import { type BackendErrorKind, backendError } from '../backend-error.ts';

/** One request may take as long as this. */
const REQUEST_MS_MAX = 30_000;

export interface IonqClientOptions {
  /** With the version: `https://api.ionq.co/v0.4`. */
  readonly url: string;
  /** Empty: none is sent. */
  readonly apiKey: string;
}

/** What a status of the answer means for the execution. */
const KINDS: Readonly<Record<number, BackendErrorKind>> = {
  400: 'invalid',
  401: 'credentials',
  403: 'credentials',
  404: 'no_device',
  405: 'unsupported',
  408: 'timeout',
  409: 'invalid',
  413: 'invalid',
  415: 'unsupported',
  422: 'invalid',
  429: 'capacity',
  501: 'unsupported',
  504: 'timeout',
};

/** Speaks IonQ's REST API, version 0.4. Every failure is one of `BACKEND_ERRORS`. */
export class IonqClient {
  readonly #options: IonqClientOptions;
  readonly #base: string;

  constructor(options: IonqClientOptions) {
    this.#options = options;
    this.#base = options.url.replace(/\/+$/, '');
  }

  /** Undefined where there is nothing at the path. */
  async find(path: string): Promise<JsonValue | undefined> {
    const answer = await this.#send('GET', path);
    return answer.status === 404 ? undefined : this.#read(answer);
  }

  async send(
    method: 'POST' | 'PUT' | 'GET',
    path: string,
    body?: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<JsonValue> {
    return this.#read(await this.#send(method, path, body, headers));
  }

  async #send(
    method: string,
    path: string,
    body?: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    try {
      return await fetch(`${this.#base}${path}`, {
        method,
        headers: {
          ...(this.#options.apiKey === '' ? {} : { authorization: `apiKey ${this.#options.apiKey}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        // The key goes to the address that was configured and to no other.
        redirect: 'error',
        signal: AbortSignal.timeout(REQUEST_MS_MAX),
      });
    } catch (cause) {
      throw this.#silent(cause);
    }
  }

  async #read(answer: Response): Promise<JsonValue> {
    const bytes = await this.#bytes(answer);
    const json = parseJson(bytes);
    if (!answer.ok) throw this.#refusal(answer, json.ok ? json.value : null);
    if (json.ok) return json.value;
    throw backendError('unavailable', `${this.#base} answered with something that is not JSON.`);
  }

  async #bytes(answer: Response): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let length = 0;
    try {
      for await (const part of answer.body ?? []) {
        length += part.length;
        if (length > REMOTE_ANSWER_BYTES_MAX) break;
        parts.push(part);
      }
    } catch (cause) {
      throw this.#silent(cause);
    }
    if (length <= REMOTE_ANSWER_BYTES_MAX) return Buffer.concat(parts);
    throw new QfsError(
      'PAYLOAD_TOO_LARGE',
      `${this.#base} answered with more than ${REMOTE_ANSWER_BYTES_MAX} bytes.`,
    );
  }

  #refusal(answer: Response, body: JsonValue): QfsError {
    const kind = KINDS[answer.status] ?? 'unavailable';
    const told = textAt(body, 'message') ?? answer.statusText;
    const quota = kind === 'capacity' && /quota/i.test(told) ? 'quota' : kind;
    const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN);
    const retry = Number.isFinite(seconds) && seconds >= 0 ? { retryAfterMs: seconds * 1000 } : {};
    return backendError(quota, `${this.#base} answered ${answer.status}: ${told.slice(0, 500)}`, retry);
  }

  #silent(cause: unknown): QfsError {
    const late = cause instanceof Error && cause.name === 'TimeoutError';
    if (late)
      return backendError('timeout', `${this.#base} did not answer within ${REQUEST_MS_MAX / 1000} s.`, {
        cause,
      });
    return backendError('unavailable', `${this.#base} cannot be reached.`, { cause });
  }
}

/** The text under a member of an answer, if it has one. */
export function textAt(value: JsonValue | undefined, name: string): string | undefined {
  const member = memberOf(value, name);
  return typeof member === 'string' ? member : undefined;
}

export function numberAt(value: JsonValue | undefined, name: string): number | undefined {
  const member = memberOf(value, name);
  return typeof member === 'number' ? member : undefined;
}

export const memberOf = (value: JsonValue | undefined, name: string): JsonValue | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, name)
    ? value[name]
    : undefined;
