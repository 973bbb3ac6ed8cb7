import { QfsError } from '@qfs/core';
import { type CallContext, type Client, callContext, type KernelGatewayService } from '@qfs/rpc';
import type { DoorDependencies } from '../door.ts';
import { createSubmit, type Submit } from '../submission.ts';
import { audited } from './audit.ts';
import type { Permission } from './permissions.ts';

type Kernel = Client<typeof KernelGatewayService>;
type Options = Parameters<Kernel['getJob']>[1];

/** The calls of the kernel that change something, what they need, and what they are about. */
const CHANGES = {
  cancelJob: { action: 'jobs:cancel', resource: 'jobId', isOwners: true },
  deleteJob: { action: 'jobs:delete', resource: 'jobId', isOwners: true },
  redriveJob: { action: 'jobs:submit', resource: 'jobId', isOwners: false },
  reserveDevice: { action: 'devices:reserve', resource: 'deviceId', isOwners: false },
  releaseReservation: { action: 'devices:reserve', resource: 'reservationId', isOwners: false },
} as const satisfies Partial<
  Record<keyof Kernel, { action: Permission; resource: string; isOwners: boolean }>
>;

/**
 * The rooms as doors may use them: every change is written to the audit log, and jobs are ended and deleted
 * by their owner or an admin.
 */
export function guardedRooms<Rooms extends DoorDependencies>(
  rooms: Rooms,
): Rooms & { readonly submit: Submit } {
  const { kernel, audit } = rooms;
  const guarded: Record<string, unknown> = Object.create(kernel);
  for (const [method, change] of Object.entries(CHANGES)) {
    guarded[method] = async (request: Readonly<Record<string, unknown>>, options: Options) => {
      const call = kernel[method as keyof typeof CHANGES] as (
        request: unknown,
        options: Options,
      ) => Promise<object>;
      const resource = String(request[change.resource] ?? '');
      return audited(audit, contextIn(options), change.action, resource, async () => {
        if (change.isOwners) await requireOwner(kernel, resource, change.action, options);
        return call(request, options);
      });
    };
  }
  const submit = createSubmit(rooms);
  return {
    ...rooms,
    kernel: guarded as unknown as Kernel,
    submit: (submission, context) =>
      audited(
        audit,
        context,
        'jobs:submit',
        submission.name ?? '',
        () => submit(submission, context),
        ({ jobId }) => jobId,
      ),
  };
}

const contextIn = (options: Options): CallContext | undefined => options?.contextValues?.get(callContext);

async function requireOwner(
  kernel: Kernel,
  jobId: string,
  action: Permission,
  options: Options,
): Promise<void> {
  const identity = contextIn(options)?.identity;
  if (identity === undefined || identity.roles.includes('admin')) return;
  const subject = await ownerOf(kernel, jobId, options);
  if (subject === undefined || subject === identity.subject) return;
  const message = `${jobId} is another user's job; its owner or an admin may do this.`;
  throw new QfsError('AUTH_DENIED', message, { metadata: { permission: action, job_id: jobId } });
}

/** Undefined once the job was deleted: what is left of it is nobody's. */
async function ownerOf(kernel: Kernel, jobId: string, options: Options): Promise<string | undefined> {
  try {
    return (await kernel.getJob({ jobId }, options)).job?.subject;
  } catch (thrown) {
    if (thrown instanceof QfsError && thrown.code === 'JOB_DELETED') return undefined;
    throw thrown;
  }
}
