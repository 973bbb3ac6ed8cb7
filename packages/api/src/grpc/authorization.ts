import type { DescService } from '@bufbuild/protobuf';
import { assert } from '@qfs/core';
import { DeviceService, JobService, LogService, TokenService } from '@qfs/rpc';
import { Health, ServerReflection } from '@qfs/rpc/grpc';
import type { Permission } from '../auth/permissions.ts';

/** Served to anybody: they say what there is, nothing about anyone. */
export const PUBLIC_SERVICES: ReadonlySet<string> = new Set([Health.typeName, ServerReflection.typeName]);

const JOB_PERMISSIONS: Readonly<Record<keyof typeof JobService.method, Permission>> = {
  submitJob: 'jobs:submit',
  estimateJob: 'jobs:submit',
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
  listReservations: 'devices:reserve',
  releaseReservation: 'devices:reserve',
};

const LOG_PERMISSIONS: Readonly<Record<keyof typeof LogService.method, Permission>> = {
  getLogStatus: 'log:read',
  readLog: 'log:read',
  proveEntry: 'log:read',
  verifyLog: 'log:check',
  replayLog: 'log:check',
};

const TOKEN_PERMISSIONS: Readonly<Record<keyof typeof TokenService.method, Permission | 'identity'>> = {
  createToken: 'tokens:manage',
  listTokens: 'tokens:manage',
  revokeToken: 'tokens:manage',
  getIdentity: 'identity',
};

/** `package.Service/Method` to what it needs. */
export const PERMISSION_BY_METHOD: ReadonlyMap<string, Permission | 'identity'> = new Map([
  ...byMethod(JobService, JOB_PERMISSIONS),
  ...byMethod(DeviceService, DEVICE_PERMISSIONS),
  ...byMethod(LogService, LOG_PERMISSIONS),
  ...byMethod(TokenService, TOKEN_PERMISSIONS),
]);

function byMethod<Permissions extends Readonly<Record<string, Permission | 'identity'>>>(
  { typeName, methods }: DescService,
  permissions: Permissions,
): [string, Permission | 'identity'][] {
  return methods.map(({ name, localName }) => [`${typeName}/${name}`, permissions[localName]!]);
}

/** What a method of a service that is not public needs; what is not listed is not served to anybody. */
export function permissionOf(method: string): Permission | 'identity' {
  const permission = PERMISSION_BY_METHOD.get(method);
  assert(permission !== undefined, `${method} has no permission`);
  return permission;
}
