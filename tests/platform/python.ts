import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What `examples/verify_receipt.py` needs beside the standard library. */
const CRYPTOGRAPHY = 'cryptography==48.0.0';
const PROBE = 'from cryptography.hazmat.primitives.asymmetric import mldsa';
const INSTALL_MS_MAX = 180_000;

const knowsMlDsa = (python: string): boolean =>
  spawnSync(python, ['-c', PROBE], { stdio: 'ignore', timeout: INSTALL_MS_MAX }).status === 0;

/** A Python that has the package: the system's, or that of an environment which is made once per machine. */
export function pythonWithCryptography(): string {
  if (knowsMlDsa('python3')) return 'python3';
  const environment = join(tmpdir(), `qfs-python-${CRYPTOGRAPHY}`);
  const python = join(environment, 'bin/python');
  if (!existsSync(python) || !knowsMlDsa(python)) {
    const options = { stdio: 'inherit', timeout: INSTALL_MS_MAX } as const;
    execFileSync('python3', ['-m', 'venv', environment], options);
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', CRYPTOGRAPHY], options);
  }
  return python;
}
