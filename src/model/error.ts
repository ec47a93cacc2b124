/** All codes of `PyglassError`. Codes are added, never renamed. */
export const errorCodes = [
  // The process cannot be read.
  ...['no-such-process', 'process-hidden', 'proc-missing', 'not-python', 'no-python-process', 'files-lost'],
  ...['implementation-unsupported', 'machine-unsupported', 'python-unsupported'],
  ...['build-unsupported', 'platform-unsupported', 'node-unsupported', 'koffi-missing'],
  ...['layout-implausible', 'python-not-started', 'python-finalized', 'bytes-out-of-range', 'sampler-died'],
  ...['permission-capability', 'permission-other-user', 'permission-yama', 'permission-denied'],
  ...['permission-not-dumpable', 'permission-namespace', 'permission-security-module'],
  // A core file.
  ...['not-a-core', 'core-compressed', 'core-damaged', 'core-too-large', 'core-files-missing'],
  ...['core-file-differs'],
  // A memory image.
  ...['image-head', 'image-version', 'image-damaged'],
  // The program cannot be started.
  ...['program-not-found', 'program-not-started'],
  // A file, an output or a recording.
  ...['file-not-found', 'file-is-folder', 'file-permission', 'file-error', 'disk-full'],
  ...['output-is-input', 'output-missing', 'same-output', 'writing-stopped'],
  ...['recording-in-use', 'recording-too-long', 'recording-too-large', 'recording-damaged'],
  ...['not-a-recording', 'recording-too-new', 'nothing-sampled', 'recording-closed'],
  // A receiver of profiles.
  ...['push-refused', 'push-failed'],
  // A page cannot be served.
  'port-in-use',
  // What was asked for makes no sense, or is not wanted any more.
  ...['bad-option', 'unknown-format', 'aborted', 'choice-left'],
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/**
 * The one kind of error that pyglass throws on purpose.
 *
 * `code` is stable and is what callers match on; `message` is one sentence for a person, without a remedy
 * (the command line adds the remedy per code); `detail` carries the facts the sentence was made from.
 */
export class PyglassError extends Error {
  override readonly name = 'PyglassError';
  readonly code: ErrorCode;
  readonly detail: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, detail: Record<string, unknown> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.detail = detail;
  }
}
