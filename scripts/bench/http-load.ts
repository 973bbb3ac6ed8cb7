import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';

/** Connections of the clients that benchmarks play. */
export const agent = new Agent({ keepAlive: true, maxSockets: 256 });
export const BELL_TASK = JSON.stringify({ qc: readFileSync('examples/bell.qasm', 'utf8') });

/** One request over a kept connection; answers the body. Fails unless the status is one of success. */
export function send(url: string, method: 'GET' | 'POST', body = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers =
      body === '' ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request(url, { method, agent, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => {
        text += chunk;
      });
      answer.on('end', () => {
        if (answer.statusCode! < 300) resolve(text);
        else reject(new Error(`${method} ${url} answered ${answer.statusCode}: ${text}`));
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Does `act` `times` times, `width` at once; answers how long each took, in ms, shortest first. */
export async function timed(times: number, width: number, act: () => Promise<unknown>): Promise<number[]> {
  const latencies: number[] = [];
  let left = times;
  const client = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const started = performance.now();
      await act();
      latencies.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: width }, client));
  return latencies.sort((a, b) => a - b);
}

export const percentile = (sorted: readonly number[], of: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * of) / 100))] ?? 0;
