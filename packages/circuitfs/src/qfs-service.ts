import {
  ARTIFACTS_PER_CALL_MAX,
  type Clock,
  QfsError,
  type SqlDatabase,
  type StoreCall,
  type StoreWriter,
} from '@qfs/core';
import { isDigest, isJobId } from '@qfs/core/exact';
import {
  contextOf,
  type HandlerContext,
  inSpan,
  type QfsService,
  type ServiceImpl,
  type SpanAttributes,
  type Tracer,
} from '@qfs/rpc';
import type { Artifact, RetrieveArtifactRequest, StoreArtifactsRequest } from '@qfs/rpc/qfs';
import type { BlobStore, PreparedBlob } from '@qfs/storage';
import type { StoreArtifactsArgument } from './artifact-module.ts';
import { artifactPath, checkArtifactName } from './artifact-name.ts';
import {
  type ArtifactRow,
  type ArtifactScope,
  findArtifact,
  findRelease,
  listArtifacts,
} from './artifact-reader.ts';
import { artifactKind } from './known-artifacts.ts';
import {
  type ArtifactMetrics,
  type ArtifactOperation,
  countRetrieved,
  countStored,
  observeDuration,
} from './metrics.ts';
import { refuseReleased } from './release.ts';

export interface QfsServiceOptions {
  readonly blobs: BlobStore;
  readonly writer: StoreWriter;
  readonly reader: SqlDatabase;
  readonly clock: Clock;
  readonly metrics: ArtifactMetrics;
  /** Told of a span per operation (seed 000). */
  readonly tracer?: Tracer | undefined;
}

/**
 * QfsService, level 3: artifacts under the name of their job, immutable and hashed (seed 000).
 *
 * Storing in a call that carries a unit of work adds the writes to it and answers at once; otherwise the
 * answer comes once they are durable. A stored artifact is seen by its tenant and project only.
 */
export function createQfsService(options: QfsServiceOptions): ServiceImpl<typeof QfsService> {
  const { clock, metrics, tracer } = options;
  const timed = async <Answer>(
    operation: ArtifactOperation,
    handler: HandlerContext,
    work: (found: Found) => Promise<Answer>,
  ): Promise<Answer> => {
    const startMs = clock.monotonicMs();
    try {
      if (tracer === undefined) return await work(NOTHING);
      const name = `artifact ${operation}`;
      return await inSpan(tracer, { name }, contextOf(handler), (_context, span) =>
        work((attributes) => span?.add(attributes())),
      );
    } finally {
      observeDuration(metrics, operation, (clock.monotonicMs() - startMs) / 1000);
    }
  };
  return {
    storeArtifact: (request, handler) =>
      timed('store', handler, async (found) => {
        const artifacts = request.artifact === undefined ? [] : [request.artifact];
        const [handle] = await storeAll(options, { ...request, artifacts }, handler);
        found(() => artifactAttributes(handle!));
        return handle!;
      }),
    storeArtifacts: (request, handler) =>
      timed('store', handler, async (found) => {
        const handles = await storeAll(options, request, handler);
        found(() => batchAttributes(request.jobId, handles));
        return { handles };
      }),
    retrieveArtifact: (request, handler) =>
      timed('retrieve', handler, async (found) => {
        const answer = await retrieve(options, request, handler);
        found(() => artifactAttributes(answer.handle));
        return answer;
      }),
    listArtifacts: ({ jobId }, handler) =>
      timed('list', handler, async (found) => {
        found(() => ({ job_id: jobId }));
        checkJobId(jobId);
        const { identity } = contextOf(handler);
        refuseDeleted(options.reader, identity, jobId);
        const rows = listArtifacts(options.reader, identity, jobId);
        return { handles: rows.map(handleOf) };
      }),
  };
}

/** Tells the span of an operation what it was about; it costs nothing where there is none. */
type Found = (attributes: () => SpanAttributes) => void;
const NOTHING: Found = () => undefined;

const artifactAttributes = ({ jobId, hash, path, size }: Handle): SpanAttributes => ({
  job_id: jobId,
  artifact_hash: hash,
  path,
  size: Number(size),
});

const batchAttributes = (jobId: string, handles: readonly Handle[]): SpanAttributes => ({
  job_id: jobId,
  artifacts: handles.length,
  path: handles.map(({ path }) => path).join(' '),
  artifact_hash: handles.map(({ hash }) => hash).join(' '),
  size: handles.reduce((sum, { size }) => sum + Number(size), 0),
});

type StoreRequest = Pick<StoreArtifactsRequest, 'jobId' | 'attempt' | 'staged' | 'artifacts'>;

async function storeAll(
  options: QfsServiceOptions,
  request: StoreRequest,
  handler: HandlerContext,
): Promise<Handle[]> {
  const { identity, unitOfWork } = contextOf(handler);
  const count = (failure?: unknown): void => {
    for (const { name, type, data } of request.artifacts) {
      countStored(options.metrics, type || artifactKind(name).type, data.byteLength, failure);
    }
  };
  try {
    checkStore(request);
    const artifacts: { name: string; type: string; contentType: string; blob: PreparedBlob }[] = [];
    for (const artifact of request.artifacts) {
      const blob = await options.blobs.prepare(identity.tenantId, artifact.data);
      artifacts.push({ ...described(artifact), blob });
    }
    const argument: StoreArtifactsArgument = {
      tenantId: identity.tenantId,
      projectId: identity.projectId,
      subject: identity.subject,
      jobId: request.jobId,
      attempt: request.attempt,
      staged: request.staged,
      artifacts,
    };
    const calls: StoreCall[] = [{ operation: 'artifacts.store', argument }];
    if (unitOfWork === undefined) await options.writer.transact(calls);
    else unitOfWork.add(calls);
    count();
    return artifacts.map(({ name, type, contentType, blob }) =>
      handleOf({ jobId: request.jobId, name, type, contentType, digest: blob.digest, size: blob.size }),
    );
  } catch (thrown) {
    count(thrown);
    throw thrown;
  }
}

