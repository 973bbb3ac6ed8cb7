/** A value of a document with the offsets of its text: `from` up to, not including, `to`. */
export type Tree = MapTree | ListTree | ScalarTree;

interface Located {
  readonly from: number;
  readonly to: number;
}

export interface Entry {
  readonly key: string;
  readonly keyAt: Located;
  readonly value: Tree;
}

export interface MapTree extends Located {
  readonly kind: 'map';
  /** Every key once. */
  readonly entries: readonly Entry[];
}

interface ListTree extends Located {
  readonly kind: 'list';
  readonly items: readonly Tree[];
}

export interface ScalarTree extends Located {
  readonly kind: 'scalar';
  readonly value: string | number | bigint | boolean | null;
  /** As it is written, without quotation marks. */
  readonly source: string;
}
