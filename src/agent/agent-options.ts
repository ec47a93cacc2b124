import { type ReceiverId, receiverIds } from '../model/receiver-id.js';

/**
 * What `pyglass agent` can be told: by flags, by variables of the environment, or by a file, each checked by the same
 * rule. Help and docs/fleet.md follow from this list. Loads next to nothing, since help needs it.
 */
export interface AgentOption<Value> {
  /** Of the file; the flag is the same with `-` before capitals. */
  readonly key: string;
  /** What the help calls its value; absent for switches. */
  readonly value?: string;
  readonly description: string;
  /** As help shows it. */
  readonly shownDefault?: string;
  readonly default: Value;
  /** All values that there are; help and completions have them. */
  readonly choices?: readonly string[];
  /** May be given several times, or be a list in the file. */
  readonly isList?: true;
  /** Takes effect only at the next start. */
  readonly isFixed?: true;
  /** From a text of a flag or a variable, or a value of the file. Throws an Error that says what it must be. */
  readonly read: (given: unknown) => Value;
}

function option<Value>(given: AgentOption<Value>): AgentOption<Value> {
  return given;
}

export const agentOptions = {
  push: option<string | undefined>({
    key: 'push',
    value: 'url',
    description: 'receiver to send profiles to',
    default: undefined,
    read: text,
  }),
  pushFormat: option<ReceiverId>({
    key: 'pushFormat',
    value: 'format',
    description: 'format of the receiver',
    shownDefault: receiverIds[0],
    default: receiverIds[0],
    choices: receiverIds,
    read: receiverId,
  }),
  pushTokenFile: option<string | undefined>({
    key: 'pushTokenFile',
    value: 'file',
    description: 'file with the token for --push',
    shownDefault: 'PYGLASS_PUSH_TOKEN',
    default: undefined,
    read: text,
  }),
  folder: option<string | undefined>({
    key: 'folder',
    value: 'folder',
    description: 'folder to write profiles to, as .pb.gz',
    default: undefined,
    isFixed: true,
    read: text,
  }),
  folderLimit: option<number>({
    key: 'folderLimit',
    value: 'size',
    description: 'most bytes of the folder; the oldest profiles are removed beyond it',
    shownDefault: '1GB',
    default: 1e9,
    isFixed: true,
    read: size,
  }),
  service: option<string | undefined>({
    key: 'service',
    value: 'name',
    description: 'service name of all profiles',
    shownDefault: 'OTEL_SERVICE_NAME of the process, or its command',
    default: undefined,
    read: text,
  }),
  host: option<string | undefined>({
    key: 'host',
    value: 'name',
    description: 'name of this machine, the label host of all profiles',
    shownDefault: 'its host name',
    default: undefined,
    read: text,
  }),
  user: option<readonly string[]>({
    key: 'user',
    value: 'user',
    description: 'profile only processes of this user (repeatable)',
    default: [],
    isList: true,
    read: texts,
  }),
  command: option<readonly RegExp[]>({
    key: 'command',
    value: 'pattern',
    description: 'profile only processes with this in their command line, a regular expression (repeatable)',
    default: [],
    isList: true,
    read: patterns,
  }),
  exclude: option<readonly RegExp[]>({
    key: 'exclude',
    value: 'pattern',
    description: 'leave out processes with this in their command line (repeatable)',
    default: [],
    isList: true,
    read: patterns,
  }),
  rate: option<number>({
    key: 'rate',
    value: 'rate',
    description: 'samples a second',
    shownDefault: '100',
    default: 100,
    read: (given) => number(given, 1, 1000, 'samples a second, from 1 to 1000'),
  }),
  window: option<number>({
    key: 'window',
    value: 'seconds',
    description: 'length of a profile',
    shownDefault: '10',
    default: 10,
    isFixed: true,
    read: (given) => {
      const seconds = number(given, 1, 300, 'seconds, from 1 to 300');
      if (!Number.isInteger(seconds)) throw new Error('it must be whole seconds');
      return seconds;
    },
  }),
  maxCpu: option<number>({
    key: 'maxCpu',
    value: 'share',
    description: 'most CPU of the agent, as a share of one processor, such as 2%; the rate falls beyond it',
    shownDefault: '5%',
    // 40 processes that wake 20 times a second took 24 % of a busy machine's processor at 100 samples a second.
    default: 0.05,
    read: share,
  }),
  idle: option<boolean>({
    key: 'idle',
    description: 'include idle threads',
    default: false,
    read: flag,
  }),
  queueFolder: option<string | undefined>({
    key: 'queueFolder',
    value: 'folder',
    description: 'folder for profiles until they are delivered',
    shownDefault: 'STATE_DIRECTORY, or memory',
    default: undefined,
    isFixed: true,
    read: text,
  }),
  queueLimit: option<number>({
    key: 'queueLimit',
    value: 'size',
    description: 'most bytes of the queue; the oldest profiles are dropped beyond it',
    shownDefault: '64MB',
    default: 64e6,
    isFixed: true,
    read: size,
  }),
  listen: option<Address | undefined>({
    key: 'listen',
    value: 'address',
    description:
      'port, or address:port, for /metrics, /healthz and /debug/pprof/profile; a port is of 127.0.0.1',
    shownDefault: 'none',
    default: undefined,
    isFixed: true,
    read: address,
  }),
} as const;

