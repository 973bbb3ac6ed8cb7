import {
  DENSITY_QUBITS_MAX,
  OBSERVABLES_MAX,
  PARAMETER_SETS_MAX,
  QfsError,
  SEED_MAX,
  SHOTS_MAX,
  STATE_VECTOR_QUBITS_MAX,
} from '@qfs/core';
import { initialValues } from './binding.ts';
import type { Binding, EngineEstimate, EngineItem, EngineOptions } from './engine-contract.ts';
import { checkGradients, tapeOf } from './gradients.ts';
import { checkObservables, drawsNumbers, qubitsWith } from './observables.ts';
import { type ProgramCache, ReadProgram } from './program-cache.ts';
import { noisyStructure, type Structure } from './structure.ts';

/** An item that was read, checked and analysed; nothing here depends on parameter values. */
export interface PreparedItem {
  readonly item: EngineItem;
  readonly read: ReadProgram;
  readonly structure: Structure;
  /** Does the program write bits that counts show, and are they wanted? */
  readonly isCounted: boolean;
  /** Program qubits that have amplitudes, ascending: the i-th is qubit i of the state vector. */
  readonly activeQubits: readonly number[];
  /** Never empty. */
  readonly bindings: readonly Binding[];
}

const NO_BINDING: Binding = new Map();

/**
 * Reads and checks one item; throws the QfsError that says why it cannot run. `programs` may know the program
 * already.
 */
export function prepareItem(item: EngineItem, options: EngineOptions, programs?: ProgramCache): PreparedItem {
  const { noise, method } = options;
  const read = programs?.read(item.aqo) ?? new ReadProgram(item.aqo);
  const { program, structure } = read;
  checkNumbers(item);
  checkObservables(item.observables, program.qubits);
  if (item.observables.length > 0 && !structure.terminal) {
    throw new QfsError(
      'OBSERVABLE_INVALID',
      'The program measures or resets qubits before it ends, so it has no single final state to take expectation ' +
        'values of; remove the observables, or let the program measure at its end only.',
    );
  }
  if (item.gradients) checkGradients(item, options);
  const isPlayed = noise !== undefined && method !== 'density';
  if (isPlayed && item.observables.length > 0 && item.shots === 0) {
    throw new QfsError(
      'OBSERVABLE_INVALID',
      'With noise, expectation values are estimated from shots, but shots is 0; give the number of shots, or the ' +
        'option method=density for exact ones.',
    );
  }
  // A qubit at rest is measured as 0, unless its readout errs.
  const measured = qubitsWith(item.observables, noise === undefined ? 'XY' : 'XYZ');
  const active = new Set([...structure.activeQubits, ...measured]);
  const bindings = item.parameters.length === 0 ? [NO_BINDING] : item.parameters;
  return {
    item,
    read,
    isCounted: read.layout.written && !(item.expectationsOnly && item.observables.length > 0),
    structure: !isPlayed || structure.terminal ? structure : noisyStructure(structure),
    activeQubits: [...active].sort((a, b) => a - b),
    bindings,
  };
}

/** Refuses values that do not fit the inputs, and programs without the gradients that are asked for. */
export function checkBindings({ read, item, bindings }: PreparedItem): void {
  const { program, structure } = read;
  const values = bindings.map((binding) => initialValues(program, binding));
  if (item.gradients) tapeOf(program, structure, values[0]!);
}

function checkNumbers({ shots, seed, observables, parameters }: EngineItem): void {
  for (const [what, { length }, most] of [
    ['observables', observables, OBSERVABLES_MAX],
    ['parameter sets', parameters, PARAMETER_SETS_MAX],
  ] as const) {
    if (length > most) {
      throw new QfsError('JOB_SPEC_INVALID', `There are ${length} ${what}; at most ${most} are allowed.`);
    }
  }
  const least = observables.length > 0 ? 0 : 1;
  if (!Number.isInteger(shots) || shots < least || shots > SHOTS_MAX) {
    throw new QfsError(
      'JOB_SPEC_INVALID',
      `shots is ${shots}; it must be an integer from ${least} to ${SHOTS_MAX}.`,
    );
  }
  if (!Number.isInteger(seed) || seed < 0 || seed > SEED_MAX) {
    throw new QfsError('JOB_SPEC_INVALID', `seed is ${seed}; it must be an integer from 0 to ${SEED_MAX}.`);
  }
}

