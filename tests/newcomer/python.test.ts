import assert from 'node:assert/strict';
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '../platform/platform.ts';
import { type Outcome, type Place, run } from './terminal.ts';

const CLIENT = 'clients/python';
const place: Place = { cwd: process.cwd(), environment: { PYTHONDONTWRITEBYTECODE: '1' } };

/** Runs the tests of the client that match `pattern`; `python` may be that of an environment with the client installed. */
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

test('the Python client installs with pip and is what it was', async () => {
  const home = temporaryDirectory();
  // From a copy, so that nothing that a build leaves behind stays in the checkout.
  cpSync(CLIENT, join(home, 'client'), { recursive: true });
  await must(run(place, 'python3', '-m', 'venv', join(home, 'venv')));
  const python = join(home, 'venv/bin/python');
  const packages = process.env.QFS_PYTHON_EXTRAS === '1' ? ['qiskit', 'cirq-core'] : [];
  await must(run(place, python, '-m', 'pip', 'install', '-q', join(home, 'client'), ...packages));

  const shown = await must(
    run({ cwd: home }, python, '-c', 'import qfs; print(qfs.__file__, qfs.__version__)'),
  );
  assert.match(shown, /venv\/lib\/.*\/qfs\.py 0\.1\.0\n$/);
  assert.deepEqual(readdirSync(join(home, 'client')).sort(), readdirSync(CLIENT).sort());
  await must(unittest(python, 'test_programs.py', { QFS_PYTHON_INSTALLED: '1' }));
  if (packages.length > 0) await must(unittest(python, 'with_*.py', { QFS_PYTHON_INSTALLED: '1' }));
});
