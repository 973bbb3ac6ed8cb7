import assert from 'node:assert/strict';
import { drawText, readAqo, writeAqo } from '@qfs/circuit';
import { compileSource, type Verdict, validateSource } from '@qfs/compiler';
import { type Diagnostic, type ErrorCode, isErrorCode, VALIDATE_MS_MAX } from '@qfs/core';
import { isDiagnosticCode, type ParsedSource, parseSource, printProgram, renderDiagnostics } from '@qfs/qasm';

/** Longest text of one finding: what a person can read, whatever the program contains. */
const MESSAGE_CHARS_MAX = 1_000;
const TOO_LONG: ReadonlySet<ErrorCode> = new Set(['CIRCUIT_TOO_LARGE', 'PAYLOAD_TOO_LARGE']);
/** Circuits up to this size are compiled and read back; the same again would only cost time. */
const COMPILED_OPERATIONS_MAX = 100_000;
const language = 'openqasm3';

/** What became of an input; every way is fine. */
export type Outcome = 'runs' | 'valid' | 'refused';

/** Gives one program to the front end and the compiler. @throws whatever breaks one of their promises */
export function checkQasm(bytes: Uint8Array): Outcome {
  const started = process.cpuUsage();
  const verdict = validateSource({ language, source: bytes, level: 'semantic' });
  const { user, system } = process.cpuUsage(started);
  const milliseconds = (user + system) / 1000;
  assert.ok(milliseconds <= VALIDATE_MS_MAX, `validation took ${milliseconds} ms of processor time`);
  const source = new TextDecoder().decode(bytes);
  assertVerdict(verdict);
  assertPlaced(source, verdict.diagnostics);
  assertPrinted(source);
  if (!verdict.executable) return verdict.valid ? 'valid' : 'refused';
  const { gateCount, measurements } = verdict.metrics!;
  if (gateCount + measurements <= COMPILED_OPERATIONS_MAX) assertCompiled(bytes);
  return 'runs';
}

function assertVerdict({ valid, executable, reason, diagnostics, metrics }: Verdict): void {
  const hasErrors = diagnostics.some(({ severity }) => severity === 'error');
  assert.equal(
    executable,
    reason === undefined && metrics !== undefined,
    'reason and metrics belong together',
  );
  assert.equal(hasErrors, !executable, 'a program runs exactly if no finding is an error');
  assert.ok(valid || !executable, 'what is executable is valid');
}

/** Every finding has a known code and lies, with all its places, inside the source. */
function assertPlaced(source: string, diagnostics: readonly Diagnostic[]): void {
  const lengths = source
    .split('\n')
    .map((line) => line.replace(/[\ud800-\udbff][\udc00-\udfff]/g, '-').length);
  const assertInside = (line: number, column: number, what: string): void => {
    const length = lengths[line - 1];
    const isInside = length !== undefined && column >= 1 && column <= length + 1;
    assert.ok(isInside, `${what} ${line}:${column} lies outside of the source`);
  };
  for (const { code, message, hint = '', related = [], ...place } of diagnostics) {
    assert.ok(isDiagnosticCode(code) || isErrorCode(code), `the code ${code} is unknown`);
    assertInside(place.line, place.column, code);
    assertInside(place.end_line, place.end_column, `end of ${code}`);
    const isOrdered =
      place.line < place.end_line || (place.line === place.end_line && place.column <= place.end_column);
    assert.ok(isOrdered, `${code} ends before it begins`);
    for (const { line, column } of related) assertInside(line, column, `a note of ${code}`);
    const isReadable = message.length > 0 && message.length + hint.length <= MESSAGE_CHARS_MAX;
    assert.ok(isReadable, `${code} has a message of ${message.length} characters`);
  }
  const rendered = renderDiagnostics(source, diagnostics);
  assert.ok(!/[^\P{Cc}\n]/u.test(rendered), 'a control character reaches the terminal');
}

/** A text without syntax errors, printed, is the same program. */
function assertPrinted(source: string): void {
  const isWrong = ({ diagnostics }: ParsedSource): boolean =>
    diagnostics.some(({ severity }) => severity === 'error');
  const parsed = parseSource(source);
  const printed = printProgram(parsed.ast);
  if (isWrong(parsed)) return;
  const again = parseSource(printed);
  assert.ok(!isWrong(again), 'the printed program is refused');
  assert.equal(printProgram(again.ast), printed, 'the printed program changes when it is printed again');
}

/** AQO and OpenQASM of a circuit lead back to the same circuit, and it can be drawn. */
function assertCompiled(bytes: Uint8Array): void {
  const compiled = compileSource({ language, source: bytes });
  assert.ok(compiled.ok, 'a program that is executable does not compile');
  const { aqo, aqoDigest, program, qasm } = compiled.value;
  const read = readAqo(aqo);
  assert.ok(read.ok, `its AQO is refused: ${read.ok || read.error.message}`);
  assert.deepEqual(writeAqo(read.value), aqo, 'AQO read and written is other AQO');
  const again = compileSource({ language, source: qasm });
  // A short program may stand for a circuit whose text is larger than a source may be.
  const isTooLong = !again.ok && TOO_LONG.has(again.error.code);
  assert.ok(again.ok || isTooLong, `its OpenQASM is refused: ${again.ok || again.error.message}`);
  if (again.ok) assert.equal(again.value.aqoDigest, aqoDigest, 'its OpenQASM compiles to another circuit');
  drawText(program);
}