/** What one parameter set of the item needs. Refuses more qubits than the method can take. */
export function estimateSet(prepared: PreparedItem, options: EngineOptions): EngineEstimate {
  const { structure, item, activeQubits } = prepared;
  const { noise, precision, method } = options;
  checkQubits(activeQubits.length, method);
  const bytesPerAmplitude = precision === 'single' ? 8 : 16;
  const sampled = item.observables.length > 0 && item.shots > 0;
  if (method === 'density') {
    const entries = 4 ** activeQubits.length;
    // Both sides of the matrix, and what follows a gate on both.
    const passes = noise === undefined ? 2 : 4;
    return {
      method,
      memoryBytes:
        (!structure.terminal || sampled ? 2 : 1) * bytesPerAmplitude * entries +
        BYTES_PER_SHOT * item.shots +
        keyBytes(prepared, false),
      operations: passes * entries * structure.instructions,
    };
  }
  const amplitudes = 2 ** activeQubits.length;
  const oneState = structure.terminal && noise === undefined;
  // A second state holds what every shot starts from, or the state in the basis of an observable.
  // Gradients take two
  // more, and the signs of an observable.
  const states = item.gradients ? 4 : !oneState || sampled ? 2 : 1;
  const passes = item.gradients ? 1 + 3 * item.observables.length : 1;
  const prefix = noise === undefined ? structure.prefix.length : 0;
  const runs = oneState ? 1 : item.shots;
  return {
    method: 'state_vector',
    memoryBytes:
      states * bytesPerAmplitude * amplitudes + BYTES_PER_SHOT * item.shots + keyBytes(prepared, oneState),
    operations: passes * amplitudes * (prefix + runs * (structure.instructions - prefix)),
  };
}

/** What `auto` stands for is a state vector: noise is played on it. */
export const methodOf = ({ method }: EngineOptions): EngineEstimate['method'] =>
  method === 'auto' ? 'state_vector' : method;

function checkQubits(qubits: number, method: EngineOptions['method']): void {
  const [most, what, advice] =
    method === 'density'
      ? [
          DENSITY_QUBITS_MAX,
          'density matrix',
          ' Leave the method out: trajectories take as many as a state vector.',
        ]
      : [STATE_VECTOR_QUBITS_MAX, 'state vector', ''];
  if (qubits <= most) return;
  throw new QfsError(
    'CIRCUIT_TOO_LARGE',
    `The circuit acts on ${qubits} qubits; a ${what} may have at most ${most}.${advice}`,
    { metadata: { needed_qubits: String(qubits), allowed_qubits: String(most) } },
  );
}

/** Work below this is done before a second thread has read the circuit. */
const APART_OPERATIONS_MIN = 2 ** 25;

/** Are the shots of a parameter set computed one by one, and enough work to be given to several threads? */
export const isApart = (
  { structure, item }: PreparedItem,
  { noise, method }: EngineOptions,
  { operations }: EngineEstimate,
): boolean =>
  method !== 'density' &&
  (noise !== undefined || !structure.terminal) &&
  item.observables.length === 0 &&
  operations >= APART_OPERATIONS_MIN;

/** Work that is done sooner than a thread is told of it, about a millisecond. */
const BRIEF_OPERATIONS_MAX = 2 ** 18;

/**
 * Is the batch certainly done in about a millisecond, whatever the values are? Loops and shots are not
 * looked into.
 */
export function isBrief(
  { read, item, isCounted, bindings, activeQubits }: PreparedItem,
  { noise, method }: EngineOptions,
  needed: EngineEstimate,
): boolean {
  // Trajectories, and terms that readout errors multiply, are not counted here.
  if (noise !== undefined && (method !== 'density' || noise.readout.size > 0)) return false;
  const terms = item.observables.reduce((sum, observable) => sum + observable.terms.length, 0);
  const states = 2 ** activeQubits.length;
  // In gates on one amplitude: what a group of terms costs by binomial numbers, and what by shots that
  // are sorted.
  const drawn = drawsNumbers(item.shots, activeQubits.length) ? 8 * states : 64 * item.shots;
  const work = needed.operations + states * terms + drawn * terms + 64 * item.shots * (isCounted ? 1 : 0);
  return read.isStraight && bindings.length * work <= BRIEF_OPERATIONS_MAX;
}

/** Random numbers, sorted and unsorted, the basis state found, and an entry of the counts. */
const BYTES_PER_SHOT = 64;
/** Every key exists as text, as part of the results document, and as bytes of it. */
const COPIES_OF_KEYS = 4;

/** What count keys and the memory of shots may take at most. */
function keyBytes({ item, read, isCounted, activeQubits }: PreparedItem, oneState: boolean): number {
  if (!isCounted) return 0;
  const outcomes = oneState ? Math.min(item.shots, 2 ** activeQubits.length) : item.shots;
  const keys = outcomes + (item.memory ? item.shots : 0);
  return COPIES_OF_KEYS * keys * read.layout.characters.length;
}
