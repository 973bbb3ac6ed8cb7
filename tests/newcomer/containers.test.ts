import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { configurationReference } from '@qfs/server';
import { call, temporaryDirectory, until } from '../platform/platform.ts';
import { Builder, type Image, startContainer } from './containers/build.ts';
import { readComposition, type Service } from './containers/compose.ts';
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

async function quickStart(path: string, images: Record<string, Image>, folder: string): Promise<void> {
  const machine = new Machine(path, images, folder);
  try {
    await machine.up();
    await runQuickStart(path, machine);
    await makeBackup(path === 'compose.yaml' ? 'kernel' : 'qfs', machine, join(folder, 'backups'));
  } finally {
    await machine.down();
  }
}

async function runQuickStart(path: string, machine: Machine): Promise<void> {
  const { services } = readComposition(path);
  const names = Object.keys(services).filter((name) => services[name]!.restart !== undefined);
  await until(`all of ${path} to be healthy`, 60_000, async () => {
    const healthy = await machine.healthy();
    return healthy.length === names.length ? healthy : undefined;
  });
  const door = names.find((name) => services[name]!.ports !== undefined)!;
  const url = `http://${machine.address(door)}:8000`;
  const submitted = await call(
    `${url}/tasks`,
    'POST',
    readFileSync('tests/qc_example.json', 'utf8'),
    JSON_BODY,
  );
  assert.equal(submitted.json().message, 'Task submitted successfully.');
  const counts = () => completed(`${url}/tasks/${submitted.json().task_id}`);
  const first = await counts();
  assert.deepEqual(Object.keys(first).sort(), ['00', '11']);
  assert.equal(first['00']! + first['11']!, 1024);
  assert.equal((await call(`${url}/docs`)).status, 200);
  assert.equal(await machine.execute(door, 'eigen-cli', 'run', 'examples/bell.qasm'), 0);
  assert.equal(await machine.execute(door, 'touch', '/qfs/bin/anything'), 1);
  assert.equal(await machine.execute(door, 'qfs-server', 'token', 'create', '--role', 'admin'), 0);

  for (const outcome of Object.values(await machine.down())) assert.equal(outcome, 0);
  await machine.up();
  assert.deepEqual(await counts(), first);
}

async function makeBackup(service: string, machine: Machine, folder: string): Promise<void> {
  mkdirSync(folder);
  chownSync(folder, 1000, 1000);
  assert.equal(await machine.run(service, { folder, path: '/backup' }, 'backup', '/backup/today'), 0);
  assert.ok(existsSync(join(folder, 'today/qfs.sqlite')));
}

const JSON_BODY = { 'content-type': 'application/json' };

const completed = (url: string): Promise<Record<string, number>> =>
  until(`the end of ${url}`, 60_000, async () => {
    const answer = (await call(url)).json<{ status: string; result: Record<string, number> }>();
    return answer.status === 'completed' ? answer.result : undefined;
  });
