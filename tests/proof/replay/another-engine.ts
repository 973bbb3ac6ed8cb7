import { registerHooks } from 'node:module';

/** Preloaded into a server, makes its engine another version that draws other samples from the same seed. */
const CHANGES: Readonly<Record<string, readonly (readonly [before: string, after: string])[]>> = {
  '/simulator/src/engine-version.ts': [["ENGINE_VERSION = '", "ENGINE_VERSION = '0.0.0-"]],
  '/simulator/src/run.ts': [
    ["'sampling'", "'other samples'"],
    ["'trajectory'", "'other trajectories'"],
  ],
};

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    const changes = Object.entries(CHANGES).find(([end]) => url.endsWith(end))?.[1];
    if (changes === undefined) return loaded;
    let source = String(loaded.source);
    for (const [before, after] of changes) {
      if (!source.includes(before)) throw new Error(`${url} has no ${before}`);
      source = source.replaceAll(before, after);
    }
    return { ...loaded, source };
  },
});