export type AgentKey = keyof typeof agentOptions;
export type AgentConfig = { readonly [Key in AgentKey]: (typeof agentOptions)[Key]['default'] };

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** `--push-token-file` of `pushTokenFile`. */
export function flagOf(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** `PYGLASS_AGENT_PUSH_TOKEN_FILE`. */
export function variableOf(key: string): string {
  return `PYGLASS_AGENT_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

function text(given: unknown): string {
  if (typeof given === 'number') throw new Error('it must be a text, in quotes where it looks like a number');
  if (typeof given !== 'string' || given === '') throw new Error('it must be a text');
  return given;
}

function receiverId(given: unknown): ReceiverId {
  const id = receiverIds.find((one) => one === given);
  if (id === undefined) throw new Error(`it must be ${receiverIds.join(' or ')}`);
  return id;
}

function texts(given: unknown): readonly string[] {
  const list = Array.isArray(given) ? given : [given];
  return list.map(text);
}

/** Longer ones are no patterns that somebody wrote. */
const longestPattern = 1000;

function patterns(given: unknown): readonly RegExp[] {
  return texts(given).map((pattern) => {
    try {
      if (pattern.length <= longestPattern) return new RegExp(pattern);
    } catch {
      // What is wrong with it, the message below says as well.
    }
    throw new Error(`it must be a regular expression, not ${JSON.stringify(pattern.slice(0, 100))}`);
  });
}

function number(given: unknown, least: number, most: number, what: string): number {
  const value = typeof given === 'string' && /^\d+(?:\.\d+)?$/.test(given) ? Number(given) : given;
  if (typeof value !== 'number' || !(value >= least && value <= most)) throw new Error(`it must be ${what}`);
  return value;
}

const units: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 };

/** Bytes. */
function size(given: unknown): number {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmg]?)b?$/i.exec(String(given)) ?? [];
  const bytes = Number(digits) * units[unit.toLowerCase()]!;
  if (!(bytes >= 1e5)) throw new Error('it must be a size of at least 100kB, such as 64MB or 1GB');
  return bytes;
}

/** A part of one processor: `2%` or 0.02. */
function share(given: unknown): number {
  const [, digits, percent] = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(String(given)) ?? [];
  const part = Number(digits) / (percent === '%' ? 100 : 1);
  if (!(part >= 0.001 && part <= 1)) throw new Error('it must be from 0.1% to 100%, such as 2%');
  return part;
}

function flag(given: unknown): boolean {
  if (given === true || given === 'true' || given === '1') return true;
  if (given === false || given === 'false' || given === '0') return false;
  throw new Error('it must be true or false');
}

function address(given: unknown): Address {
  const [, inBrackets, plain, digits] =
    /^(?:(?:\[([\da-f:]+)\]|([\w.-]+)):)?(\d{1,5})$/i.exec(String(given)) ?? [];
  const port = Number(digits);
  if (!(port >= 0 && port < 65_536))
    throw new Error('it must be a port or address:port, such as 127.0.0.1:4041');
  return { host: inBrackets ?? plain ?? '127.0.0.1', port };
}
