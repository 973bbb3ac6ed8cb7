import { METADATA_ENTRIES_MAX, SEED_MAX, SHOTS_MAX, SHOTS_MIN } from '@qfs/core';
import { type Findings, shown } from '../findings.ts';

type Notes = Readonly<Record<string, string>>;

/** What a job says of itself among its notes and has a place of its own elsewhere. */
export interface NotedTerms {
  readonly shots?: number;
  readonly seed?: number;
  readonly noiseModel?: string;
  /** Everything else. */
  readonly rest: Notes;
}

/** Takes the terms out of `spec.metadata`, where version 0.1 has them. */
export function takeTerms(metadata: Notes, findings: Findings): NotedTerms {
  const { shots, seed, noise_model: noiseModel, ...rest } = metadata;
  const shotsRead = wholeNumber('spec.metadata.shots', shots, SHOTS_MIN, SHOTS_MAX, findings);
  const seedRead = wholeNumber('spec.metadata.seed', seed, 0, SEED_MAX, findings);
  return {
    ...(shotsRead === undefined ? {} : { shots: shotsRead }),
    ...(seedRead === undefined ? {} : { seed: seedRead }),
    ...(noiseModel === undefined ? {} : { noiseModel }),
    rest,
  };
}

function wholeNumber(
  path: string,
  text: string | undefined,
  min: number,
  max: number,
  findings: Findings,
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d{1,16}$/.test(text) && value >= min && value <= max) return value;
  findings.add(
    'JOB_VALUE',
    path,
    `${path} is ${shown(text)}; it must be a whole number from ${min} to ${max}`,
  );
  return undefined;
}

/** The seed of a workload by the name that it has among the options of the compiler. */
const SEED_OPTION = 'spec.workload.seed';

/** Takes out of the options of the compiler what is not for the compiler. */
export function takeCompilerTerms(
  options: Notes,
  path: string,
  findings: Findings,
): { readonly seed?: number; readonly rest: Notes } {
  const { [SEED_OPTION]: seed, ...rest } = options;
  for (const name of Object.keys(rest)) {
    if (!name.startsWith('distributed.')) continue;
    const why = 'there are no clusters of workers to cut a job up for';
    findings.add(
      'JOB_UNSUPPORTED',
      `${path}.${name}`,
      `${path}.${name} is given, which QFS does not do: ${why}`,
    );
  }
  const read = wholeNumber(`${path}.${SEED_OPTION}`, seed, 0, SEED_MAX, findings);
  return { ...(read === undefined ? {} : { seed: read }), rest };
}

/** Something that more than one member may say. */
interface Said<Value> {
  readonly path: string;
  readonly value: Value | undefined;
}

/** The value of members that mean the same: they must not contradict each other. */
export function oneValue<Value>(members: readonly Said<Value>[], findings: Findings): Value | undefined {
  const [first, ...others] = members.filter(({ value }) => value !== undefined);
  for (const { path, value } of others) {
    if (value === first!.value) continue;
    const message = `${first!.path} is ${shown(first!.value)} and ${path} is ${shown(value)}`;
    findings.add('JOB_CONFLICT', path, message, 'Keep one of them.');
  }
  return first?.value;
}

/** The first value, which wins over what the notes say. */
export function overruling<Value>(
  winner: Said<Value>,
  note: Said<Value>,
  findings: Findings,
): Value | undefined {
  if (winner.value === undefined) return note.value;
  if (note.value !== undefined && note.value !== winner.value) {
    const message = `${note.path} is ${shown(note.value)}, but ${winner.path} is ${shown(winner.value)} and wins`;
    findings.add('JOB_OVERRULED', note.path, message, 'Keep one of them.');
  }
  return winner.value;
}

/** Labels are notes of the job, under names that begin like this. */
const LABEL = 'label.';

/** The notes of a job: its metadata, its labels, and what its members say in the words of notes. */
export function notesOf(
  metadata: Notes,
  labels: Notes,
  terms: Readonly<Record<string, number | string | undefined>>,
  findings: Findings,
): Notes {
  const notes: Record<string, string> = { ...metadata };
  for (const [key, value] of Object.entries(labels)) notes[`${LABEL}${key}`] = value;
  for (const [key, value] of Object.entries(terms)) {
    if (value === undefined) continue;
    if (notes[key] !== undefined && notes[key] !== String(value)) {
      const path = `spec.metadata.${key}`;
      findings.add(
        'JOB_OVERRULED',
        path,
        `${path} is ${shown(notes[key])}, but another member says ${value} and wins`,
      );
    }
    notes[key] = String(value);
  }
  const count = Object.keys(notes).length;
  if (count > METADATA_ENTRIES_MAX) {
    const message = `Metadata, labels and terms are ${count} notes; a job has at most ${METADATA_ENTRIES_MAX}`;
    findings.add('JOB_VALUE', 'spec.metadata', message);
  }
  return notes;
}

/** The tags among the annotations. */
export const tagsOf = (annotations: Notes | undefined): readonly string[] => {
  const tags = annotations?.['qfs/tags'];
  return tags === undefined || tags === '' ? [] : tags.split(', ');
};
