import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { configurationReference } from '@qfs/server';
import { call, temporaryDirectory, until } from '../platform/platform.ts';
import { Builder, type Image, startContainer } from './containers/build.ts';
import { type Composition, readComposition, type Service, scaled } from './containers/compose.ts';
import { neededStages, parseDockerfile } from './containers/dockerfile.ts';
import { Machine } from './containers/machine.ts';

const COMPOSITIONS = ['compose.yaml', 'deploy/compose.yaml'];
const NAMES = new Set([...configurationReference().matchAll(/`([A-Z][A-Z_]+)`/g)].map(([, name]) => name));
const ours = (service: Service): boolean => service.build !== undefined;

for (const path of COMPOSITIONS) {
  const { services, volumes, networks, folder } = readComposition(path);

  test(`${path} publishes ports to this machine alone and says where it is open`, () => {
    const published = Object.entries(services).filter(([, { ports }]) => ports !== undefined);
    for (const [name, { ports }] of published)
      for (const port of ports!) assert.match(port, /^127\.0\.0\.1:\d+:\d+$/, name);
    const doors = published.filter(([, service]) => ours(service));
    assert.deepEqual(
      doors.map(([, { ports, environment }]) => [ports, environment?.QFS_AUTH]),
      [[['127.0.0.1:8000:8000', '127.0.0.1:50051:50051'], 'open']],
    );
    const open = Object.values(services).filter(({ environment }) => environment?.QFS_AUTH !== undefined);
    assert.equal(open.length, 1);
  });

  test(`every environment variable of ${path} is a setting, and every volume and folder there is one`, () => {
    for (const [name, service] of Object.entries(services)) {
      if (ours(service))
        for (const key of Object.keys(service.environment ?? {})) assert.ok(NAMES.has(key), key);
      for (const volume of service.volumes ?? []) {
        const [source] = volume.split(':');
        if (source!.startsWith('.')) assert.ok(existsSync(join(folder, source!)), `${name}: ${source}`);
        else assert.ok(source! in volumes, `${name}: ${source}`);
      }
      for (const network of service.networks ?? []) assert.ok(network in networks, `${name}: ${network}`);
    }
  });

  test(`containers of ${path} have no more rights than they need`, () => {
    for (const [name, service] of Object.entries(services).filter(([, service]) => ours(service))) {
      assert.equal(service.read_only, true, name);
      assert.deepEqual(service.cap_drop, ['ALL'], name);
      assert.deepEqual(service.security_opt, ['no-new-privileges:true'], name);
    }
  });
}

test('only system-api is reached from outside, and every role shows the certificate made for it', () => {
  const { services, networks } = readComposition('compose.yaml');
  const roles = Object.entries(services).filter(
    ([, { environment }]) => environment?.QFS_ROLES !== undefined,
  );
  assert.deepEqual(
    roles.map(([, { environment }]) => environment!.QFS_ROLES),
    ['system-api', 'kernel', 'compiler', 'driver-manager', 'qfs'],
  );
  const made = services.certificates!.volumes!.map((volume) => volume.split(':'));
  for (const [name, { environment, volumes, networks: reached, ports, depends_on: depends }] of roles) {
    const [volume] = volumes!.find((one) => one.includes(':/certificates'))!.split(':');
    assert.deepEqual(made.find(([one]) => one === volume)?.[1], `/certificates/${environment!.QFS_ROLES}`);
    assert.equal(volumes!.filter((one) => one.includes('certificates')).length, 1, name);
    assert.equal(depends?.certificates?.condition, 'service_completed_successfully');
    assert.equal(reached!.includes('published'), name === 'system-api');
    assert.equal(ports !== undefined, name === 'system-api');
  }
  assert.equal(networks.inside?.internal, true);
});

test('the image is what passed the checks and the tests, and its processes are no root', () => {
  const stages = parseDockerfile(readFileSync('Dockerfile', 'utf8'));
  const needed = neededStages(stages, '').map(({ name }) => name);
  assert.deepEqual(needed, ['base', 'source', 'lint', 'test', 'runtime', '']);
  for (const name of ['', 'certificates']) {
    const { instructions } = stages.find((stage) => stage.name === name)!;
    assert.equal(instructions.filter((one) => one.name === 'USER').at(-1)?.text, '1000:1000', name);
  }
});

/** Takes root on a Debian, and a minute. */
const mayBuild = process.env.QFS_CONTAINER_TESTS === '1';

