import { type Place, type Running, signalGroup, start } from './terminal.ts';

/** A server that was started by a command of the documents. */
export interface Server {
  readonly rest: string;
  readonly grpc: string;
  readonly admin: string;
  /** Milliseconds from the command to the ready line. */
  readonly startMs: number;
  readonly running: Running;
}

/** Settings that let a server run beside others: free ports. */
export const FREE_PORTS = { API_PORT: '0', QFS_GRPC_PORT: '0', QFS_ADMIN_PORT: '0' };

/** Runs `command` and waits for the ready line on its standard output. */
export async function startServer(place: Place, command: string): Promise<Server> {
  const started = performance.now();
  const running = start(place, 'sh', '-c', `exec env ${command}`);
  const line = await running.line((text) => text.startsWith('{"ready":true'));
  const { rest, grpc, admin } = JSON.parse(line) as Pick<Server, 'rest' | 'grpc' | 'admin'>;
  return { rest, grpc, admin, startMs: performance.now() - started, running };
}

/** Ctrl-C in the server's terminal. */
export async function interrupt({ running }: Server): Promise<number | string> {
  signalGroup(running.process, 'SIGINT');
  return (await running.outcome).code;
}
