import { QfsError, SHOTS_MAX, STATE_VECTOR_QUBITS_MAX } from '@qfs/core';
import type { JsonValue } from '@qfs/core/json';
import type { Device } from '../contract.ts';
import { type IonqClient, memberOf, numberAt, textAt } from './ionq-client.ts';

/** How long a list of backends is believed. */
const LIST_MS = 30_000;
/** Executions of ours on one backend at once. */
const SLOTS = 16;

interface Backend {
  readonly device: Device;
  readonly idempotent: boolean;
}

/**
 * The backends behind an address, as they were listed last. While the address has never answered, every
 * name below the prefix is taken to be a device: jobs under way on one must find it after a restart.
 */
export class BackendList {
  readonly #client: IonqClient;
  readonly #prefix: string;
  #backends: ReadonlyMap<string, Backend> | undefined;
  #askedMs = Number.NEGATIVE_INFINITY;
  #asking = false;

  constructor(client: IonqClient, prefix: string) {
    this.#client = client;
    this.#prefix = `${prefix}:`;
  }

  /** All backends say that they know the key of a submission again. */
  get idempotent(): boolean {
    const backends = [...(this.#backends?.values() ?? [])];
    return backends.length > 0 && backends.every(({ idempotent }) => idempotent);
  }

  devices(): readonly Device[] {
    if (performance.now() - this.#askedMs > LIST_MS) void this.refresh();
    return [...(this.#backends?.values() ?? [])].map(({ device }) => device);
  }

  find(deviceId: string): Device | undefined {
    if (this.#backends !== undefined) return this.#backends.get(deviceId)?.device;
    return deviceId.startsWith(this.#prefix) ? this.#device(this.nameOf(deviceId), null) : undefined;
  }

  /** What the backend calls the device. */
  nameOf(deviceId: string): string {
    return deviceId.slice(this.#prefix.length);
  }

  /** Never rejects: what was listed before is kept while nobody answers. */
  async refresh(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    this.#askedMs = performance.now();
    try {
      const answer = await this.#client.send('GET', '/backends');
      const list = Array.isArray(answer) ? answer : memberOf(answer, 'backends');
      if (!Array.isArray(list)) return;
      this.#backends = new Map(list.flatMap((entry) => this.#entry(entry)));
    } catch (thrown) {
      if (!(thrown instanceof QfsError)) throw thrown;
    } finally {
      this.#asking = false;
    }
  }

  #entry(entry: JsonValue): [string, Backend][] {
    const name = textAt(entry, 'backend');
    if (name === undefined || name === '' || textAt(entry, 'status') === 'retired') return [];
    const idempotent = memberOf(entry, 'idempotent_submission') === true;
    return [[`${this.#prefix}${name}`, { device: this.#device(name, entry), idempotent }]];
  }

  #device(name: string, entry: JsonValue): Device {
    const qubits = numberAt(entry, 'qubits') ?? STATE_VECTOR_QUBITS_MAX;
    const gates = memberOf(entry, 'supported_gates');
    return {
      id: `${this.#prefix}${name}`,
      name: `${name} over IonQ's API`,
      backendType: name === 'simulator' ? 'simulator' : 'ionq',
      qubitsMax: Number.isSafeInteger(qubits) && qubits > 0 ? qubits : STATE_VECTOR_QUBITS_MAX,
      shotsMax: SHOTS_MAX,
      formats: ['qasm3_text'],
      slots: SLOTS,
      methods: [],
      properties: {
        qubits: String(qubits),
        backend: name,
        ...(Array.isArray(gates) ? { basis_gates: gates.join(',') } : {}),
      },
    };
  }
}
