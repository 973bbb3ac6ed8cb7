// Plain JavaScript on purpose: this file also runs on a Node too old to strip types. It finds a Node 24
// (the one npm installed with the project, then this one, then the PATH) and runs the program with it.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

// node:sqlite without a flag, type stripping without a warning and ML-DSA in node:crypto.
const NODE_MAJOR_MIN = 24;
const NODE_MINOR_MIN = 7;
const EXIT_FAILED = 4;

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const isRecent = (version) => {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  return major > NODE_MAJOR_MIN || (major === NODE_MAJOR_MIN && minor >= NODE_MINOR_MIN);
};

const giveUp = (message) => {
  process.stderr.write(`${message}\n`);
  process.exit(EXIT_FAILED);
};

/** Path of a Node that can run the project, or undefined. */
function findNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const binary = platform === 'win' ? 'bin/node.exe' : 'bin/node';
  for (let dir = root; ; dir = dirname(dir)) {
    const bundled = join(dir, 'node_modules', `node-${platform}-${process.arch}`, binary);
    if (existsSync(bundled)) return bundled;
    if (dir === dirname(dir)) break;
  }
  const found = spawnSync('node', ['--version'], { encoding: 'utf8' });
  return found.status === 0 && isRecent(found.stdout) ? 'node' : undefined;
}

/** Runs the file `script` with `args`: in this process if it can, else in a child. */
function launch(script, args) {
  if (isRecent(process.version)) {
    process.argv = [process.execPath, script, ...args];
    return import(pathToFileURL(script).href);
  }
  const node = findNode();
  if (node === undefined) {
    giveUp(
      `QFS needs Node ${NODE_MAJOR_MIN}.${NODE_MINOR_MIN} or newer and found ${process.version}. ` +
        'Install it from nodejs.org, or run "npm ci", which brings one on Linux and Windows.',
    );
  }
  const child = spawn(node, [script, ...args], { stdio: 'inherit' });
  // The child decides what a signal means, and this process waits for it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => giveUp(`Cannot start ${node}: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
  return child;
}

/** Runs a program that a package exports, for example `@qfs/cli/main`, with this process's arguments. */
export function launchProgram(name) {
  let script;
  try {
    script = createRequire(import.meta.url).resolve(name);
  } catch {
    giveUp(`${name} is not installed here. Run "npm ci" in ${root}.`);
  }
  return launch(script, process.argv.slice(2));
}

/** Runs a script of the project, which is TypeScript in a checkout and JavaScript in a package. */
export function launchScript(name) {
  const typed = join(root, `${name}.ts`);
  return launch(existsSync(typed) ? typed : join(root, `${name}.js`), process.argv.slice(2));
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [script, ...args] = process.argv.slice(2);
  launch(resolve(root, script), args);
}
