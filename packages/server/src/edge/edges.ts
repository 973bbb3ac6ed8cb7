import type { DescService } from '@bufbuild/protobuf';
import { type Client, directClient, routerClient, type ServiceImpl } from '@qfs/rpc';
import type { Tracing } from '../observe/tracing.ts';
import type { RemoteRole } from './edge-client.ts';
import { ROLE_TABLE, type Role } from './role-table.ts';
import { type ServedService, served } from './services.ts';
import { spread } from './spread.ts';

/**
 * The edges between roles. Whoever calls a role is given a client and does not know where it is: in this process
 * the handlers are called directly, in another one over gRPC.
 */
export class Edges {
  readonly #local: typeof directClient;
  readonly #remote: ReadonlyMap<Role, readonly RemoteRole[]>;
  readonly #tracing: Pick<Tracing, 'of'> | undefined;
  readonly #served = new Map<Role, ServedService[]>();

  constructor(
    transport: 'direct' | 'serialising',
    remote: ReadonlyMap<Role, readonly RemoteRole[]>,
    tracing?: Pick<Tracing, 'of'>,
  ) {
    this.#local = transport === 'direct' ? directClient : routerClient;
    this.#remote = remote;
    this.#tracing = tracing;
  }

  /**
   * A client of a service. Its handlers are given if this process has the role; they are served to other processes
   * too where the table of roles says so. Otherwise the role is reached where the configuration says.
   */
  client<Service extends DescService>(
    role: Role,
    service: Service,
    handlers: ServiceImpl<Service> | undefined,
  ): Client<Service> {
    if (handlers === undefined) {
      return spread(
        service,
        (this.#remote.get(role) ?? []).map((peer) => peer.client(service)),
      );
    }
    if (ROLE_TABLE[role].services.some((row) => row.service === service)) {
      this.#served.set(role, [...(this.#served.get(role) ?? []), served(service, handlers)]);
    }
    return this.#local(service, handlers, this.#tracing?.of(role));
  }

  /** What this process serves to others, by role. */
  get served(): ReadonlyMap<Role, readonly ServedService[]> {
    return this.#served;
  }

  /** The processes that this one calls. */
  get peers(): readonly RemoteRole[] {
    return [...this.#remote.values()].flat();
  }

  close(): void {
    for (const peer of this.peers) peer.close();
  }
}
