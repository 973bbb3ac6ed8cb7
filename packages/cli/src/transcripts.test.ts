import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { QASM_SOURCE_BYTES_MAX } from '@qfs/core';
import { runCli } from './cli.ts';
import { RecordingTerminal, recordedDisk } from './testing/recording-terminal.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const BELL =
  'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[2] q;\nbit[2] c;\nh q[0];\ncx q[0], q[1];\nc = measure q;\n';

/** Files that a transcript can name beside those of the checkout. */
const FILES: Readonly<Record<string, Uint8Array>> = {
  '-': utf8(BELL),
  'empty.qasm': utf8(''),
  'blank.qasm': utf8(' \n\n'),
  'binary.qasm': Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0, 1, 2),
  'latin1.qasm': Uint8Array.of(0x2f, 0x2f, 0x20, 0xe9, 0x0a),
  'most.qasm': utf8(`${BELL}//`.padEnd(QASM_SOURCE_BYTES_MAX, ' ')),
  'nine-megabytes.qasm': new Uint8Array(9 * 1024 * 1024).fill(0x20),
  'typo.qasm': utf8(BELL.replace('h q[0]', 'hh q[0]').replace('measure q', 'measure p')),
  'typo.eigen.py': utf8(
    'from eigen_lang import QubitRegister, hybrid_program, rx\n\n\n' +
      '@hybrid_program\ndef main():\n    q = QubitRegister(2)\n    rx(q[2], 0.5)\n    rx(q[0], thta)\n',
  ),
  'unclosed.qasm': utf8('OPENQASM 3.0;\nqubit q\n'),
  'braket.qasm': utf8(
    'OPENQASM 3.0;\nbit[2] b;\nqubit[2] q;\nh q[0];\ncnot q[0], q[1];\nb = measure q;\n#pragma braket result state_vector\n',
  ),
  'v2.qasm': utf8('OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[1];\ncreg c[1];\nx q;\nmeasure q -> c;\n'),
  'receipt.json': readFileSync(new URL('./golden/receipt.json', import.meta.url)),
  'changed.json': utf8(
    readFileSync(new URL('./golden/receipt.json', import.meta.url), 'utf8').replace('"term":1', '"term":2'),
  ),
  'job.yaml': readFileSync(new URL('./golden/job.yaml', import.meta.url)),
  'circuit.qasm': utf8(BELL),
  'escapes.yaml': utf8(
    'apiVersion: eigen.os/v1\nkind: QuantumJob\nspec: {program: {path: ../x.qasm, language: openqasm3}, shots: 1, target: t}\n',
  ),
  'wrong-key/eigen/config.toml': utf8('endpiont = "http://127.0.0.1:1"\n'),
  'wrong-line/eigen/config.toml': utf8('[lab]\nendpoint: http://127.0.0.1:1\n'),
  'wrong-type/eigen/config.toml': utf8('endpoint = 50051\n'),
  'open-token/eigen/config.toml': utf8('endpoint = "http://127.0.0.1:1"\ntoken = "secret"\n'),
  'no-token/eigen/config.toml': utf8('endpoint = "http://127.0.0.1:1"\ntoken_command = ["false"]\n'),
  'qasm2.qasm': utf8('OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[1];\nbit c;\n'),
  'large.qasm': utf8('OPENQASM 3.0;\nqubit[40] q;\nbit[40] c;\nU(0, 0, 0) q;\nc = measure q;\n'),
  'input.qasm': utf8(
    'OPENQASM 3.0;\ninput float theta;\nqubit q;\nbit c;\nU(theta, 0, 0) q;\nc = measure q;\n',
  ),
  'inputs.qasm': utf8(
    'OPENQASM 3.0;\ninput bit[4] word;\ninput bit flag;\ninput uint large;\nqubit q;\n' +
      'output bit[4] w;\noutput bit f;\noutput uint n;\nw = word;\nf = flag;\nn = large;\n',
  ),
};

/** Ids of requests are drawn. */
const REQUEST_ID = /cli_[0-9a-f-]{36}/g;

/**
 * Runs the command lines of a transcript (`$ NAME=value eigen-cli …`) and writes down what each of them does. What one
 * of them writes is there for the next.
 */
async function replay(transcript: string): Promise<string> {
  let replayed = '';
  const disk = recordedDisk();
  for (const line of transcript.split('\n').filter((text) => text.startsWith('$ '))) {
    const [before = '', after = ''] = line.slice('$ '.length).split(/eigen-cli ?/, 2);
    const env = Object.fromEntries(
      before
        .split(' ')
        .filter(Boolean)
        .map((word) => word.split('=')),
    );
    const terminal = new RecordingTerminal(FILES, { HOME: '/home/ada', ...env }, { disk });
    const exitCode = await runCli(after.split(' ').filter(Boolean), terminal);
    const shown = terminal.transcript.replaceAll(REQUEST_ID, 'cli_…');
    const text = shown.endsWith('\n') || shown === '' ? shown : `${shown}\n`;
    replayed += `${line}\n${text}[${exitCode}]\n\n`;
  }
  return replayed;
}

for (const name of ['help', 'local', 'mistakes', 'config']) {
  test(`the transcript "${name}" is what the command line does`, async () => {
    const golden = new URL(`./golden/${name}.txt`, import.meta.url);
    const before = readFileSync(golden, 'utf8');
    const now = await replay(before);
    if (process.env.QFS_UPDATE_GOLDEN === '1') writeFileSync(golden, now);
    else assert.equal(now, before);
  });
}
