import assert from 'node:assert/strict';
import { cpSync, globSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '../platform/platform.ts';
import { type Outcome, type Place, run } from './terminal.ts';

const CLIENT = 'clients/python';
const BUILD = 'build==1.6.1';
/** What is tried as well with QFS_PYTHON_EXTRAS=1: circuits of others, the Qiskit extra, and the types. */
const EXTRAS = ['qiskit==2.6.2', 'cirq-core==1.7.0', 'mypy==2.4.1'];
const place: Place = { cwd: process.cwd(), environment: { PYTHONDONTWRITEBYTECODE: '1' } };

/** Runs the tests of the client that match `pattern`; `python` may be one with the client installed. */
const unittest = (python: string, pattern: string, environment = {}): Promise<Outcome> =>
  run(
    { ...place, environment: { ...place.environment, ...environment } },
    python,
    ...['-m', 'unittest', 'discover', '-s', `${CLIENT}/tests`, '-p', pattern],
  );

async function must(outcome: Promise<Outcome>): Promise<string> {
  const { code, stdout, stderr } = await outcome;
  assert.equal(code, 0, `${stdout}${stderr}`);
  return stdout + stderr;
}

test('the Python client passes its tests over a server of the checkout', async () => {
  assert.match(await must(unittest('python3', 'test_*.py')), /Ran \d{2,} tests[\s\S]*\nOK\n/);
});

test('the Python client is built, installs with pip and is what it was', async () => {
  const home = temporaryDirectory();
  // From a copy, so that nothing that a build leaves behind stays in the checkout.
  cpSync(CLIENT, join(home, 'client'), { recursive: true });
  await must(run(place, 'python3', '-m', 'venv', join(home, 'venv')));
  const python = join(home, 'venv/bin/python');
  const pip = (...args: readonly string[]): Promise<string> =>
    must(run(place, python, '-m', 'pip', 'install', '-q', ...args));
  await pip(BUILD);
  // The wheel is built from what the source distribution holds.
  await must(run({ cwd: join(home, 'client') }, python, '-m', 'build', '-o', join(home, 'dist')));
  assert.deepEqual(readdirSync(join(home, 'client')).sort(), readdirSync(CLIENT).sort());
  assert.deepEqual(readdirSync(join(home, 'dist')).sort(), [
    'qfs-0.1.0-py3-none-any.whl',
    'qfs-0.1.0.tar.gz',
  ]);

  await pip(...globSync(join(home, 'dist/*.whl')));
  const shown = await must(
    run({ cwd: home }, python, '-c', 'import qfs; print(qfs.__file__, qfs.__version__)'),
  );
  assert.match(shown, /venv\/lib\/.*\/qfs\.py 0\.1\.0\n$/);
  const needed = 'from importlib.metadata import requires; print(requires("qfs"))';
  assert.equal(await must(run({ cwd: home }, python, '-c', needed)), `["qiskit<3,>=2; extra == 'qiskit'"]\n`);
  await must(unittest(python, 'test_programs.py', { QFS_PYTHON_INSTALLED: '1' }));

  if (process.env.QFS_PYTHON_EXTRAS !== '1') return;
  await pip(...EXTRAS);
  await must(unittest(python, 'with_*.py', { QFS_PYTHON_INSTALLED: '1' }));
  await must(run({ cwd: CLIENT }, python, '-m', 'mypy', '--cache-dir', home, 'qfs.py', 'qfs_qiskit.py'));
});
