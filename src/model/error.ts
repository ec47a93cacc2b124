/**
 * The one kind of error that pyglass throws on purpose.
 *
 * `code` is stable and is what callers match on; `message` is one sentence for a person, without a remedy
 * (the command line adds the remedy per code); `detail` carries the facts the sentence was made from.
 */
export class PyglassError extends Error {
  override readonly name = 'PyglassError';
  readonly code: string;
  readonly detail: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, detail: Record<string, unknown> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.detail = detail;
  }
}
