import type { DescService } from '@bufbuild/protobuf';
import { type Client, directClient, routerClient, type ServiceImpl } from '@qfs/rpc';
import type { Tracing } from '../observe/tracing.ts';
import type { RemoteRole } from './edge-client.ts';
import { ROLE_TABLE, type Role } from './role-table.ts';
import { type ServedService, served } from './services.ts';
import { spread } from './spread.ts';

/**
 * Makes one client over the processes that have a role, each known by the address under which it is
 * configured.
 */
export type Join<Service extends DescService> = (
  peers: readonly { readonly name: string; readonly client: Client<Service> }[],
  service: Service,
) => Client<Service>;

const joinStateless = <Service extends DescService>(
  peers: Parameters<Join<Service>>[0],
  service: Service,
): Client<Service> =>
  spread(
    service,
    peers.map(({ client }) => client),
  );

/**
 * The edges between roles. Whoever calls a role is given a client and does not know where it is: in this
 * process the handlers are called directly, in another one over gRPC.
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
   * A client of a service. Its handlers are given if this process has the role; they are served to other
   * processes too where the table of roles says so. Otherwise the role is reached where the configuration
   * says; how several processes of it are one is for `join` to say, by default each is as good as the others.
   */
  client<Service extends DescService>(
    role: Role,
    service: Service,
    handlers: ServiceImpl<Service> | undefined,
    join: Join<Service> = joinStateless,
  ): Client<Service> {
    if (handlers === undefined) {
      const peers = this.#remote.get(role) ?? [];
      return join(
        peers.map((peer) => ({ name: new URL(peer.url).host, client: peer.client(service) })),
        service,
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
