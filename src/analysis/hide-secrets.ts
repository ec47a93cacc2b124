import { isSecretName } from '../model/secret-names.js';
import { hiddenText, hideInCommandLine, hideInText } from '../model/secret-text.js';
import type { FrameSnapshot, ProcessSnapshot, Variable } from '../model/snapshot.js';
import type { HiddenValue, Value } from '../model/value.js';

/**
 * The snapshots without their secrets: what goes by a secret's name is hidden whole, in strings what looks like
 * `password=…`, and whatever was hidden by its name is hidden under every other name too.
 */
export function hideSecrets(processes: readonly ProcessSnapshot[]): ProcessSnapshot[] {
  const known = new KnownSecrets();
  for (const { threads } of processes)
    for (const { frames } of threads)
      for (const frame of frames)
        for (const { name, value } of frame.variables ?? []) known.collect(value, isSecretName(name));
  const hideInFrame = (frame: FrameSnapshot): FrameSnapshot =>
    frame.variables
      ? { ...frame, variables: frame.variables.map((one) => hideInVariable(one, known)) }
      : frame;
  return processes.map((process) => ({
    ...process,
    commandLine: hideInCommandLine(process.commandLine).map((word) => known.hideIn(word)),
    threads: process.threads.map((thread) => ({ ...thread, frames: thread.frames.map(hideInFrame) })),
  }));
}

function hideInVariable(variable: Variable, known: KnownSecrets): Variable {
  return { ...variable, value: hideNamed(variable.name, variable.value, known) };
}

function hideNamed(name: string, value: Value, known: KnownSecrets): Value {
  return isSecretName(name) && isTelling(value) ? hidden(value) : hide(value, known);
}

function hidden({ type }: Value): HiddenValue {
  return { kind: 'hidden', type };
}

/** Nothing is told by `None`, by a truth value, or by code. */
const silent: readonly string[] = [
  ...['NoneType', 'bool', 'type', 'module', 'function', 'method', 'builtin_function_or_method', ''],
];

function isTelling(value: Value): boolean {
  return !(value.kind === 'plain' && silent.includes(value.type)) && !isEmpty(value);
}

function isEmpty(value: Value): boolean {
  return (
    (value.kind === 'text' && value.text === '') ||
    (value.kind === 'items' && value.items.length === 0 && value.more === 0) ||
    (value.kind === 'entries' && value.entries.length === 0 && value.more === 0)
  );
}

function hide(value: Value, known: KnownSecrets): Value {
  switch (value.kind) {
    case 'text':
      return { ...value, text: known.hideIn(hideInText(value.text, value.more > 0)) };
    case 'items': {
      const [first, second] = value.items;
      // A pair is often a name and its value: headers, form fields, items of a dict.
      if (first?.kind === 'text' && second && value.items.length === 2)
        return { ...value, items: [hide(first, known), hideNamed(first.text, second, known)] };
      return { ...value, items: value.items.map((item) => hide(item, known)) };
    }
    case 'entries':
      return {
        ...value,
        entries: value.entries.map(({ key, value: of }) => ({
          key: hide(key, known),
          value: key.kind === 'text' ? hideNamed(key.text, of, known) : hide(of, known),
        })),
      };
    case 'attributes':
      return {
        ...value,
        attributes: value.attributes.map(({ name, value: of }) => ({
          name,
          value: hideNamed(name, of, known),
        })),
      };
    default:
      return value;
  }
}

/** Shorter texts are too likely to occur elsewhere with another meaning. */
const shortestSecret = 6;
const mostSecrets = 1000;

/** Texts that stood under a secret's name somewhere. */
class KnownSecrets {
  readonly #texts = new Set<string>();
  #ordered: readonly string[] | undefined;

  /** What lies within a container that is named like a secret may be anything, and is hidden only there. */
  collect(value: Value, isSecret: boolean): void {
    if (value.kind === 'text') {
      if (isSecret && value.text.length >= shortestSecret && this.#texts.size < mostSecrets)
        this.#texts.add(value.text);
    } else if (value.kind === 'items') {
      const [first, ...others] = value.items;
      const named = first?.kind === 'text' && others.length === 1 && isSecretName(first.text);
      if (first) this.collect(first, isSecret && others.length === 0);
      for (const item of others) this.collect(item, named);
    } else if (value.kind === 'entries') {
      for (const { key, value: of } of value.entries)
        this.collect(of, key.kind === 'text' && isSecretName(key.text));
    } else if (value.kind === 'attributes') {
      for (const { name, value: of } of value.attributes) this.collect(of, isSecretName(name));
    }
  }

  hideIn(text: string): string {
    this.#ordered ??= [...this.#texts].sort((a, b) => b.length - a.length);
    let shown = text;
    for (const secret of this.#ordered)
      if (shown.includes(secret)) shown = shown.split(secret).join(hiddenText);
    return shown;
  }
}
