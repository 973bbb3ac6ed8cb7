import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawSvg, drawText } from '@qfs/circuit';
import { utf8 } from '@qfs/core/exact';
import { type Compiled, compileProgram, compileSource } from '../compile.ts';
import { type ReadProgram, readProgram } from '../read-program.ts';
import { createCompilationService } from './index.ts';
import { ProgramCache } from './program-cache.ts';

const HEADER = 'include "stdgates.inc"; ';
const PROGRAMS = [
  'qubit[2] q; bit[2] c; h q[0]; cx q[0], q[1]; c = measure q;',
  'input angle a; qubit q; bit b; rx(a) q; b = measure q; if (b) { x q; } else { z q; } while (b) b = false;',
  'qubit q; int[8] n = 0; for int i in [0:3] { rz(i * pi / 4) q; n += i; } box { delay[10ns] q; }',
];

const request = (text: string) => ({ language: 'openqasm3', source: utf8(`${HEADER}${text}`) });

function freeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  for (const child of Object.values(value)) freeze(child);
  return Object.freeze(value);
}

function compiled(cache: ProgramCache, text: string): Compiled {
  const result = cache.compile(request(text));
  assert.ok(result.ok);
  return result.value;
}

test('a program from the cache compiles to what it compiles to without it, time and again', () => {
  const cache = new ProgramCache();
  for (const text of PROGRAMS) {
    const fresh = compileSource(request(text));
    assert.ok(fresh.ok);
    for (let round = 0; round < 3; round += 1) {
      assert.ok(cache.read(request(text)).ok);
      assert.deepEqual(compiled(cache, text), fresh.value);
    }
  }
  assert.equal(cache.size, PROGRAMS.length);
});

test('the second reader gets what the first one got, and nobody changes it', () => {
  const cache = new ProgramCache();
  for (const text of PROGRAMS) {
    const first = cache.read(request(text));
    assert.ok(first.ok);
    freeze(first.value);
    whole(first.value);
    drawSvg(first.value.program);
    drawText(first.value.program);
    assert.equal(compiled(cache, text).program, first.value.program);
  }
});

test('what the service hands out is the property of who gets it', async () => {
  const service = createCompilationService();
  const ask = async () =>
    service.compileBatch(
      {
        items: [{ ...request(PROGRAMS[0]!), entrypoint: '', options: {}, target: new Uint8Array() }],
      } as never,
      undefined as never,
    );
  const [first] = (await ask()).items!;
  const { data } = first!.circuit as { data: Uint8Array };
  const before = data.slice();
  data.fill(0);
  const [second] = (await ask()).items!;
  assert.deepEqual((second!.circuit as { data: Uint8Array }).data, before);
});

test('one language is not taken for another, and a program that cannot be read is not kept', () => {
  const cache = new ProgramCache();
  assert.ok(cache.read(request(PROGRAMS[0]!)).ok);
  assert.equal(cache.read({ ...request(PROGRAMS[0]!), language: 'aqo' }).ok, false);
  assert.equal(cache.compile(request('qubit')).ok, false);
  assert.equal(cache.size, 1);
});

test('the least recently used program goes when there is one too many', () => {
  const cache = new ProgramCache({ programsMax: 2, bytesMax: 1_000_000 });
  const programOf = (text: string) => {
    const read = cache.read(request(text));
    assert.ok(read.ok);
    return read.value.program;
  };
  const [a, b, c] = PROGRAMS as [string, string, string];
  const [first, second] = [programOf(a), programOf(b)];
  assert.equal(programOf(a), first);
  programOf(c);
  assert.equal(cache.size, 2);
  assert.equal(programOf(a), first);
  assert.notEqual(programOf(b), second);
});

test('bytes are bounded, what is made of a program included; what is too large alone is not kept', () => {
  const [text] = PROGRAMS as [string];
  const sizes = [100, 1_000, 3_000, 10_000, 100_000];
  const kept = sizes.map((bytesMax) => {
    const cache = new ProgramCache({ programsMax: 9, bytesMax });
    assert.ok(cache.read(request(text)).ok);
    const afterReading = cache.size;
    assert.deepEqual(compiled(cache, text), whole(readAgain(text)));
    return `${bytesMax}: ${afterReading} ${cache.size}`;
  });
  assert.deepEqual(kept.at(0), '100: 0 0');
  assert.deepEqual(kept.at(-1), '100000: 1 1');
});

function whole(read: ReadProgram): Compiled {
  const made = compileProgram(read);
  assert.ok(made.ok);
  return made.value;
}

function readAgain(text: string) {
  const read = readProgram(request(text));
  assert.ok(read.ok);
  return read.value;
}
