import { registerHooks } from 'node:module';

/** Preloaded into a server, lets jobs end without `statement.json`, as the anchor of what statements cost. */
const STAGED = 'await this.#stage(attempt, [this.#statement(end, outputs, execution)])';

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    if (!url.endsWith('/kernel/src/pipeline/job-ending.ts')) return loaded;
    const source = String(loaded.source);
    if (!source.includes(STAGED)) throw new Error(`${url} makes its statement in another way`);
    return { ...loaded, source: source.replace(STAGED, '{ manifest: [], calls: [] }') };
  },
});
