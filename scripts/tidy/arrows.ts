/** Which room may import which: the arrows of the architecture. Everything not listed is forbidden. */
export const ARROWS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  circuit: ['core'],
  qasm: ['core', 'circuit'],
  compiler: ['core', 'circuit', 'qasm', 'eigen-lang', 'hybrid'],
  'compiler/service': ['core', 'circuit', 'qasm', 'compiler', 'rpc'],
  simulator: ['core', 'circuit'],
  consensus: ['core'],
  'consensus/service': ['core', 'consensus', 'rpc'],
  fabric: ['core/exact'],
  receipts: ['core'],
  optimise: ['core'],
  'eigen-lang': ['core', 'circuit', 'optimise', 'hybrid'],
  hybrid: ['core', 'circuit', 'optimise'],
  jobspec: ['core'],
  rpc: ['core'],
  storage: ['core', 'consensus', 'fabric'],
  circuitfs: ['core', 'storage', 'rpc'],
  kernel: ['core', 'rpc', 'receipts', 'hybrid', 'jobspec'],
  drivers: ['core', 'circuit', 'simulator', 'rpc'],
  api: ['core', 'rpc', 'circuit', 'compiler'],
  client: ['core', 'rpc'],
  web: ['core', 'circuit', 'qasm', 'compiler', 'simulator', 'receipts'],
  cli: ['core', 'circuit', 'qasm', 'compiler', 'simulator', 'hybrid', 'jobspec', 'client', 'receipts'],
  server: [
    'core',
    'rpc',
    'api',
    'kernel',
    'compiler',
    'drivers',
    'circuitfs',
    'storage',
    'consensus',
    'fabric',
    'simulator',
    'web',
  ],
};

/** Rooms without I/O, and the parts of them that are hosts all the same. */
export const PURE: readonly { readonly room: string; readonly except: readonly string[] }[] = [
  { room: 'core', except: [] },
  { room: 'circuit', except: [] },
  { room: 'qasm', except: [] },
  { room: 'compiler', except: ['service/'] },
  { room: 'simulator', except: ['engine/'] },
  { room: 'consensus', except: ['local/', 'service/'] },
  { room: 'receipts', except: [] },
  { room: 'optimise', except: [] },
  { room: 'eigen-lang', except: [] },
  { room: 'hybrid', except: [] },
  { room: 'jobspec', except: [] },
  { room: 'fabric', except: [] },
];

/** Replacement named beside each global that pure rooms must not touch. */
export const BANNED_IN_PURE: readonly { readonly pattern: RegExp; readonly instead: string }[] = [
  { pattern: /\bDate\b/g, instead: 'a Clock argument' },
  { pattern: /\bMath\s*\.\s*random\b/g, instead: 'the Prng of @qfs/core/math' },
  {
    pattern:
      /\bMath\s*\.\s*(?:a?sinh?|a?cosh?|a?tanh?|atan2|exp|expm1|log|log10|log2|log1p|pow|cbrt|hypot)\b/g,
    instead: 'the function of @qfs/core/math, which is equal on every machine',
  },
  {
    pattern: /\b(?:performance|setTimeout|setInterval|setImmediate|queueMicrotask)\b/g,
    instead: 'Clock, Timers',
  },
  { pattern: /\b(?:process|crypto|fetch|require|Buffer|globalThis)\b(?=\s*[.([])/g, instead: 'a port' },
  { pattern: /\bIntl\b|\.toLocale[A-Z]\w*/g, instead: 'an explicit format' },
];

/** The room whose results must be equal on every machine, with all that it imports. */
export const DETERMINISTIC_ROOM = 'fabric';

/** What is replayed knows integers only, and no order but one that it makes itself. */
export const BANNED_IN_DETERMINISTIC: readonly { readonly pattern: RegExp; readonly instead: string }[] = [
  { pattern: /(?<![\w.])\d+\.\d+|(?<![\w.])\d+[eE]-\d+/g, instead: 'an integer' },
  { pattern: /\bMath\s*\.\s*(?!(?:min|max)\b)\w+/g, instead: 'integer arithmetic' },
  {
    pattern: /\bparseFloat\b|\bFloat(?:16|32|64)Array\b|\b[gs]etFloat(?:16|32|64)\b|\bNaN\b|\bInfinity\b/g,
    instead: 'an integer',
  },
  { pattern: /(?<![<*/])\/(?![/*=])|\/=/g, instead: 'shifts or bigint division' },
  { pattern: /\*\*/g, instead: 'a shift or a written number' },
  { pattern: /\bfor\s*\([^)]*\bin\b/g, instead: 'an ordered list of keys' },
  {
    pattern: /\bObject\s*\.\s*(?:keys|values|entries)\b|\bReflect\s*\.\s*ownKeys\b/g,
    instead: 'a sorted Map or an ordered list',
  },
  { pattern: /\blocaleCompare\b|\.normalize\b/g, instead: 'the order of bytes' },
  { pattern: /\b(?:async|await|Promise)\b/g, instead: 'a synchronous function' },
  { pattern: /\b(?:WeakRef|FinalizationRegistry|SharedArrayBuffer|Atomics)\b/g, instead: 'plain data' },
  { pattern: /\bconsole\b|\.stack\b/g, instead: 'a returned value' },
];

/** Places where it is allowed all the same, each with its reason. */
export const ALLOWED_IN_DETERMINISTIC: readonly {
  readonly path: string;
  readonly text: string;
  readonly reason: string;
}[] = [
  {
    path: 'packages/core/src/exact/cbor.ts',
    text: 'Object.entries',
    reason: 'the encoder sorts the keys before it writes any',
  },
];
