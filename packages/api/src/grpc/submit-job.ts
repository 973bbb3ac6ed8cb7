import { toBinary } from '@bufbuild/protobuf';
import { PRIORITY_DEFAULT, QfsError } from '@qfs/core';
import { type CallContext, callOptions } from '@qfs/rpc';
import { type SubmitJobRequest, SubmitJobRequestSchema } from '@qfs/rpc/api';
import { TARGET_DEFAULT } from '../door.ts';
import type { Submission, SubmissionItem } from '../submission.ts';
import type { GrpcRooms } from './grpc-rooms.ts';

const CONTRACT_MAJOR = '1.';
/** `circuit_fs/<job id>/<artifact name>` */
const ARTIFACT_PATH = /^(?:qfs:\/\/jobs|circuit_fs)\/([^/]+)\/(.+)$/;

/** SubmitJobRequest in the terms of every door. */
export async function submissionOf(
  rooms: GrpcRooms,
  request: SubmitJobRequest,
  headers: Headers,
  context: CallContext,
): Promise<Submission> {
  checkEnvelope(request, context);
  const { metadata } = request;
  const submission = {
    items: await itemsOf(rooms, request, context),
    name: request.name,
    target: request.target === '' ? TARGET_DEFAULT : request.target,
    priority: request.priority === 0 ? PRIORITY_DEFAULT : request.priority,
    metadataKvs: metadata,
    method: request.method || (metadata.method ?? ''),
    precision: request.precision || (metadata.precision ?? ''),
    options: request.options,
    tags: request.tags,
    dependencies: request.dependencies,
    parentJobId: request.parentJobId,
    sessionId: request.sessionId,
    reservationId: request.reservationId,
    sourceDoor: 'grpc',
    idempotencyKey:
      headers.get('x-idempotency-key') ??
      (request.envelope?.idempotencyKey || (metadata.client_request_id ?? '')),
    fingerprint: fingerprintOf(request),
  };
  return request.seed === undefined ? submission : { ...submission, seed: request.seed };
}

/** The envelope differs between repetitions (trace, deadline), so it is no part of what is repeated. */
function fingerprintOf(request: SubmitJobRequest): Uint8Array {
  const { envelope: _, ...repeated } = request;
  return toBinary(
    SubmitJobRequestSchema,
    { ...repeated, $typeName: request.$typeName },
    { writeUnknownFields: false },
  );
}

function checkEnvelope({ envelope, tenant }: SubmitJobRequest, { identity }: CallContext): void {
  const version = envelope?.contractVersion || tenant?.contractVersion || CONTRACT_MAJOR;
  if (!version.startsWith(CONTRACT_MAJOR)) {
    throw new QfsError('REQUEST_INVALID', `contract_version is '${version}'; versions 1.x are understood.`);
  }
  const tenants = [envelope?.tenantId, tenant?.tenantId].filter((id) => id !== undefined && id !== '');
  const projects = [envelope?.projectId, tenant?.projectId].filter((id) => id !== undefined && id !== '');
  if (tenants.some((id) => id !== identity.tenantId) || projects.some((id) => id !== identity.projectId)) {
    throw new QfsError(
      'AUTH_DENIED',
      'The request names a tenant or project that is not that of its credentials.',
    );
  }
}

async function itemsOf(
  rooms: GrpcRooms,
  request: SubmitJobRequest,
  context: CallContext,
): Promise<readonly SubmissionItem[]> {
  const { program, items, compilerOptions } = request;
  if (program.case === undefined && items.length > 0) {
    return items.map(({ $typeName: _, ...item }) => item);
  }
  if (program.case === undefined || items.length > 0) {
    const message = 'Give one program (qasm or aqo_ref) or `items`, not both and not neither.';
    throw new QfsError('JOB_SPEC_INVALID', message, {
      violations: [{ field: 'program', description: message }],
    });
  }
  switch (program.case) {
    case 'qasm': {
      const language = program.value.version.startsWith('2') ? 'openqasm2' : 'openqasm3';
      return [{ language, program: program.value.source, compilerOptions }];
    }
    case 'aqoRef': {
      const [, jobId, name] = ARTIFACT_PATH.exec(program.value.qfsRef) ?? [];
      if (jobId === undefined || name === undefined) {
        const message = `aqo_ref.qfs_ref is '${program.value.qfsRef}'; expected circuit_fs/<job_id>/<name>.`;
        throw new QfsError('JOB_SPEC_INVALID', message);
      }
      const { data } = await rooms.qfs.retrieveArtifact({ jobId, name }, callOptions(context));
      return [{ language: 'aqo', program: data, compilerOptions }];
    }
    case 'eigenLang': {
      const { source, entrypoint } = program.value;
      return [{ language: 'eigen-lang', program: source, entrypoint, compilerOptions }];
    }
  }
}
