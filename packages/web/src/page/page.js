// The page: a plain client of /api/v1. All text from outside enters the document as text, never as markup.
const EXAMPLES = {
  'bell.qasm': 'Bell pair',
  'ghz.qasm': 'GHZ state',
  'teleport.qasm': 'Teleportation',
  'qft.qasm': 'Fourier transform',
  'vqe_h2/program.eigen.py': 'Energy of H2',
};
const TERMINAL = new Set(['DONE', 'ERROR', 'CANCELLED', 'TIMEOUT']);
const CHECK_DELAY_MS = 300;
const RETRY_DELAY_MS = 1000;
/** Rows of a table of counts; what is rarer is summed up in one last row. */
const OUTCOMES_SHOWN = 32;
/** Characters of a line that are shown around a finding. */
const EXCERPT_CHARS = 160;

const $ = (id) => document.getElementById(id);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function el(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function row(...cells) {
  return el('tr', {}, ...cells.map(([className, ...content]) => el('td', { className }, ...content)));
}

// ---- the API

class Problem extends Error {}

async function call(path, { body, headers, ...options } = {}) {
  const token = sessionStorage.getItem('token');
  const response = await fetch(path, {
    ...options,
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: body && JSON.stringify(body),
    method: options.method ?? (body ? 'POST' : 'GET'),
  });
  if (response.ok) return response;
  $('access').hidden = response.status !== 401;
  const problem = await response.json().catch(() => ({}));
  const details = (problem.errors ?? []).map(({ field, description }) => `${field}: ${description}`);
  const text = [
    problem.detail ?? problem.title ?? `The server answered ${response.status}.`,
    ...details,
  ].join('\n');
  throw Object.assign(new Problem(text), { diagnostics: problem.diagnostics, status: response.status });
}

const json = async (...request) => (await call(...request)).json();

function report(error) {
  $('problem').hidden = !error;
  $('problem').textContent =
    error instanceof TypeError ? 'The server cannot be reached.' : (error?.message ?? '');
}

/** Runs a handler and shows what goes wrong in it. */
const guarded = (run) => async (event) => {
  event?.preventDefault?.();
  report();
  try {
    await run(event);
  } catch (error) {
    if (error.name !== 'AbortError') report(error);
  }
};

// ---- editing

const program = () => {
  const source = $('source').value;
  return { language: $('language').value || languageOf(source), source };
};

/** The language that a text shows by its first words. */
function languageOf(source) {
  if (source.trimStart().startsWith('{')) return 'aqo';
  if (/^from\s+eigen_lang\b/m.test(source)) return 'eigen-lang';
  return /^\s*OPENQASM\s+2\b/m.test(source) ? 'openqasm2' : 'openqasm3';
}

let checking = new AbortController();

/** Checks and draws what stands in the editor; a newer text ends the check of an older one. */
async function check() {
  checking.abort();
  checking = new AbortController();
  const { signal } = checking;
  const { language, source } = program();
  if (source.trim() === '') {
    showFindings('', []);
    $('drawing').replaceChildren();
    return;
  }
  const verdict = await json('/api/v1/validate', { body: { language, source, level: 'semantic' }, signal });
  const errors = verdict.diagnostics.filter(({ severity }) => severity === 'error').length;
  const { qubits, depth } = verdict.metrics ?? {};
  const size = qubits === undefined ? '' : ` ${qubits} ${qubits === 1 ? 'qubit' : 'qubits'}, depth ${depth}.`;
  const fine = verdict.executable
    ? `The program can run.${size}`
    : `Correct, but it cannot run: ${verdict.reason}`;
  showFindings(verdict.valid ? fine : `${errors} ${errors === 1 ? 'error' : 'errors'}.`, verdict.diagnostics);
  // The last drawing stays, faded, until the program is right again.
  $('drawing').classList.toggle('stale', !verdict.executable);
  if (!verdict.executable) return;
  const drawing = await call('/api/v1/draw', { body: { language, source, format: 'svg' }, signal });
  showDrawing(await drawing.text());
}

function showDrawing(text) {
  const svg = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
  for (const element of svg.querySelectorAll('script, foreignObject')) element.remove();
  $('drawing').replaceChildren(svg.nodeName === 'svg' ? document.importNode(svg, true) : '');
}

function showFindings(verdict, diagnostics) {
  $('verdict').textContent = verdict;
  const lines = $('source').value.split('\n');
  const place = ({ line, column }, width) => {
    const jump = el('button', { type: 'button', textContent: `line ${line}, column ${column}` });
    jump.addEventListener('click', () => select(lines, line, column, width));
    return jump;
  };
  const items = diagnostics.map((finding) => {
    const { severity, code, message, line, end_line, end_column, hint, related = [] } = finding;
    const width = end_line === line ? Math.max(1, end_column - finding.column) : 1;
    const text = el('span', { className: severity, textContent: ` ${severity}[${code}]: ${message}` });
    const excerpt = el('pre', { textContent: underlined(lines[line - 1] ?? '', finding.column, width) });
    const notes = related.map((note) => el('p', {}, `note: ${note.message}: `, place(note, 1)));
    return el(
      'li',
      {},
      place(finding, width),
      text,
      excerpt,
      ...(hint ? [el('p', { textContent: `help: ${hint}` })] : []),
      ...notes,
    );
  });
  $('diagnostics').replaceChildren(...items);
}

/** The part of a line around a place, and carets under it. Columns count characters. */
function underlined(line, column, width) {
  const from = Math.max(0, column - 1 - EXCERPT_CHARS / 2);
  const shown = [...line.slice(0, 2 * (from + EXCERPT_CHARS))].slice(from, from + EXCERPT_CHARS);
  const carets = '^'.repeat(Math.max(1, Math.min(width, shown.length + from + 1 - column)));
  return `${shown.join('').replace(/\p{C}/gu, ' ')}\n${' '.repeat(column - 1 - from)}${carets}`;
}

function select(lines, line, column, width) {
  const units = (count) => [...lines[line - 1]].slice(0, count).join('').length;
  const start = lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0);
  $('source').focus();
  $('source').setSelectionRange(start + units(column - 1), start + units(column - 1 + width));
}

