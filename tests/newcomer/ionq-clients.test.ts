import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { startPlatform, temporaryDirectory } from '../platform/platform.ts';
import { run } from './terminal.ts';

const skip = process.env.QFS_PYTHON_EXTRAS !== '1' && 'QFS_PYTHON_EXTRAS=1 installs the packages of IonQ';

/** Package, how it is told where the server is, and how many tests there are at least. */
const CLIENTS = [
  ['qiskit-ionq', 'with_qiskit_ionq.py', (rest: string) => ({ IONQ_API_URL: `${rest}/v0.4` })],
  ['cirq-ionq', 'with_cirq_ionq.py', (rest: string) => ({ IONQ_REMOTE_HOST: rest })],
] as const;

for (const [name, file, address] of CLIENTS) {
  test(`${name} works as published, pointed at a server`, { skip }, async () => {
    const home = temporaryDirectory();
    const place = { cwd: process.cwd(), environment: { PYTHONDONTWRITEBYTECODE: '1' } };
    const must = async (command: string, args: readonly string[], environment = {}): Promise<string> => {
      const where = { ...place, environment: { ...place.environment, ...environment } };
      const { code, stdout, stderr } = await run(where, command, ...args);
      assert.equal(code, 0, `${stdout}${stderr}`);
      return stdout + stderr;
    };
    await must('python3', ['-m', 'venv', join(home, 'venv')]);
    const python = join(home, 'venv/bin/python');
    await must(python, ['-m', 'pip', 'install', '-q', name]);
    const server = await startPlatform({ dataDir: join(home, 'data') });
    const told = { ...address(server.ready.rest), IONQ_API_KEY: 'none' };
    assert.match(await must(python, [join('tests/newcomer/ionq', file)], told), /Ran \d+ tests[\s\S]*\nOK\n/);
    await server.end('SIGTERM');
  });
}
