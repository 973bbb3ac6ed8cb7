import { createHash } from 'node:crypto';

/**
 * A driver plugin in plain JavaScript: `coin:toss` ignores the gates of a circuit and tosses a coin for every
 * classical bit that it declares. What a real driver does over the network happens here in a map.
 */
const DEVICE = {
  id: 'coin:toss',
  name: 'A box of coins',
  backendType: 'coin',
  qubitsMax: 64,
  shotsMax: 10_000,
  formats: ['qasm3_text'],
  slots: 4,
  methods: [],
  properties: { reproducibility: 'exact' },
};
/** Ended executions that are kept for their owner to fetch. */
const KEPT_MAX = 1_000;

export function createDriver(host) {
  const { bias, delay_ms: delayMs, api_key: apiKey } = host.config;
  if (!(bias >= 0 && bias <= 1)) throw new Error(`bias is ${bias}; it must be from 0 to 1`);
  host.log('info', apiKey === undefined ? 'tossing without a key' : `tossing with the key ${apiKey}`);
  const executions = new Map();

  /** The service's own idempotency: one token, one execution. */
  function submit(request, token) {
    const remoteId = createHash('sha256').update(token).digest('hex').slice(0, 32);
    if (executions.has(remoteId)) return remoteId;
    if (executions.size >= KEPT_MAX) executions.delete(executions.keys().next().value);
    const endsMs = host.clock.monotonicMs() + delayMs;
    executions.set(remoteId, { request, endsMs, cancelled: false });
    return remoteId;
  }

  function stateOf(remoteId) {
    const execution = executions.get(remoteId);
    if (execution === undefined) return 'lost';
    if (execution.cancelled) return 'cancelled';
    return host.clock.monotonicMs() < execution.endsMs ? 'running' : 'succeeded';
  }

  return {
    name: 'coin',
    capabilities: {
      apiVersion: '1.0',
      idempotentSubmission: true,
      reproducibility: 'exact',
      cancellation: 'supported',
    },
    devices: () => [DEVICE],
    findDevice: (id) => (id === DEVICE.id ? DEVICE : undefined),
    async status() {
      const running = [...executions.keys()].filter((id) => stateOf(id) === 'running').length;
      return { availability: 'online', queueDepth: running, estimatedWaitMs: 0 };
    },
    async prepare(request) {
      const registers = request.items.map((item) => registersOf(item, host));
      const shots = request.items.reduce((sum, item) => sum + item.shots, 0);
      return {
        cost: { memoryBytes: 0, operations: shots, price: 0.001 * shots, priceUnit: 'coins', method: 'toss' },
        submit: async (token) => submit({ ...request, registers }, token),
      };
    },
    poll: async (remoteId) => ({ state: stateOf(remoteId) }),
    async cancel(remoteId) {
      const state = stateOf(remoteId);
      if (state === 'succeeded') return 'too_late';
      if (state === 'running') executions.get(remoteId).cancelled = true;
      return 'cancelled';
    },
    async fetch(remoteId) {
      const state = stateOf(remoteId);
      if (state === 'lost') throw host.backendError('lost', `There is no execution ${remoteId}.`);
      if (state !== 'succeeded') throw host.backendError('failed', `Execution ${remoteId} is ${state}.`);
      const { items, registers } = executions.get(remoteId).request;
      const results = items.map((item, at) => ({ results: [tossed(item, registers[at], bias)] }));
      return {
        results: host.writeResults({ items: results }),
        metadata: { driver: 'coin', driver_version: '1.0.0', cost: String(costOf(items)), cost_unit: 'coins' },
      };
    },
    calibration: async () => undefined,
    async close() {
      executions.clear();
    },
  };
}

const costOf = (items) => 0.001 * items.reduce((sum, item) => sum + item.shots, 0);

/** Widths of the bit registers that the program declares, in order. */
function registersOf({ circuit, format, parameters }, host) {
  const source = new TextDecoder().decode(circuit);
  if (format !== 'qasm3_text' || !/^\s*OPENQASM/m.test(source)) {
    throw host.backendError('invalid', 'coin:toss takes OpenQASM 3.');
  }
  if (parameters.length > 0) throw host.backendError('unsupported', 'coin:toss takes no parameters.');
  return [...source.matchAll(/^\s*bit(?:\[(\d+)\])?\s+\w+/gm)].map(([, width = '1']) => Number(width));
}

/** Coins of one shot are the bits of a hash of the seed and the shot, so that the same seed falls the same way. */
function tossed({ shots, seed, circuit }, registers, bias) {
  const counts = new Map();
  for (let shot = 0; shot < shots; shot += 1) {
    let coin = 0;
    const key = registers
      .toReversed()
      .map((width) => Array.from({ length: width }, () => (toss(seed, shot, coin++) < bias ? '1' : '0')).join(''))
      .join(' ');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const aqoDigest = `sha256:${createHash('sha256').update(circuit).digest('hex')}`;
  return {
    counts: registers.length === 0 ? new Map() : counts,
    shots,
    seed,
    expectationValues: [],
    outputs: new Map(),
    warnings: [],
    metadata: {
      method: 'toss',
      precision: 'double',
      fast: false,
      engine: 'coin',
      engineVersion: '1.0.0',
      aqoDigest,
      qubits: 0,
    },
  };
}

const toss = (seed, shot, coin) =>
  createHash('sha256').update(`${seed} ${shot} ${coin}`).digest().readUInt32BE(0) / 2 ** 32;