async function run() {
  const { language, source } = program();
  const body = { language, program: source };
  if ($('shots').value !== '') body.shots = Number($('shots').value);
  if ($('seed').value !== '') body.seed = Number($('seed').value);
  $('run').disabled = true;
  try {
    const job = await json('/api/v1/jobs', { body });
    location.hash = `#/jobs/${job.job_id}`;
  } catch (error) {
    if (error.diagnostics) showFindings('', error.diagnostics);
    throw error;
  } finally {
    $('run').disabled = false;
  }
}

// ---- showing

async function showJobs() {
  const { jobs } = await json('/api/v1/jobs?limit=50');
  const rows = jobs.map(({ job_id, name, state, created_at }) => {
    const link = el('a', { href: `#/jobs/${job_id}`, textContent: job_id });
    return row(['mono', link], ['', name ?? ''], ['', state], ['', new Date(created_at).toLocaleString()]);
  });
  $('job-rows').replaceChildren(...rows);
}

let following = new AbortController();

/** Shows a job and follows it to its end. */
async function showJob(id) {
  following = new AbortController();
  const { signal } = following;
  const path = `/api/v1/jobs/${encodeURIComponent(id)}`;
  $('show-title').textContent = `Job ${id}`;
  for (const part of ['timeline', 'search', 'results', 'artifacts']) $(part).replaceChildren();
  $('cancel').onclick = guarded(() => call(`${path}/cancel`, { method: 'POST', signal }));
  $('receipt').onclick = guarded(() =>
    // A receipt waits for a checkpoint, which comes within two seconds.
    download(`${path}/receipt`, `receipt-${id}.json`, { prefer: 'wait=10' }),
  );
  const events = { last: 0 };
  for (;;) {
    const job = await json(path, { signal });
    showState(job);
    try {
      await follow(`${path}/events`, events, signal);
    } catch (error) {
      // The connection may break at any time; the next round goes on behind the last event.
      if (signal.aborted || error instanceof Problem) throw error;
    }
    const now = await json(path, { signal });
    showState(now);
    if (TERMINAL.has(now.state)) break;
    await pause(RETRY_DELAY_MS);
  }
  if ($('state').textContent === 'DONE') showResults((await json(`${path}/results`, { signal })).results);
  showArtifacts(path, await json(`${path}/artifacts`, { signal }));
}

/** Reads server-sent events until the stream ends. */
async function follow(path, events, signal) {
  const response = await call(path, {
    signal,
    headers: events.last ? { 'last-event-id': `${events.last}` } : {},
  });
  // Without a body every event was received before.
  if (!response.body) return;
  let text = '';
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (text + value).split('\n\n');
    text = blocks.pop();
    for (const block of blocks) {
      const data =
        block.includes('event: update') && block.split('\n').find((line) => line.startsWith('data:'));
      if (data) showEvent(JSON.parse(data.slice(5)), events);
    }
  }
}

function showEvent(update, events) {
  if (update.event_seq <= events.last) return;
  events.last = update.event_seq;
  $('state').textContent = update.state;
  if (update.iteration) {
    const { iteration, value, best } = update.iteration;
    $('search').textContent = `Iteration ${iteration}: ${value}, least so far ${best}`;
    return;
  }
  const when = el('span', {
    textContent: ` ${new Date(update.timestamp).toLocaleTimeString()} ${update.message ?? ''}`,
  });
  $('timeline').append(el('li', {}, update.state, when));
}

function showState(job) {
  $('state').textContent = job.state;
  const error = job.error ? `(${job.error.reason}) ${job.error.summary}` : '';
  $('facts').textContent =
    `${error} ${job.target}, ${job.shots} shots, seed ${job.seed}, attempts ${job.attempts}`;
  $('cancel').hidden = TERMINAL.has(job.state);
  $('receipt').hidden = !TERMINAL.has(job.state);
}

