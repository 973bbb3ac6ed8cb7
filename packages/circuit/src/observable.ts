/** A real linear combination of Pauli strings. One letter per qubit, qubit 0 rightmost, as in count keys. */
export interface Observable {
  readonly name?: string;
  readonly terms: readonly { readonly coefficient: number; readonly paulis: string }[];
}
