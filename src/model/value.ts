/**
 * A Python value as it was found in a target: a tree that is already cut to a depth and a number of items, so that it
 * can be searched for secrets and written down, but nothing more can be asked of it.
 */
export type Value = PlainValue | TextValue | ItemsValue | EntriesValue | AttributesValue | HiddenValue;

/** What needs no quoting and holds no other value: `42`, `None`, `<function main at 0x7f…>`. */
export interface PlainValue {
  readonly kind: 'plain';
  readonly type: string;
  readonly text: string;
}

/** `str` and `bytes`, of Python 2 also `unicode`; of bytes each character is one byte. */
export interface TextValue {
  readonly kind: 'text';
  readonly type: string;
  readonly prefix: '' | 'b' | 'u';
  /** A `str` of Python 2, which is bytes without the prefix. */
  readonly isBytes?: true;
  readonly text: string;
  /** Characters beyond those that were read. */
  readonly more: number;
}

export function isBytes({ prefix, isBytes: withoutPrefix }: TextValue): boolean {
  return prefix === 'b' || withoutPrefix === true;
}

/** Values one after another between `open` and `close`, such as `deque([` and `], maxlen=3)`. */
export interface ItemsValue {
  readonly kind: 'items';
  readonly type: string;
  readonly open: string;
  readonly close: string;
  readonly items: readonly Value[];
  /** Items beyond those that were read. */
  readonly more: number;
}

/** The same for `key: value`. */
export interface EntriesValue {
  readonly kind: 'entries';
  readonly type: string;
  readonly open: string;
  readonly close: string;
  readonly entries: readonly { readonly key: Value; readonly value: Value }[];
  readonly more: number;
}

/** The same for `name=value`. */
export interface AttributesValue {
  readonly kind: 'attributes';
  readonly type: string;
  readonly open: string;
  readonly close: string;
  readonly attributes: readonly { readonly name: string; readonly value: Value }[];
  readonly more: number;
}

/** Stands where a secret was. */
export interface HiddenValue {
  readonly kind: 'hidden';
  readonly type: string;
}
