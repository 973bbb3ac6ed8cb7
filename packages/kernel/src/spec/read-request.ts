import {
  DEPENDENCIES_MAX,
  IDEMPOTENCY_KEY_CHARS_MAX,
  JOB_ITEMS_MAX,
  JOB_NAME_CHARS_MAX,
  JOB_OPTION_BYTES_MAX,
  JOB_OPTIONS_MAX,
  METADATA_ENTRIES_MAX,
  METADATA_KEY_BYTES_MAX,
  METADATA_VALUE_BYTES_MAX,
  OBSERVABLES_MAX,
  PARAMETER_SETS_MAX,
  PRIORITY_MAX,
  PRIORITY_MIN,
  QASM_SOURCE_BYTES_MAX,
  QfsError,
  SEED_MAX,
  SHOTS_MAX,
  SHOTS_MIN,
  TAG_CHARS_MAX,
  TAGS_MAX,
} from '@qfs/core';
import { isJobId, utf8 } from '@qfs/core/exact';
import { readLoopWishes } from '@qfs/hybrid';
import type { JobItem } from '@qfs/rpc/api';
import type { EnqueueJobRequest } from '@qfs/rpc/internal';
import {
  type InputSpec,
  type ItemSpec,
  isLanguage,
  itemArtifact,
  type JobRequest,
  LANGUAGES,
  type Language,
  SPEC_MEMBERS,
} from './job-spec.ts';
import { readTerms, type TermBounds, wholeNumber } from './job-terms.ts';
import { Violations } from './violations.ts';

/** What holds for a job that does not say otherwise, and what it may ask for. */
export interface RequestDefaults extends TermBounds {
  readonly target: string;
  readonly shots: number;
}

const TARGET = /^[A-Za-z0-9][A-Za-z0-9:._/@-]{0,127}$/;
/** As the entry of the acceptance takes it. */
const WORD = /^[a-z0-9][a-z0-9_.-]{0,31}$/;
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const FIELDS = {
  sourceDoor: 'source_door',
  sessionId: 'session_id',
  reservationId: 'reservation_id',
} as const;
/** Control characters would let a name rewrite a terminal or a log line. */
const CONTROL = /[\p{Cc}\u2028\u2029]/u;

/**
 * Checks a submission against every bound.
 * @throws QfsError JOB_SPEC_INVALID with every violation; PAYLOAD_TOO_LARGE; LANGUAGE_UNSUPPORTED.
 */
export function readRequest(given: EnqueueJobRequest, defaults: RequestDefaults): JobRequest {
  const request = withNamedOptions(given);
  const violations = new Violations();
  const sources = itemsOf(request);
  violations.range('items', sources.length, 1, JOB_ITEMS_MAX);
  const wished = metadataShots(request, violations);
  const shots = { shots: wished ?? defaults.shots, byDefault: wished === undefined };
  const counted = sources.slice(0, JOB_ITEMS_MAX);
  const items = counted.map((item, index) => readItem(item, index, counted.length, shots, violations));
  const target = request.target === '' ? defaults.target : request.target;
  checkFields(request, target, violations);
  const seed = request.seed === undefined ? metadataSeed(request, violations) : Number(request.seed);
  if (seed !== undefined) violations.range('seed', seed, 0, SEED_MAX);
  const { retry, ...terms } = readTerms(request.metadataKvs, defaults, violations);
  const dependencies = readDependencies(request.dependencies, violations);
  violations.throwIfAny();
  if (items.some(({ language }) => language === 'eigen-lang')) readLoopWishes(request.metadataKvs);
  const { method, precision } = request;
  return {
    name: request.name,
    target,
    priority: request.priority,
    seed,
    method,
    precision,
    tags: request.tags,
    door: request.sourceDoor,
    parentJobId: request.parentJobId,
    sessionId: request.sessionId,
    reservationId: request.reservationId,
    spec: {
      items,
      options: {
        ...request.options,
        ...(method === '' ? {} : { method }),
        ...(precision === '' ? {} : { precision }),
      },
      metadata: { ...request.metadataKvs },
      ...(retry === undefined ? {} : { retry }),
      ...(dependencies.length === 0 ? {} : { dependencies }),
    },
    ...terms,
    wishes: {
      ...(request.tenantOpenJobsMax === 0 ? {} : { tenantOpenJobsMax: request.tenantOpenJobsMax }),
      ...(request.projectOpenJobsMax === 0 ? {} : { projectOpenJobsMax: request.projectOpenJobsMax }),
    },
    programs: counted.map(({ program }) => program),
    activeQubits: request.activeQubits,
    jobYaml: request.jobSpec,
  };
}

