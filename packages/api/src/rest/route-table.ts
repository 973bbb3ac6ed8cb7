/** Which methods an address knows, so that a wrong one is told from a wrong address. */
export class RouteTable {
  readonly #routes = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>();

  add(method: string | string[], url: string): void {
    let route = this.#routes.get(url);
    if (route === undefined) {
      route = { pattern: patternOf(url), methods: new Set() };
      this.#routes.set(url, route);
    }
    for (const name of [method].flat()) route.methods.add(name);
  }

  methodsOf(url: string): string[] {
    const [path = ''] = url.split('?');
    const methods = [...this.#routes.values()].filter(({ pattern }) => pattern.test(path));
    return [...new Set(methods.flatMap((route) => [...route.methods]))].sort();
  }
}

/** `/a/:id/*` as a regular expression; a parameter is one segment, the star is the rest. */
function patternOf(url: string): RegExp {
  const source = url
    .replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/:[A-Za-z_]+/g, '[^/]+')
    .replaceAll('*', '.+');
  return new RegExp(`^${source}$`);
}