test('the images are built, and what they are composed to runs the quick start', {
  skip: !mayBuild,
}, async () => {
  process.env.QFS_LOG_LEVEL ??= 'warn';
  // In memory: some ten thousand files, which nobody wants on the disk or waits for to be removed.
  const folder = temporaryDirectory();
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder]);
  try {
    const builder = new Builder({
      context: process.cwd(),
      folder: join(folder, 'stages'),
      // Checks and tests have suites of their own.
      skipped: ['source', 'lint', 'test'],
      caches: { '/root/.npm': npmCache() },
    });
    const images = { qfs: builder.build(), 'qfs-certificates': builder.build('certificates') };
    assert.notEqual(await outcomeAlone(images.qfs), 0, 'nobody said who may come in');
    for (const path of COMPOSITIONS) await quickStart(path, images, join(folder, path));
  } finally {
    execFileSync('umount', ['--lazy', folder]);
  }
});

/** How a container ends that is given no settings. */
async function outcomeAlone(image: Image): Promise<number | string> {
  const command = image.settings.entrypoint;
  const none = { mounts: [], environment: {}, readOnly: false, scratch: [] };
  const [code, signal] = await once(startContainer({ image, command, ...none }, 'ignore'), 'exit');
  return code ?? signal;
}

const npmCache = (): string => execFileSync('npm', ['config', 'get', 'cache'], { encoding: 'utf8' }).trim();

/** Starts a composition, waits until it is healthy, and stops it in the end, which must go well. */
async function composed(
  composition: Composition,
  images: Record<string, Image>,
  folder: string,
  use: (machine: Machine, url: string) => Promise<void>,
): Promise<void> {
  const machine = new Machine(composition, images, folder);
  try {
    await machine.up();
    await machine.healthy();
    await use(machine, `http://${machine.address(machine.door)}:8000`);
    for (const [name, outcome] of Object.entries(await machine.down())) assert.equal(outcome, 0, name);
  } finally {
    await machine.down();
  }
}

async function quickStart(path: string, images: Record<string, Image>, folder: string): Promise<void> {
  let task = 'none';
  let first = {};
  await composed(readComposition(path), images, folder, async (machine, url) => {
    task = await submitted(url);
    first = await counts(url, task);
    assert.equal((await call(`${url}/docs`)).status, 200);
    const execute = (...command: string[]) => machine.execute(machine.door, ...command);
    assert.equal(await execute('eigen-cli', 'run', 'examples/bell.qasm'), 0);
    assert.equal(await execute('touch', '/qfs/bin/anything'), 1);
    assert.equal(await execute('qfs-server', 'token', 'create', '--role', 'admin'), 0);
    await makeBackup(path === 'compose.yaml' ? 'kernel' : 'qfs', machine, join(folder, 'backups'));
  });
  if (path !== 'compose.yaml') return;
  process.env.QFS_DRIVER_MANAGER_URL = 'https://qfs-worker-1:50061,https://qfs-worker-2:50061';
  const two = scaled(readComposition(path), 'worker', 2);
  delete process.env.QFS_DRIVER_MANAGER_URL;
  await composed(two, images, folder, async (machine, url) => {
    assert.deepEqual(await counts(url, task), first);
    for (let jobs = 0; jobs < 4; jobs += 1) await counts(url, await submitted(url));
    await machine.kill('qfs-worker-1');
    await counts(url, await submitted(url));
  });
}

const EXAMPLE = readFileSync('tests/qc_example.json', 'utf8');

async function submitted(url: string): Promise<string> {
  const answer = await call(`${url}/tasks`, 'POST', EXAMPLE, { 'content-type': 'application/json' });
  assert.equal(answer.json().message, 'Task submitted successfully.');
  return String(answer.json().task_id);
}

async function counts(url: string, task: string): Promise<Record<string, number>> {
  const found = await until(`the counts of ${task}`, 60_000, async () => {
    const answer = (await call(`${url}/tasks/${task}`)).json<{
      status: string;
      result: Record<string, number>;
    }>();
    return answer.status === 'completed' ? answer.result : undefined;
  });
  assert.deepEqual(Object.keys(found).sort(), ['00', '11']);
  assert.equal(found['00']! + found['11']!, 1024);
  return found;
}

async function makeBackup(service: string, machine: Machine, folder: string): Promise<void> {
  mkdirSync(folder);
  chownSync(folder, 1000, 1000);
  assert.equal(await machine.run(service, { folder, path: '/backup' }, 'backup', '/backup/today'), 0);
  assert.ok(existsSync(join(folder, 'today/qfs.sqlite')));
}