function showResults({ items }) {
  const parts = items.flatMap(({ results, optimization, returned }, item) => [
    ...(optimization ? [found(optimization)] : []),
    ...(returned === undefined ? [] : [el('pre', { textContent: JSON.stringify(returned, undefined, 1) })]),
    ...results.flatMap((result, set) => {
      const many = items.length > 1 || results.length > 1;
      const heading = el('h2', {
        textContent: many ? `Counts of item ${item}, parameters ${set}` : 'Counts',
      });
      return [heading, countsTable(result), ...(result.expectation_values ?? []).map(expectation)];
    }),
  ]);
  $('results').replaceChildren(...parts);
}

/** What the search of a hybrid program found. */
const found = ({ method, ending, evaluations, value, std_error, parameters }) => {
  const at = Object.entries(parameters).map(([name, angle]) => `${name} = ${angle}`);
  const size = `${method}, ${evaluations} evaluations, ${ending}`;
  return el('p', { textContent: `Least value ${value} ± ${std_error} (${size}) at ${at.join(', ')}` });
};

const expectation = ({ name, value, std_error }) =>
  el('p', { textContent: `${name ?? 'observable'} = ${value} ± ${std_error}` });

function countsTable({ counts, shots }) {
  const sorted = Object.entries(counts).sort(([, a], [, b]) => b - a);
  const shown = sorted.slice(0, OUTCOMES_SHOWN);
  const rest = sorted.slice(OUTCOMES_SHOWN).reduce((sum, [, count]) => sum + count, 0);
  if (rest > 0) shown.push([`${sorted.length - OUTCOMES_SHOWN} others`, rest]);
  const most = Math.max(...shown.map(([, count]) => count));
  const rows = shown.map(([outcome, count]) => {
    const bar = el('span', { className: 'bar' });
    bar.style.width = `${(100 * count) / most}%`;
    const share = `${((100 * count) / shots).toFixed(1)} %`;
    return row(['mono', outcome], ['number', `${count}`], ['number', share], ['chart', bar]);
  });
  const columns = ['Outcome', 'Count', 'Share', ''].map((textContent) =>
    el('th', { scope: 'col', className: /Count|Share/.test(textContent) ? 'number' : '', textContent }),
  );
  const caption = `${shots} shots, most frequent first. Bit 0 of each register is rightmost.`;
  const table = el('table', {}, el('caption', { textContent: caption }));
  table.append(el('thead', {}, el('tr', {}, ...columns)), el('tbody', {}, ...rows));
  return el('div', { className: 'scroll' }, table);
}

function showArtifacts(path, { artifacts }) {
  const rows = artifacts.map(({ name, size, hash }) => {
    const href = `${path}/artifacts/${name.split('/').map(encodeURIComponent).join('/')}`;
    const link = el('a', { href, textContent: name });
    link.addEventListener(
      'click',
      guarded(() => download(href, name)),
    );
    return row(['', link], ['number', `${size}`], ['mono', hash.replace('sha256:', '')]);
  });
  $('artifacts').replaceChildren(...rows);
}

/** By fetch, because a plain link would not carry the token. */
async function download(href, name, headers) {
  const url = URL.createObjectURL(await (await call(href, { headers })).blob());
  el('a', { href: url, download: name.split('/').pop() }).click();
  URL.revokeObjectURL(url);
}

// ---- wiring

const route = guarded(async () => {
  following.abort();
  const [, page, id] = location.hash.split('/');
  const section = page !== 'jobs' ? 'edit' : id ? 'show' : 'jobs';
  for (const name of ['edit', 'jobs', 'show']) $(name).hidden = name !== section;
  document.title = section === 'edit' ? 'QFS: run a circuit' : `QFS: ${id ?? 'jobs'}`;
  if (section === 'jobs') await showJobs();
  if (section === 'show') await showJob(decodeURIComponent(id));
});

async function load(name) {
  $('language').value = '';
  $('source').value = await (await call(`/examples/${name}`)).text();
  await check();
}

let timer;
$('source').addEventListener('input', () => {
  clearTimeout(timer);
  timer = setTimeout(guarded(check), CHECK_DELAY_MS);
});
$('source').addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) $('job').requestSubmit();
});
$('job').addEventListener('submit', guarded(run));
$('example').append(
  ...Object.entries(EXAMPLES).map(([value, textContent]) => el('option', { value, textContent })),
);
$('language').addEventListener('change', guarded(check));
$('example').addEventListener(
  'change',
  guarded(() => $('example').value && load($('example').value)),
);
$('file').addEventListener(
  'change',
  guarded(async () => {
    const [file] = $('file').files;
    if (file) $('source').value = await file.text();
    await check();
  }),
);
$('access').addEventListener(
  'submit',
  guarded(async () => {
    sessionStorage.setItem('token', $('token').value);
    $('access').hidden = true;
    await Promise.all([check(), route()]);
  }),
);
addEventListener('hashchange', (event) => {
  $('main').focus();
  route(event);
});
$('example').value = 'bell.qasm';
guarded(() => load('bell.qasm'))();
route();
