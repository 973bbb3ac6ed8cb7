import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Outbox } from './outbox.ts';
import { bytesOf, type FromProcess, type ToProcess } from './protocol.ts';

/** V8 flags are process-wide; the engine has a process of its own so that it can choose them. */
const V8_FLAGS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=32'];

export interface ChildEvents {
  readonly message: (message: FromProcess) => void;
  /** `reason` is its exit code or the signal that ended it. */
  readonly exit: (reason: string) => void;
  readonly stderr: (text: string) => void;
}

/** One life of the engine process. */
export class EngineChild {
  readonly #process: ChildProcess;
  readonly #outbox: Outbox<ToProcess>;
  #ended = false;

  constructor(workers: number, memoryBudgetBytes: number, events: ChildEvents) {
    const program = fileURLToPath(new URL('./engine-process.ts', import.meta.url));
    this.#process = fork(program, [String(workers), String(memoryBudgetBytes)], {
      execArgv: V8_FLAGS,
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => events.stderr(text.trimEnd()));
    // A process that is gone reports its end as an event; what was sent to it is repeated then.
    this.#outbox = new Outbox((messages) => {
      if (this.#process.connected) this.#process.send([...messages], () => {});
    });
    this.#process.on('message', (messages) => {
      for (const message of messages as readonly FromProcess[]) events.message(message);
    });
    const end = (reason: string): void => {
      if (this.#ended) return;
      this.#ended = true;
      events.exit(reason);
    };
    this.#process.on('error', (error) => end(error.message));
    this.#process.on('exit', (code, signal) => end(signal ? `signal ${signal}` : `exit code ${code}`));
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  send(message: ToProcess): void {
    this.#outbox.add(message, bytesOf(message));
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }
}
