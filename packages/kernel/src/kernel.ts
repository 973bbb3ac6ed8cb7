import type { KernelGatewayService, ServiceImpl } from '@qfs/rpc';
import { DeviceDirectory } from './devices.ts';
import { createKernelGateway } from './gateway.ts';
import type { KernelOptions } from './options.ts';
import { type DeviceLoad, DeviceLoads } from './pipeline/device-load.ts';
import { JobRun } from './pipeline/job-run.ts';
import { HeldBytes, type PipelineRooms } from './pipeline/rooms.ts';
import { Slots } from './pipeline/slots.ts';
import { ReservationBook } from './reservations.ts';
import type { JobRow } from './store/rows.ts';
import { UpdateHub } from './updates.ts';
import { pause } from './waiting.ts';

/** Jobs read at once when the kernel starts. */
const RECOVERY_PAGE = 500;

/** Runs every accepted job to its one end. */
export class Kernel {
  /** Handlers of KernelGatewayService. */
  readonly gateway: ServiceImpl<typeof KernelGatewayService>;
  readonly #rooms: PipelineRooms;
  readonly #runs = new Map<string, JobRun>();
  readonly #stopping = new AbortController();

  constructor(options: KernelOptions) {
    const stopping = this.#stopping.signal;
    const loads = new DeviceLoads(options, (deviceId, load) => measure(options.metrics, deviceId, load));
    this.#rooms = {
      ...options,
      updates: new UpdateHub(),
      ends: new UpdateHub(),
      devices: new DeviceDirectory(options),
      compileSlots: new Slots(options.settings.compileSlots),
      loads,
      reservations: new ReservationBook({ ...options, loads, stopping }),
      held: new HeldBytes(),
      stopping,
    };
    this.gateway = createKernelGateway(this.#rooms, this);
    const { metrics } = options;
    metrics.gauge('eigen_kernel_active_jobs', () => this.#runs.size);
    metrics.gauge('eigen_kernel_queue_depth', () => loads.depth);
  }

  /** Takes up every job that has not ended, in the order of acceptance. Safe to repeat. */
  start(): void {
    const { store, reservations } = this.#rooms;
    reservations.restore();
    let after = 0;
    for (
      let page = store.open(after, RECOVERY_PAGE);
      page.length > 0;
      page = store.open(after, RECOVERY_PAGE)
    ) {
      for (const job of page) {
        this.run(job);
        after = job.acceptedIndex;
      }
    }
  }

  /** Starts the run of a job unless it has one. */
  run(job: JobRow): void {
    if (this.#runs.has(job.jobId) || this.#stopping.signal.aborted) return;
    const run = new JobRun(this.#rooms, job);
    this.#runs.set(job.jobId, run);
    void run.ended.finally(() => this.#runs.delete(job.jobId));
  }

  find(jobId: string): JobRun | undefined {
    return this.#runs.get(jobId);
  }

  /** Jobs that have not ended. */
  get active(): number {
    return this.#runs.size;
  }

  get stopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  /**
   * Stops giving out leases, waits a bounded time for the executions that run, and hands everything else
   * back. The devices keep what they run: the next start attaches to it again.
   */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#rooms.reservations.stop();
    const runs = [...this.#runs.values()];
    for (const run of runs) if (!run.leased) run.stop();
    const ended = Promise.all(runs.map((run) => run.ended));
    const drained = new AbortController();
    const { timers, settings } = this.#rooms;
    await Promise.race([ended, pause(timers, settings.drainMs, drained.signal).catch(() => undefined)]);
    drained.abort();
    for (const run of runs) run.stop();
    await ended;
  }
}

/** Slots of a device, as each scrape finds them. */
function measure({ gauge }: KernelOptions['metrics'], deviceId: string, { slots }: DeviceLoad): void {
  const labels = { device_id: deviceId };
  gauge('eigen_kernel_device_slots_total', () => slots.queue.slots, labels);
  gauge('eigen_kernel_device_slots_available', () => slots.queue.available, labels);
}