async function retrieve(
  options: QfsServiceOptions,
  request: RetrieveArtifactRequest,
  handler: HandlerContext,
) {
  const { identity } = contextOf(handler);
  let type = 'other';
  try {
    const artifact = locate(options.reader, identity, request);
    type = artifact.type;
    const data = await options.blobs.read(identity.tenantId, artifact.digest);
    countRetrieved(options.metrics, type);
    return { handle: handleOf({ ...artifact, size: data.byteLength }), data, metadata: artifact.metadata };
  } catch (thrown) {
    countRetrieved(options.metrics, type, thrown);
    throw thrown;
  }
}

interface Located extends Omit<ArtifactRow, 'createdAtMs' | 'attempt' | 'size'> {
  readonly metadata: Record<string, string>;
}

/** By job and name; or by the hash of a handle, for those who keep handles. */
function locate(
  reader: SqlDatabase,
  identity: { readonly tenantId: string; readonly projectId: string },
  { jobId, name, handle }: RetrieveArtifactRequest,
): Located {
  if (handle !== undefined && name === '') {
    if (!isDigest(handle.hash)) {
      throw new QfsError(
        'REQUEST_INVALID',
        `${JSON.stringify(handle.hash)} is no digest; it has the form sha256:<hex>.`,
      );
    }
    refuseReleased(handle.jobId, findRelease(reader, identity, handle.jobId), handle.name);
    const { contentType, type } = artifactKind(handle.name === '' ? 'unnamed' : handle.name);
    return { jobId: handle.jobId, name: handle.name, digest: handle.hash, contentType, type, metadata: {} };
  }
  checkJobId(jobId);
  const release = refuseDeleted(reader, identity, jobId);
  const row = findArtifact(reader, identity, jobId, name);
  if (row === undefined) {
    throw new QfsError('ARTIFACT_NOT_FOUND', `The job ${jobId} has no artifact ${JSON.stringify(name)}.`);
  }
  refuseReleased(jobId, release, name);
  const metadata = { attempt: `${row.attempt}`, created_at: new Date(row.createdAtMs).toISOString() };
  return { ...row, metadata };
}

/** @throws QfsError JOB_DELETED */
function refuseDeleted(
  reader: SqlDatabase,
  scope: ArtifactScope,
  jobId: string,
): ReturnType<typeof findRelease> {
  const release = findRelease(reader, scope, jobId);
  if (release === 'deleted') refuseReleased(jobId, release);
  return release;
}

function checkStore({ jobId, artifacts }: StoreRequest): void {
  checkJobId(jobId);
  if (artifacts.length === 0)
    throw new QfsError('REQUEST_INVALID', 'The request holds no artifact; send at least one.');
  if (artifacts.length > ARTIFACTS_PER_CALL_MAX) {
    throw new QfsError(
      'PAYLOAD_TOO_LARGE',
      `The request holds ${artifacts.length} artifacts; the limit is ${ARTIFACTS_PER_CALL_MAX}.`,
    );
  }
  const names = new Set<string>();
  for (const { name, type, contentType } of artifacts) {
    checkArtifactName(name);
    if (names.has(name)) throw new QfsError('REQUEST_INVALID', `${name} occurs twice in the request.`);
    names.add(name);
    if (type !== '' && !TYPE_WORD.test(type)) {
      throw new QfsError(
        'REQUEST_INVALID',
        `The type of ${name} is a word of a-z and _, up to 64 characters.`,
      );
    }
    if (contentType !== '' && !MEDIA_TYPE.test(contentType)) {
      throw new QfsError(
        'REQUEST_INVALID',
        `The content type of ${name} is no media type of up to 127 characters.`,
      );
    }
  }
}

const TYPE_WORD = /^[a-z][a-z_]{0,63}$/;
/** RFC 9110 §8.3.1, with printable parameters. */
const MEDIA_TYPE = /^(?=.{1,127}$)[\w!#$&^.+-]+\/[\w!#$&^.+-]+(; ?[\w-]+=[\w".+-]+)*$/;

function checkJobId(jobId: string): void {
  if (isJobId(jobId)) return;
  throw new QfsError(
    'REQUEST_INVALID',
    `${JSON.stringify(jobId.slice(0, 100))} is no job id; they begin with job_.`,
  );
}

const described = ({ name, type, contentType }: Artifact) => {
  const kind = artifactKind(name);
  return { name, type: type || kind.type, contentType: contentType || kind.contentType };
};

/** An ArtifactHandle, as a handler may give it. */
type Handle = ReturnType<typeof handleOf>;

const handleOf = (row: Omit<ArtifactRow, 'createdAtMs' | 'attempt'>) => ({
  hash: row.digest,
  size: BigInt(row.size),
  path: artifactPath(row.jobId, row.name),
  name: row.name,
  type: row.type,
  contentType: row.contentType,
  jobId: row.jobId,
});
