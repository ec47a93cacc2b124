import { hiddenText } from '../model/hidden-spans.js';
import { argumentSpans } from '../model/secret-arguments.js';
import { isMeasure, isSecretName, secrecyOf } from '../model/secret-names.js';
import { looksSecret } from '../model/secret-shapes.js';
import { hideInCommandLine, hideInText, secretsOfCommandLine } from '../model/secret-text.js';
import type { FrameSnapshot, ProcessSnapshot, Variable } from '../model/snapshot.js';
import {
  type EntriesValue,
  type HiddenValue,
  type ItemsValue,
  isBytes,
  type TextValue,
  type Value,
} from '../model/value.js';

/**
 * The snapshots without their secrets: what goes by a secret's name is hidden whole, in strings what looks like
 * `password=…` or like a token, and whatever was hidden by its name is hidden under every other name too.
 */
export function hideSecrets(processes: readonly ProcessSnapshot[]): ProcessSnapshot[] {
  const known = new KnownSecrets();
  for (const { threads, commandLine, tasks, trio, greenlets } of processes) {
    for (const secret of secretsOfCommandLine(commandLine)) known.add(secret);
    const others = [...(tasks?.tasks ?? []), ...(trio?.tasks ?? []), ...(greenlets?.greenlets ?? [])];
    for (const { frames } of [...threads, ...others])
      for (const frame of frames)
        for (const { name, value } of frame.variables ?? []) known.collect(value, name);
  }
  const hideInFrame = (frame: FrameSnapshot): FrameSnapshot =>
    frame.variables
      ? { ...frame, variables: frame.variables.map((one) => hideInVariable(one, known)) }
      : frame;
  const hideIn = <T extends { readonly frames: readonly FrameSnapshot[] }>(stacks: readonly T[]): T[] =>
    stacks.map((stack) => ({ ...stack, frames: stack.frames.map(hideInFrame) }));
  return processes.map((process) => {
    const { tasks, trio, greenlets } = process;
    return {
      ...process,
      commandLine: hideInCommandLine(process.commandLine).map((word) => known.hideIn(word)),
      threads: hideIn(process.threads),
      ...(tasks ? { tasks: { ...tasks, tasks: hideIn(tasks.tasks) } } : {}),
      ...(trio ? { trio: { ...trio, tasks: hideIn(trio.tasks) } } : {}),
      ...(greenlets ? { greenlets: { ...greenlets, greenlets: hideIn(greenlets.greenlets) } } : {}),
    };
  });
}

function hideInVariable(variable: Variable, known: KnownSecrets): Variable {
  return { ...variable, value: hideNamed(variable.name, variable.value, known) };
}

/** By what the name says of its value; see `Secrecy`. */
function hideNamed(name: string, value: Value, known: KnownSecrets): Value {
  if (!isTelling(value)) return value;
  switch (secrecyOf(name)) {
    case 'chosen':
    case 'made':
      return isCount(name, value) ? value : hidden(value);
    case 'text':
      return value.kind === 'text' && !isCount(name, value) ? hidden(value) : hide(value, known);
    case 'perhaps':
      return hideLookingSecret(value, known);
    case 'login':
      return hideLogin(value, known);
    default:
      return hide(value, known);
  }
}

function hidden({ type }: Value): HiddenValue {
  return { kind: 'hidden', type };
}

/** `None`, truth values and code reveal nothing. */
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

function isCount(name: string, value: Value): boolean {
  return (
    isMeasure(name) && (value.kind === 'plain' || value.kind === 'text') && /^-?[\d.]{1,12}$/.test(value.text)
  );
}

/** Integers of as many digits are keys of 80 bits and more. */
const fewestKeyDigits = 25;

function textLooksSecret(value: TextValue): boolean {
  return looksSecret(value.text, isBytes(value));
}

function hideLookingSecret(value: Value, known: KnownSecrets): Value {
  if (value.kind === 'text') return textLooksSecret(value) ? hidden(value) : hide(value, known);
  if (value.kind === 'plain')
    return /^\d+/.test(value.text) && value.text.length >= fewestKeyDigits ? hidden(value) : value;
  if (value.kind === 'items')
    return { ...value, items: value.items.map((item) => hideLookingSecret(item, known)) };
  return hide(value, known);
}

/** `('user', 'password')` and `'user:password'`. */
function hideLogin(value: Value, known: KnownSecrets): Value {
  if (value.kind === 'items' && value.items.length === 2) {
    const [user, password] = value.items as readonly [Value, Value];
    return { ...value, items: [hide(user, known), isTelling(password) ? hidden(password) : password] };
  }
  if (value.kind !== 'text' || !value.text.includes(':')) return hide(value, known);
  return { ...value, text: value.text.slice(0, value.text.indexOf(':') + 1) + hiddenText };
}

