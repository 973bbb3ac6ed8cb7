import { fileURLToPath } from 'node:url';
import { fromBinary } from '@bufbuild/protobuf';
import {
  Client,
  credentials,
  loadPackageDefinition,
  Metadata,
  type ServiceClientConstructor,
  type ServiceError,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ErrorInfoSchema, StatusSchema } from '@qfs/rpc/grpc';

const PROTO = fileURLToPath(new URL('../../proto', import.meta.url));
/** Longest wait for one answer; a call that hangs fails its test instead of holding it up. */
const DEADLINE_MS = 60_000;

/** The .proto file of every service that the public door serves. */
const FILES = {
  'eigen.api.v1.JobService': 'eigen/api/v1/job_service.proto',
  'eigen.api.v1.DeviceService': 'eigen/api/v1/device_service.proto',
  'eigen.api.v1.TokenService': 'eigen/api/v1/token_service.proto',
  'fabric.v1.LogService': 'fabric/v1/log_service.proto',
  'grpc.health.v1.Health': 'grpc/health/v1/health.proto',
  'grpc.reflection.v1.ServerReflection': 'grpc/reflection/v1/reflection.proto',
} as const;

/** A message as proto-loader gives it: names as in the .proto file, 64 bit numbers and enums as texts. */
export type Reply = Readonly<Record<string, unknown>>;
export type Stream = AsyncIterable<Reply> & { write(request: object): void; end(): void; cancel(): void };

/** A service as a stock client sees it that knows the .proto files alone. */
export interface GrpcService {
  call(method: string, request: object, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  /** A stream of the server; without a request, a stream both ways. */
  stream(method: string, request?: object, headers?: Readonly<Record<string, string>>): Stream;
  close(): void;
}

/** Connects to the address of the ready line, `http://host:port`; of `https`, believing the given authority. */
export function connectGrpc(address: string, service: keyof typeof FILES, authority?: Buffer): GrpcService {
  const definition = loadSync(FILES[service], {
    includeDirs: [PROTO, `${PROTO}/third_party`],
    keepCase: true,
    longs: String,
    enums: String,
    defaults: true,
  });
  let found: unknown = loadPackageDefinition(definition);
  for (const part of service.split('.')) found = (found as Record<string, unknown>)[part];
  const host = address.replace(/^https?:\/\//, '');
  const over = authority === undefined ? credentials.createInsecure() : credentials.createSsl(authority);
  const client = new (found as ServiceClientConstructor)(host, over);
  const methodOf = (method: string) =>
    (client as unknown as Record<string, (this: Client, ...args: unknown[]) => unknown>)[method]!;
  const options = () => ({ deadline: Date.now() + DEADLINE_MS });
  return {
    call: (method, request, headers = {}) =>
      new Promise((resolve, reject) => {
        methodOf(method).call(
          client,
          request,
          metadataOf(headers),
          options(),
          (error: ServiceError | null, reply: Reply) => (error === null ? resolve(reply) : reject(error)),
        );
      }),
    stream: (method, request, headers = {}) =>
      methodOf(method).call(
        client,
        ...(request === undefined ? [] : [request]),
        metadataOf(headers),
        options(),
      ) as Stream,
    close: () => client.close(),
  };
}

function metadataOf(headers: Readonly<Record<string, string>>): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  return metadata;
}

const asIs = (bytes: Buffer): Buffer => bytes;

/** The status of a call whose message is any bytes; 0 when it succeeded. */
export function statusOfBytes(address: string, path: string, message: Uint8Array): Promise<number> {
  const client = new Client(address.replace(/^http:\/\//, ''), credentials.createInsecure());
  return new Promise((resolve) => {
    const options = { deadline: Date.now() + DEADLINE_MS };
    client.makeUnaryRequest(path, asIs, asIs, Buffer.from(message), new Metadata(), options, (error) => {
      client.close();
      resolve(error?.code ?? 0);
    });
  });
}

export interface GrpcFailure {
  /** The number of the gRPC status. */
  readonly status: number;
  readonly message: string;
  /** Of google.rpc.ErrorInfo. */
  readonly reason: string;
  readonly domain: string;
}

/** How a call failed, with its ErrorInfo; fails if it succeeded. */
export async function grpcFailure(call: Promise<unknown>): Promise<GrpcFailure> {
  const error = await call.then(
    () => undefined,
    (thrown: ServiceError) => thrown,
  );
  if (error === undefined) throw new Error('the call succeeded');
  const [bytes] = error.metadata.get('grpc-status-details-bin');
  if (bytes === undefined) throw new Error(`no details came with "${error.message}"`);
  const [first] = fromBinary(StatusSchema, bytes as Buffer).details;
  if (first?.typeUrl !== 'type.googleapis.com/google.rpc.ErrorInfo') {
    throw new Error(`the first detail is ${first?.typeUrl}`);
  }
  const { reason, domain } = fromBinary(ErrorInfoSchema, first.value);
  return { status: error.code, message: error.details, reason, domain };
}
