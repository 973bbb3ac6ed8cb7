import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startProgress } from './progress.ts';
import { RecordingTerminal } from './testing/recording-terminal.ts';

const APIS = ['setInterval', 'Date'] as const;

test('progress shows after a second, rewrites its line, and leaves nothing behind', (t) => {
  t.mock.timers.enable({ apis: [...APIS] });
  const terminal = new RecordingTerminal({}, {}, { interactive: true });
  const progress = startProgress(terminal);
  progress.say('Verifying entry 1 of 9');
  t.mock.timers.tick(800);
  assert.equal(terminal.transcript, '');
  t.mock.timers.tick(200);
  assert.match(terminal.transcript, /\[K\S Verifying entry 1 of 9 \(1 s\)$/);
  progress.say('Verifying entry 2 of 9');
  assert.match(terminal.transcript, /\[K\S Verifying entry 2 of 9 \(1 s\)$/);
  t.mock.timers.tick(1000);
  assert.match(terminal.transcript, /\(2 s\)$/);
  progress.end();
  assert.ok(terminal.transcript.endsWith('\r\u001b[K'));
  const written = terminal.transcript;
  t.mock.timers.tick(5000);
  assert.equal(terminal.transcript, written);
});

test('what is over within a second, and what nobody watches, writes nothing', (t) => {
  t.mock.timers.enable({ apis: [...APIS] });
  for (const interactive of [true, false]) {
    const terminal = new RecordingTerminal({}, {}, { interactive });
    const progress = startProgress(terminal);
    progress.say('Waiting');
    t.mock.timers.tick(interactive ? 900 : 10_000);
    progress.end();
    t.mock.timers.tick(10_000);
    assert.equal(terminal.transcript, '');
  }
});