function hide(value: Value, known: KnownSecrets): Value {
  switch (value.kind) {
    case 'text':
      return { ...value, text: known.hideIn(hideInText(value.text, value.more > 0)) };
    case 'items':
      return { ...value, items: hideItems(value, known) };
    case 'entries': {
      const named = nameWithin(value);
      return {
        ...value,
        entries: value.entries.map(({ key, value: of }) => ({
          key: hide(key, known),
          value: key.kind === 'text' ? hideNamed(nameOf(key.text, named), of, known) : hide(of, known),
        })),
      };
    }
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

function hideItems({ items }: ItemsValue, known: KnownSecrets): Value[] {
  const [first, second] = items;
  // A pair is often a name and its value: headers, form fields, items of a dict.
  if (first?.kind === 'text' && second && items.length === 2 && !first.text.startsWith('-'))
    return [hide(first, known), hideNamed(first.text, second, known)];
  // Texts may be a command line: the arguments of subprocess, a copy of sys.argv.
  const words = items.map((item) => (item.kind === 'text' || item.kind === 'plain' ? item.text : ''));
  const spans = argumentSpans(words);
  return items.map((item, at) => {
    const span = spans[at];
    if (!span || !isTelling(item)) return hide(item, known);
    if (item.kind !== 'text') return hidden(item);
    const before = hideInText(item.text.slice(0, span[0]), false);
    return { ...item, text: known.hideIn(before + hiddenText + item.text.slice(span[1])) };
  });
}

/** `{'name': 'DB_PASSWORD', 'value': …}`, as containers and forms write it. */
function nameWithin({ entries }: EntriesValue): string | undefined {
  for (const { key, value } of entries)
    if (
      key.kind === 'text' &&
      value.kind === 'text' &&
      /^(?:name|key)$/i.test(key.text) &&
      isSecretName(value.text)
    )
      return value.text;
  return undefined;
}

function nameOf(key: string, named: string | undefined): string {
  return named !== undefined && /^value$/i.test(key) ? named : key;
}

/** Shorter texts are too likely to occur elsewhere with another meaning. */
const shortestSecret = 6;
const mostSecrets = 1000;

/** Texts that stood under a secret's name somewhere. */
class KnownSecrets {
  readonly #texts = new Set<string>();
  #ordered: readonly string[] | undefined;

  add(text: string): void {
    if (text.length >= shortestSecret && this.#texts.size < mostSecrets) this.#texts.add(text);
  }

  /** What lies within a container that is named like a secret may be anything, and is hidden only there. */
  collect(value: Value, name: string): void {
    switch (value.kind) {
      case 'text':
        if (this.#isSecret(value, name)) this.add(value.text);
        break;
      case 'items':
        this.#collectItems(value, name);
        break;
      case 'entries': {
        const named = nameWithin(value);
        for (const { key, value: of } of value.entries)
          this.collect(of, key.kind === 'text' ? nameOf(key.text, named) : '');
        break;
      }
      case 'attributes':
        for (const { name: attribute, value: of } of value.attributes) this.collect(of, attribute);
        break;
    }
  }

  #collectItems(value: ItemsValue, name: string): void {
    const [first, second] = value.items;
    if (first?.kind === 'text' && second && value.items.length === 2) {
      if (secrecyOf(name) === 'login' && second.kind === 'text') this.add(second.text);
      this.collect(second, first.text);
      return;
    }
    // One item is what a class made of its argument: `SecretStr('…')`.
    const inner = value.items.length === 1 ? name : '';
    for (const item of value.items) this.collect(item, inner);
    this.#collectArguments(value);
  }

  #collectArguments({ items }: ItemsValue): void {
    for (const secret of secretsOfCommandLine(items.map((item) => (item.kind === 'text' ? item.text : ''))))
      this.add(secret);
  }

  #isSecret(value: TextValue, name: string): boolean {
    const secrecy = secrecyOf(name);
    if (secrecy === 'perhaps' || secrecy === 'text') return textLooksSecret(value);
    return secrecy !== 'none' && secrecy !== 'login' && !isCount(name, value);
  }

  hideIn(text: string): string {
    this.#ordered ??= [...this.#texts].sort((a, b) => b.length - a.length);
    let shown = text;
    for (const secret of this.#ordered)
      if (shown.includes(secret)) shown = shown.split(secret).join(hiddenText);
    return shown;
  }
}
