import { parseJson } from '@qfs/core/json';
import { type ArtifactRef, type DocumentItem, valueAt, writeArtifactRef } from '@qfs/jobspec';
import type { Inputs } from '../inputs.ts';
import { localInputs } from '../replay/local-inputs.ts';
import { type ArtifactReader, faultOnFailure, ProgramFault } from './job-program.ts';

/** The values of an item's inputs: those that stand there, and those in artifacts of earlier jobs. */
export async function inputsOf(
  { inputRefs, inputs }: DocumentItem,
  artifact: ArtifactReader,
): Promise<Inputs> {
  const values = new Map(localInputs(inputs));
  for (const [name, ref] of Object.entries(inputRefs)) {
    values.set(name, await readValue(name, ref, artifact));
  }
  return values;
}

async function readValue(name: string, ref: ArtifactRef, artifact: ArtifactReader) {
  const bytes = await faultOnFailure(() => artifact(ref));
  const uri = writeArtifactRef(ref);
  const read = parseJson(bytes);
  if (!read.ok) throw new ProgramFault(`The input ${name}: ${uri} is no JSON: ${read.error.message}`);
  const value = valueAt(read.value, ref.pointer ?? '');
  if (value === undefined) {
    throw new ProgramFault(
      `The input ${name}: there is nothing at ${uri}`,
      'The part after # is a JSON pointer: /items/0/shots.',
    );
  }
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') return value;
  if (Array.isArray(value)) return JSON.stringify(value);
  throw new ProgramFault(`The input ${name}: ${uri} is neither number, truth value, text nor list`);
}
