/** Globals that what is replayed must not touch, and those whose order it must not rely on. */
type Owner = Record<string, unknown>;

const FORBIDDEN: readonly (readonly [owner: string, ...names: string[]])[] = [
  ['Math', 'random', 'sin', 'cos', 'tan', 'exp', 'log', 'pow', 'sqrt', 'hypot', 'atan2'],
  ['Date', 'now'],
  ['performance', 'now'],
  ['crypto', 'getRandomValues', 'randomUUID'],
  ['', 'Date', 'setTimeout', 'setInterval', 'queueMicrotask', 'fetch', 'WeakRef', 'Float64Array', 'Intl'],
];
const REVERSED: readonly (readonly [owner: string, ...names: string[]])[] = [
  ['Object', 'keys', 'values', 'entries'],
  ['Reflect', 'ownKeys'],
];

const ownerOf = (name: string): Owner =>
  (name === '' ? globalThis : (globalThis as unknown as Owner)[name]) as Owner;

/** Runs something while the globals are poisoned, and heals them afterwards. */
export function poisoned<Value>(run: () => Value): Value {
  const heal: (() => void)[] = [];
  const replace = (owner: Owner, name: string, value: unknown): void => {
    const before = Object.getOwnPropertyDescriptor(owner, name);
    heal.push(() => (before === undefined ? delete owner[name] : Object.defineProperty(owner, name, before)));
    Object.defineProperty(owner, name, { value, configurable: true, writable: true });
  };
  for (const [owner, ...names] of FORBIDDEN) {
    for (const name of names) {
      replace(ownerOf(owner), name, function refuse() {
        throw new Error(`what is replayed has asked for ${owner === '' ? name : `${owner}.${name}`}`);
      });
    }
  }
  for (const [owner, ...names] of REVERSED) {
    for (const name of names) {
      const honest = ownerOf(owner)[name] as (of: object) => unknown[];
      replace(ownerOf(owner), name, (of: object) => honest(of).reverse());
    }
  }
  try {
    return run();
  } finally {
    for (const undo of heal.reverse()) undo();
  }
}
