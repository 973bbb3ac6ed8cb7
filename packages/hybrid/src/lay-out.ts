import type { Observable } from '@qfs/circuit';
import { QfsError } from '@qfs/core';

/**
 * An observable of the qubits of a program as one of the qubits of a device.
 *
 * @param layout the device's qubit where each qubit of the program ends
 * @param qubits of the device
 * @throws QfsError OBSERVABLE_INVALID where a term does not have one letter for each qubit of the program
 */
export function layOut(observable: Observable, layout: readonly number[], qubits: number): Observable {
  return {
    ...observable,
    terms: observable.terms.map(({ coefficient, paulis }) => {
      if (paulis.length !== layout.length) throw misfit(observable, paulis, layout.length);
      const letters = new Array<string>(qubits).fill('I');
      // Qubit 0 is the rightmost letter.
      for (const [qubit, place] of layout.entries()) {
        letters[qubits - 1 - place] = paulis[paulis.length - 1 - qubit]!;
      }
      return { coefficient, paulis: letters.join('') };
    }),
  };
}

const misfit = ({ name }: Observable, paulis: string, qubits: number): QfsError =>
  new QfsError(
    'OBSERVABLE_INVALID',
    `Term '${paulis.slice(0, 80)}' of observable ${name ?? 'of the program'} has ${paulis.length} letters, ` +
      `but the program has ${qubits} qubits; give one letter per qubit.`,
  );