/** Method and precision may be given among the options of the device, where a job.yaml has them. */
function withNamedOptions(request: EnqueueJobRequest): EnqueueJobRequest {
  const { method = '', precision = '', ...options } = request.options;
  return {
    ...request,
    method: request.method || method,
    precision: request.precision || precision,
    options,
  };
}

/** A single program given at the top is a batch of one. */
function itemsOf(request: EnqueueJobRequest): readonly Omit<JobItem, '$typeName'>[] {
  if (request.items.length > 0) return request.items;
  return [
    {
      language: request.programFormat,
      program: request.program,
      shots: 0,
      parameters: [],
      observables: [],
      inputs: {},
      memory: false,
      entrypoint: '',
      compilerOptions: request.compilerOptions,
    },
  ];
}

function readItem(
  item: Omit<JobItem, '$typeName'>,
  index: number,
  itemCount: number,
  otherwise: { readonly shots: number; readonly byDefault: boolean },
  violations: Violations,
): ItemSpec {
  const field = `items[${index}]`;
  const language = readLanguage(item.language);
  checkProgram(item.program, field, violations);
  const isOpen = item.shots === 0;
  const shots = isOpen ? otherwise.shots : item.shots;
  violations.range(`${field}.shots`, shots, SHOTS_MIN, SHOTS_MAX);
  violations.range(`${field}.parameters`, item.parameters.length, 0, PARAMETER_SETS_MAX);
  violations.range(`${field}.observables`, item.observables.length, 0, OBSERVABLES_MAX);
  for (const [at, { values }] of item.parameters.entries()) {
    for (const [name, value] of Object.entries(values)) {
      violations.finite(`${field}.parameters[${at}].${name}`, value);
    }
  }
  for (const [at, { terms }] of item.observables.entries()) {
    for (const { coefficient } of terms) violations.finite(`${field}.observables[${at}]`, coefficient);
  }
  checkTexts(`${field}.compiler_options`, item.compilerOptions, violations);
  const inputs = Object.entries(item.inputs).map(
    ([name, input]) => [name, readInput(input.value, `${field}.inputs.${name}`, violations)] as const,
  );
  return {
    language,
    program: itemArtifact(LANGUAGES[language], index, itemCount),
    shots,
    ...(isOpen && otherwise.byDefault ? { shotsByDefault: true } : {}),
    parameters: item.parameters.map(({ values }) => ({ ...values })),
    observables: item.observables.map(({ name, terms }) => ({
      name,
      terms: terms.map(({ coefficient, paulis }) => ({ coefficient, paulis })),
    })),
    inputs: Object.fromEntries(inputs),
    memory: item.memory,
    entrypoint: item.entrypoint,
    compilerOptions: { ...item.compilerOptions },
  };
}

function readLanguage(language: string): Language {
  if (isLanguage(language)) return language;
  throw new QfsError(
    'LANGUAGE_UNSUPPORTED',
    `The language is "${language.slice(0, 64)}"; known are ${Object.keys(LANGUAGES).join(', ')}.`,
  );
}

function checkProgram(program: Uint8Array, field: string, violations: Violations): void {
  if (program.length === 0) violations.add(`${field}.program`, 'is empty; give the text of a program');
  if (program.length > QASM_SOURCE_BYTES_MAX) {
    throw new QfsError(
      'PAYLOAD_TOO_LARGE',
      `${field}.program has ${program.length} bytes; at most ${QASM_SOURCE_BYTES_MAX} are allowed.`,
    );
  }
}

type InputValue = JobItem['inputs'][string]['value'];

