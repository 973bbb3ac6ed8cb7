import type { DescMethod, DescService } from '@bufbuild/protobuf';
import type { Interceptor } from '@connectrpc/connect';
import { QfsError } from '@qfs/core';
import type { ServiceImpl } from '@qfs/rpc';

/** A service of a role of this process. */
export interface ServedService {
  readonly service: DescService;
  readonly handlers: ServiceImpl<DescService>;
}

/** A service with its handlers; the types are checked here once. */
export const served = <Service extends DescService>(
  service: Service,
  handlers: ServiceImpl<Service>,
): ServedService => ({ service, handlers: handlers as unknown as ServiceImpl<DescService> });

export interface ServedMethod {
  readonly service: DescService;
  readonly method: DescMethod;
  readonly handler: (request: never, context: never) => unknown;
  readonly interceptor: Interceptor;
}

/** The methods that this process answers, by name. */
export class Services {
  readonly #methods = new Map<string, ServedMethod>();

  constructor(services: readonly ServedService[], interceptor: Interceptor) {
    for (const { service, handlers } of services) {
      for (const method of service.methods) {
        const handler = (handlers as Readonly<Record<string, ServedMethod['handler'] | undefined>>)[
          method.localName
        ];
        if (handler === undefined) continue;
        const bound: ServedMethod['handler'] = handler.bind(handlers);
        this.#methods.set(`${service.typeName}/${method.name}`, {
          service,
          method,
          handler: bound,
          interceptor,
        });
      }
    }
  }

  /** @throws QfsError SHUTTING_DOWN, NOT_IMPLEMENTED */
  find(name: string, isStopping: boolean): ServedMethod {
    const method = this.#methods.get(name);
    if (method === undefined) {
      throw new QfsError('NOT_IMPLEMENTED', `No role of this process answers ${name.slice(0, 100)}.`);
    }
    if (isStopping) throw new QfsError('SHUTTING_DOWN', 'This process of the platform stops.');
    return method;
  }
}
