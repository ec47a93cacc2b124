/**
 * What a thread works for: the labels that a caller of the library set, a request with its route, a task. Interned as
 * stacks are: a context never changes, and equal ones of a profile are the same.
 */
export interface Context {
  /** `labels`: set by whoever records. `route`, `request` and `task`: read from the program. Others may come. */
  readonly kind: string;
  /** By key, in the order of keys. Texts of the target or of the caller, as they are. */
  readonly values: Readonly<Record<string, string>>;
  /**
   * Index into `Profile.contexts` of what this is part of, such as the request that a task belongs to; 0: of nothing.
   */
  readonly outer: number;
}

/**
 * A route of a web application, or the name of a job; its value is under `route`. What of a request is known later
 * counts for all of it: see
 * `analysis/requests.ts`.
 */
export const routeContext = 'route';
/**
 * One request, or one job; its number in the recording is under `request`. It is within its route as far as that was
 * known.
 */
export const requestContext = 'request';

/** A task of asyncio; what tasks of its kind are called is under `task`. */
export const taskContext = 'task';

/** Index of the context of threads of which none is known. */
export const noContext = 0;
/** The kind of what stands for a context whose definition is lost: what its values were is not known. */
export const lostContextKind = '<lost>';

/**
 * How far contexts go within each other, so that to follow them costs little. What is further within counts for its
 * outer one.
 */
export const mostContextDepth = 16;
/** Values of one context. */
export const mostContextValues = 64;
/** UTF-16 units of a kind, a key and a value; longer ones are cut. */
export const longestContextText = 10_000;
