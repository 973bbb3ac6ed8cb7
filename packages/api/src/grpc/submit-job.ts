import { createHash } from 'node:crypto';
import { toBinary } from '@bufbuild/protobuf';
import { PRIORITY_DEFAULT, QfsError } from '@qfs/core';
import { type CallContext, callOptions } from '@qfs/rpc';
import { type SubmitJobRequest, SubmitJobRequestSchema } from '@qfs/rpc/api';
import type { Submission, SubmissionItem } from '../submission.ts';
import { checkContractVersion, checkOwner } from './envelope.ts';
import type { GrpcRooms } from './grpc-rooms.ts';

/** `circuit_fs/<job id>/<artifact name>` */
const ARTIFACT_PATH = /^(?:qfs:\/\/jobs|circuit_fs)\/([^/]+)\/(.+)$/;

/** SubmitJobRequest in the terms of every door. */
export async function submissionOf(
  rooms: GrpcRooms,
  request: SubmitJobRequest,
  headers: Headers,
  context: CallContext,
): Promise<Submission> {
  checkTenant(request, context);
  const { metadata } = request;
  const submission = {
    items: await itemsOf(rooms, request, context),
    name: request.name,
    target: request.target,
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
    tenantOpenJobsMax: request.tenant?.tenantMaxQueuedJobs ?? 0,
    projectOpenJobsMax: request.tenant?.projectMaxQueuedJobs ?? 0,
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

/** The envelope of the request was checked when it came in; what the tenant's own says is checked as that one is. */
function checkTenant({ tenant }: SubmitJobRequest, context: CallContext): void {
  if (tenant === undefined) return;
  checkContractVersion(tenant.contractVersion);
  checkOwner(context, tenant);
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
    const message = 'Give one program (qasm, eigen_lang or aqo_ref) or `items`, not both and not neither.';
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
      const { source, entrypoint, sha256 } = program.value;
      checkSha256(source, sha256);
      return [{ language: 'eigen-lang', program: source, entrypoint, compilerOptions }];
    }
  }
}

/** A program that was changed on its way is not run. */
function checkSha256(source: Uint8Array, expected: string): void {
  if (expected === '') return;
  const actual = createHash('sha256').update(source).digest('hex');
  if (actual === expected.toLowerCase()) return;
  const message = `eigen_lang.sha256 is '${expected.slice(0, 80)}', but the source has ${actual}.`;
  throw new QfsError('JOB_SPEC_INVALID', message, {
    violations: [{ field: 'eigen_lang.sha256', description: 'is not the hash of the source' }],
  });
}
