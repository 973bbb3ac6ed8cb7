import type { InputValue } from '../contract.ts';

/** A text of one form. */
interface TextShape {
  readonly kind: 'text';
  readonly pattern: RegExp;
  /** What a text of the form is, for messages. */
  readonly expected: string;
  readonly bytesMax?: number;
}

/** Text, or a number or truth value that is taken as it is written. */
interface NoteShape {
  readonly kind: 'note';
  readonly bytesMax: number;
}

/** A note, or a mapping or list that is taken as its JSON text. */
interface JsonShape {
  readonly kind: 'json';
  readonly bytesMax: number;
}

/** One word of a few; a word with `refused` is known and not done, for this reason. */
interface ChoiceShape {
  readonly kind: 'choice';
  readonly words: Readonly<Record<string, { readonly refused?: string }>>;
  /** What to do about any other word. */
  readonly hint?: string;
}

interface NumberShape {
  readonly kind: 'integer' | 'number';
  readonly min?: number;
  readonly max?: number;
}

interface BooleanShape {
  readonly kind: 'boolean';
}

/** The value of an input of a program. */
interface InputShape {
  readonly kind: 'input';
}

/** Anything at all, unread. */
interface AnyShape {
  readonly kind: 'any';
}

interface ListShape {
  readonly kind: 'list';
  readonly of: Shape;
  readonly min?: number;
  readonly max: number;
}

/** Values of one shape under names of the reader's own. */
interface MapShape {
  readonly kind: 'map';
  readonly of: Shape;
  readonly keys: TextShape;
  readonly max: number;
}

/** Members with names of ours. */
export interface RecordShape {
  readonly kind: 'record';
  readonly members: Members;
  /** Exactly one of these must be there. */
  readonly oneOf?: readonly string[];
  /** Members that are not known are passed over with a warning. */
  readonly isOpen?: boolean;
}

/** The first of these whose kind of value is there. */
interface EitherShape {
  readonly kind: 'either';
  readonly of: readonly Shape[];
}

export type Shape =
  | TextShape
  | NoteShape
  | JsonShape
  | ChoiceShape
  | NumberShape
  | BooleanShape
  | InputShape
  | AnyShape
  | ListShape
  | MapShape
  | RecordShape
  | EitherShape;

export interface Member {
  readonly shape: Shape;
  readonly help: string;
  readonly required?: true;
  /** What holds where nothing is said. */
  readonly preset?: string;
  /** The member is accepted and changes nothing, for this reason; a warning says so. */
  readonly noEffect?: string;
  /** Values of a member without effect that ask for what holds anyway, and give no warning. */
  readonly holds?: readonly (string | boolean)[];
}

export type Members = Readonly<Record<string, Member>>;

/** What a value of a shape is once it is read. Members that are missing or wrong are absent. */
export type ValueOf<S> = S extends { readonly kind: 'text' | 'note' | 'json' }
  ? string
  : S extends { readonly kind: 'choice'; readonly words: infer Words }
    ? keyof Words & string
    : S extends { readonly kind: 'integer' | 'number' }
      ? number
      : S extends { readonly kind: 'boolean' }
        ? boolean
        : S extends { readonly kind: 'input' }
          ? InputValue
          : S extends { readonly kind: 'list'; readonly of: infer Of }
            ? readonly ValueOf<Of>[]
            : S extends { readonly kind: 'map'; readonly of: infer Of }
              ? Readonly<Record<string, ValueOf<Of>>>
              : S extends { readonly kind: 'record'; readonly members: infer Of }
                ? {
                    readonly [Name in keyof Of]?: Of[Name] extends { readonly shape: infer Of }
                      ? ValueOf<Of>
                      : never;
                  }
                : S extends { readonly kind: 'either'; readonly of: readonly (infer Of)[] }
                  ? ValueOf<Of>
                  : unknown;