function readInput(value: InputValue, field: string, violations: Violations): InputSpec {
  if (value.case === 'integer') return { integer: value.value.toString() };
  if (value.case === 'boolean') return { boolean: value.value };
  if (value.case === 'bits') return { bits: value.value };
  if (value.case === 'number') violations.finite(field, value.value);
  else violations.add(field, 'has no value');
  return { number: value.value ?? 0 };
}

function checkFields(request: EnqueueJobRequest, target: string, violations: Violations): void {
  violations.text('name', request.name, JOB_NAME_CHARS_MAX, CONTROL);
  violations.range('priority', request.priority, PRIORITY_MIN, PRIORITY_MAX);
  violations.pattern('target', target, TARGET, 'the name of a device, for example sim:local');
  for (const name of ['method', 'precision'] as const) {
    if (request[name] !== '') violations.pattern(name, request[name], WORD, 'a word of a-z, 0-9, _ . -');
  }
  for (const name of ['sourceDoor', 'sessionId', 'reservationId'] as const) {
    if (request[name] !== '')
      violations.pattern(FIELDS[name], request[name], ID, 'an id of letters and digits');
  }
  violations.range('tags', request.tags.length, 0, TAGS_MAX);
  for (const [index, tag] of request.tags.slice(0, TAGS_MAX).entries()) {
    violations.text(`tags[${index}]`, tag, TAG_CHARS_MAX, CONTROL);
  }
  violations.text('idempotency_key', request.idempotencyKey, IDEMPOTENCY_KEY_CHARS_MAX, CONTROL);
  if (request.parentJobId !== '' && !isJobId(request.parentJobId)) {
    violations.add('parent_job_id', `is "${request.parentJobId.slice(0, 64)}", which is not a job id`);
  }
  checkTexts('metadata', request.metadataKvs, violations);
  checkOptions(request.options, violations);
}

/** Options stand beside the other members of `spec` in job.yaml. */
function checkOptions(options: Readonly<Record<string, string>>, violations: Violations): void {
  const entries = Object.entries(options);
  violations.range('options', entries.length, 0, JOB_OPTIONS_MAX);
  for (const [name, value] of entries.slice(0, JOB_OPTIONS_MAX)) {
    const field = `options.${name.slice(0, 32)}`;
    violations.pattern(field, name, WORD, 'the name of an option: a word of a-z, 0-9, _ . -');
    if (SPEC_MEMBERS.has(name)) violations.add(field, 'is a member of the job itself; give it there');
    violations.range(`bytes of ${field}`, utf8(value).length, 0, JOB_OPTION_BYTES_MAX);
  }
}

/** Ids of jobs, each of them once. Whether they exist is seen when the job is accepted. */
function readDependencies(given: readonly string[], violations: Violations): readonly string[] {
  violations.range('dependencies', given.length, 0, DEPENDENCIES_MAX);
  for (const [index, text] of given.slice(0, DEPENDENCIES_MAX).entries()) {
    if (isJobId(text)) continue;
    const what = text.includes(':')
      ? 'a URI; data is not fetched, so only ids of jobs are taken'
      : 'no job id';
    violations.add(`dependencies[${index}]`, `is "${text.slice(0, 64)}", which is ${what}`);
  }
  return [...new Set(given)];
}

/** Texts by name, bounded in number and size. */
function checkTexts(field: string, texts: Readonly<Record<string, string>>, violations: Violations): void {
  const entries = Object.entries(texts);
  violations.range(field, entries.length, 0, METADATA_ENTRIES_MAX);
  for (const [key, value] of entries.slice(0, METADATA_ENTRIES_MAX)) {
    const short = key.slice(0, 32);
    violations.range(`bytes of ${field} key "${short}"`, utf8(key).length, 1, METADATA_KEY_BYTES_MAX);
    violations.range(`bytes of ${field}.${short}`, utf8(value).length, 0, METADATA_VALUE_BYTES_MAX);
  }
}

/** `shots` as job.yaml gives it: text among the metadata. */
const metadataShots = (request: EnqueueJobRequest, violations: Violations): number | undefined =>
  wholeNumber('metadata.shots', request.metadataKvs.shots, violations);

const metadataSeed = (request: EnqueueJobRequest, violations: Violations): number | undefined =>
  wholeNumber('metadata.seed', request.metadataKvs.seed, violations);
