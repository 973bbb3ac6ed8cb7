import type { DescService } from '@bufbuild/protobuf';
import { assert } from '@qfs/core';
import type { Client } from '@qfs/rpc';

/**
 * One client over the processes of a stateless role: each call goes to the next of them. Over none it can be handed
 * on but not called: a process is wired with clients that its roles have no use for.
 */
export function spread<Service extends DescService>(
  service: Service,
  clients: readonly Client<Service>[],
): Client<Service> {
  const [first] = clients;
  if (first !== undefined && clients.length === 1) return first;
  let calls = 0;
  return new Proxy({} as Client<Service>, {
    get: (_target, method) => {
      assert(clients.length > 0, () => `no role of this process calls ${service.typeName}`);
      calls += 1;
      return Reflect.get(clients[calls % clients.length]!, method) as unknown;
    },
  });
}
