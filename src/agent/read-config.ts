import { readFileSync, statSync } from 'node:fs';
import { type Document, isMap, isNode, isScalar, parseDocument } from 'yaml';
import { fileError } from '../disk/file-error.js';
import { PyglassError } from '../model/error.js';
import { type AgentConfig, type AgentKey, agentOptions, flagOf, variableOf } from './agent-options.js';

/** Where values come from; what comes first counts. */
export interface ConfigSources {
  /** By key: texts, lists of texts, or true. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** YAML, of which JSON is a part: a map of keys and values. */
  readonly file?: string | undefined;
}

/** A file of more is no configuration. */
const longestFile = 1 << 16;
/** More errors are only counted. */
const mostErrors = 20;

/** Throws `bad-option` with all that is wrong, and file errors. Values are not shown: they may be secret. */
export function readConfig({ flags, environment, file }: ConfigSources): AgentConfig {
  const inFile = file === undefined ? {} : readFile(file);
  const errors = Object.keys(inFile)
    .filter((key) => !Object.hasOwn(agentOptions, key))
    .map((key) => `${file}: there is no option ${JSON.stringify(key.slice(0, 100))}`);
  const config: Record<string, unknown> = {};
  for (const key of Object.keys(agentOptions) as AgentKey[]) {
    const { read, default: otherwise } = agentOptions[key];
    const given = givenValue(key, { flags, environment, file }, inFile);
    try {
      config[key] = given ? read(given.value) : otherwise;
    } catch (error) {
      errors.push(`${given!.where}: ${(error as Error).message}`);
    }
  }
  if (errors.length > 0) {
    const more = errors.length > mostErrors ? [`and ${errors.length - mostErrors} more`] : [];
    throw new PyglassError('bad-option', [...errors.slice(0, mostErrors), ...more].join('; '), {
      remedy: ['To see all options:', '  pyglass agent --help'],
    });
  }
  return config as AgentConfig;
}

/** And where it stands, for messages. */
function givenValue(
  key: AgentKey,
  { flags, environment, file }: ConfigSources,
  inFile: Readonly<Record<string, unknown>>,
): { readonly value: unknown; readonly where: string } | undefined {
  if (flags[key] !== undefined) return { value: flags[key], where: flagOf(key) };
  const variable = environment[variableOf(key)] ?? '';
  if (variable !== '') {
    const isList = 'isList' in agentOptions[key];
    return { value: isList ? variable.split(',') : variable, where: variableOf(key) };
  }
  return Object.hasOwn(inFile, key) ? { value: inFile[key], where: `${file}: ${key}` } : undefined;
}

function readFile(file: string): Readonly<Record<string, unknown>> {
  let content: string;
  try {
    if (statSync(file).size > longestFile) throw wrong(file, 'it is too large for a configuration');
    content = readFileSync(file, 'utf8');
  } catch (error) {
    throw fileError(error, 'read', file);
  }
  const value = parsed(file, content);
  // Not one of YAML's other kinds of maps either, of which a reader of keys sees none.
  if (Object.prototype.toString.call(value) !== '[object Object]')
    throw wrong(file, 'it must be a map of options');
  return value as Readonly<Record<string, unknown>>;
}

function parsed(file: string, content: string): unknown {
  // It would compare each key with all others.
  const document = parseDocument(content, { prettyErrors: false, logLevel: 'error', uniqueKeys: false });
  const lineOf = (position: number) => content.slice(0, position).split('\n').length;
  const [error] = document.errors;
  // Not what the parser says: there may be a part of a secret in it.
  if (error) throw wrong(file, `it is not YAML, line ${lineOf(error.pos[0])}`);
  const again = secondOfKey(document);
  if (again !== undefined) throw wrong(file, `an option is given twice, line ${lineOf(again)}`);
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    throw wrong(file, 'its aliases are not known or too many');
  }
}

/** Where a key stands that was there before. */
function secondOfKey({ contents }: Document.Parsed): number | undefined {
  const seen = new Set<unknown>();
  for (const { key } of isMap(contents) ? contents.items : []) {
    const name = isScalar(key) ? key.value : key;
    if (seen.has(name)) return (isNode(key) ? key.range?.[0] : undefined) ?? 0;
    seen.add(name);
  }
  return undefined;
}

function wrong(file: string, reason: string): PyglassError {
  return new PyglassError('bad-option', `cannot use ${file}: ${reason}`, {
    remedy: ['Such as:', '  push: http://localhost:4040', '  maxCpu: 2%'],
  });
}

/** What was changed that takes effect only at the next start. */
export function fixedChanges(before: AgentConfig, after: AgentConfig): string[] {
  return (Object.keys(agentOptions) as AgentKey[]).filter(
    (key) => 'isFixed' in agentOptions[key] && JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
}
