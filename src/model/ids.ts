declare const brand: unique symbol;

/** A number that indexes one table, and is no index of another. */
type Id<Of extends string> = number & { readonly [brand]: Of };

/** An instruction of a code object at which a frame was: `Sites`. */
export type SiteId = Id<'site'>;
/** A code object, as long as it lies at its address: `Sites`. */
export type CodeId = Id<'code'>;
/** A stack, as its callers and one frame more: `StackTree`. */
export type NodeId = Id<'node'>;

/** A column of such numbers. */
export type IdColumn<T extends number> = Int32Array & { [index: number]: T };

/** A column of ids, filled with 0. */
export function idColumn<T extends number>(size: number): IdColumn<T> {
  return new Int32Array(size) as IdColumn<T>;
}
