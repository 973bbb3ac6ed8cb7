import type { DescService } from '@bufbuild/protobuf';
import { QfsError } from '@qfs/core';
import { DeviceService, type Identity, JobService, LogService } from '@qfs/rpc';
import { Health, ServerReflection } from '@qfs/rpc/grpc';
import { isAllowed, type Permission } from '../request-context.ts';

/** Served to anybody: they say what there is, nothing about anyone. */
export const PUBLIC_SERVICES: ReadonlySet<string> = new Set([Health.typeName, ServerReflection.typeName]);

const JOB_PERMISSIONS: Readonly<Record<keyof typeof JobService.method, Permission>> = {
  submitJob: 'jobs:submit',
  redriveJob: 'jobs:submit',
  cancelJob: 'jobs:cancel',
  deleteJob: 'jobs:delete',
  getJobStatus: 'jobs:read',
  streamJobUpdates: 'jobs:read',
  getJobResults: 'jobs:read',
  getDispatchRationale: 'jobs:read',
  getJob: 'jobs:read',
  listJobs: 'jobs:read',
  listJobArtifacts: 'jobs:read',
  getJobArtifact: 'jobs:read',
  getReceipt: 'jobs:read',
};

const DEVICE_PERMISSIONS: Readonly<Record<keyof typeof DeviceService.method, Permission>> = {
  listDevices: 'devices:list',
  getDeviceDetails: 'devices:list',
  getDeviceStatus: 'devices:status',
  reserveDevice: 'devices:reserve',
};

const LOG_PERMISSIONS: Readonly<Record<keyof typeof LogService.method, Permission>> = {
  getLogStatus: 'log:read',
  readLog: 'log:read',
  proveEntry: 'log:read',
  verifyLog: 'log:check',
  replayLog: 'log:check',
};

const PERMISSIONS: ReadonlyMap<string, Permission> = new Map([
  ...byMethod(JobService, JOB_PERMISSIONS),
  ...byMethod(DeviceService, DEVICE_PERMISSIONS),
  ...byMethod(LogService, LOG_PERMISSIONS),
]);

function byMethod<Permissions extends Readonly<Record<string, Permission>>>(
  { typeName, methods }: DescService,
  permissions: Permissions,
): [string, Permission][] {
  return methods.map(({ name, localName }) => [`${typeName}/${name}`, permissions[localName]!]);
}

/** @throws QfsError AUTH_DENIED unless a role of the identity grants the method. */
export function authorizeMethod(identity: Identity, method: string): void {
  const permission = PERMISSIONS.get(method);
  if (permission === undefined || isAllowed(identity, permission)) return;
  throw new QfsError('AUTH_DENIED', `${method} needs the permission '${permission}'.`, {
    metadata: { permission },
  });
}
