import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCli } from '../cli.ts';
import { RecordingTerminal } from '../testing/recording-terminal.ts';

const HEAD =
  'apiVersion: eigen.os/v1\nkind: QuantumJob\nmetadata: {name: a-job}\nspec:\n  target: sim:local\n';
const QASM = 'OPENQASM 3.0;\ninput float theta;\nqubit q;\nbit c;\nU(theta, 0, 0) q;\nc = measure q;\n';
const EIGEN = `from eigen_lang import ExpectationValue, Observable, Param, QubitRegister, hybrid_program, minimize, ry
@hybrid_program()
def main():
    theta = Param("theta", 0.3)
    q = QubitRegister(1)
    ry(q[0], theta)
    return minimize(ExpectationValue("e", Observable.from_terms([(1.0, "Z")])), method="COBYLA").fun
`;

async function lint(document: string) {
  const files = { 'job.yaml': HEAD + document, 'a.qasm': QASM, 'a.eigen.py': EIGEN };
  const encoded = Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)]);
  const terminal = new RecordingTerminal(Object.fromEntries(encoded));
  return { code: await runCli(['job', 'lint', 'job.yaml'], terminal), said: terminal.transcript };
}

test('job lint sees whether a program has all that it is run with', async () => {
  const fine = [
    'program: {path: a.qasm}, inputs: {theta: 1}',
    'program: {path: a.qasm}, parameters: [{theta: 1}]',
  ];
  for (const members of [...fine, 'program: {path: a.eigen.py}, parameters: {theta: 1}']) {
    const { code, said } = await lint(members.replace(/^|, (?=inputs|parameters)/g, '\n  '));
    assert.equal(code, 0, said);
  }
  const wrong: readonly (readonly [string, RegExp])[] = [
    ['  program: {path: a.qasm}\n', /theta/],
    [
      '  program: {path: a.qasm}\n  parameters: {theta: 1}\n  observables: [{terms: [{coefficient: 1, paulis: ZZ}]}]\n',
      /ZZ/,
    ],
    ['  program: {path: a.qasm}\n  inputs: {theta: 1}\n  method: tensor\n', /method is "tensor"/],
    ['  program: {path: a.eigen.py}\n  metadata: {optimizer: COBILA}\n', /COBILA.*Did you mean COBYLA/],
    ['  program: {path: a.eigen.py}\n  parameters: {phi: 1}\n', /phi/],
    ['  program: {path: a.eigen.py}\n  compiler_options: {speed: "3"}\n', /speed/],
    ['  program: {path: a.eigen.py}\n  entrypoint: other\n', /other/],
  ];
  for (const [document, reason] of wrong) {
    const { code, said } = await lint(document);
    assert.deepEqual([code, reason.test(said)], [2, true], `${document}\n${said}`);
    assert.match(said, /job\.yaml: 1 error\n$/);
  }
});

test('job lint shows findings in the program that has them', async () => {
  const { code, said } = await lint(
    '  program:\n    language: openqasm3\n    inline: |\n      qubit q;\n      hh q;\n',
  );
  assert.equal(code, 2);
  assert.match(said, /--> the program in job\.yaml:2:1/);
});
