import type { Span } from './hidden-spans.js';
import { isMeasure, secrecyOf } from './secret-names.js';
import { looksSecret } from './secret-shapes.js';
import { flagWords } from './secret-words.js';

/** Which short options of a program take a secret. */
interface ProgramOptions {
  readonly programs: RegExp;
  /** The next word, or what follows in the same: `-p SECRET`, `-pSECRET`. */
  readonly whole?: readonly string[];
  /** Only what follows in the same word. */
  readonly attached?: readonly string[];
  /** What follows this sign, `-u user:SECRET`; with its long form. */
  readonly after?: { readonly sign: string; readonly options: readonly string[] };
  /** The secret follows this word: `user_pw SECRET`. */
  readonly words?: readonly string[];
  /** Only after this word, since the options mean other things elsewhere. */
  readonly command?: string;
}

const programOptions: readonly ProgramOptions[] = [
  { programs: /^(?:mysql\w*|mariadb[\w-]*|mycli)$/, attached: ['-p'] },
  { programs: /^(?:mongo\w*|sshpass|cqlsh|twine|ncftp|beeline|pgcli)$/, whole: ['-p'] },
  { programs: /^redis-(?:cli|benchmark)$|^valkey-cli$/, whole: ['-a'] },
  {
    programs: /^curl$/,
    after: { sign: ':', options: ['-u', '-U', '-E', '--user', '--proxy-user', '--cert'] },
    whole: ['-b'],
  },
  { programs: /^(?:https?|httpie)$/, whole: ['-a'] },
  { programs: /^(?:docker|podman|buildah|nerdctl|helm|oras|az)$/, command: 'login', whole: ['-p'] },
  { programs: /^vault$/, words: ['login'] },
  { programs: /^ldap\w+$/, whole: ['-w'] },
  { programs: /^(?:smbclient|rpcclient)$/, after: { sign: '%', options: ['-U', '--user'] } },
  { programs: /^lftp$/, after: { sign: ',', options: ['-u'] } },
  { programs: /^(?:sqlcmd|bcp|tsql|ipmitool|mssql-cli|zip|unzip|mosquitto_\w+)$/, whole: ['-P'] },
  { programs: /^(?:7z\w?|rar|unrar)$/, attached: ['-p', '-hp'] },
  { programs: /^snmp\w+$/, whole: ['-A', '-X', '-c'] },
  { programs: /^openssl$/, words: ['-passin', '-passout', '-pass', '-k', '-K', '-hmac'] },
  { programs: /^(?:pdftk|nmcli)$/, words: ['password', 'user_pw', 'owner_pw'] },
  // After these, options mean something else again.
  { programs: /^(?:ssh|scp|rsync|python[\d.]*|node|java|sudo|env)$/ },
];

/** Long options that mean a secret though a variable by their name need not be one. */
const secretOptions: readonly string[] = ['key', 'pat', 'seed-phrase'];

/**
 * Of each word of a command line the part that is a secret by the option before it, by its own name (`--password=…`,
 * `PASSWORD=…`) or by what a known program takes it for. The whole word counts: a value ends where the word ends.
 */
export function argumentSpans(words: readonly string[]): (Span | undefined)[] {
  let rules: ProgramOptions | undefined;
  let active = false;
  return words.map((word, at) => {
    const before = at > 0 ? words[at - 1]! : '';
    const byProgram = rules && active ? programSpan(rules, before, word) : undefined;
    const found = programOptions.find(({ programs }) => programs.test(nameOfProgram(word)));
    if (found && !word.startsWith('-')) {
      rules = found;
      active = found.command === undefined;
    } else if (rules?.command === word) active = true;
    return byProgram ?? valueSpan(before, word) ?? assignedSpan(word);
  });
}

function nameOfProgram(word: string): string {
  const name = word.slice(word.lastIndexOf('/') + 1);
  return name.length <= 40 ? name : '';
}

function programSpan(rules: ProgramOptions, before: string, word: string): Span | undefined {
  const whole: Span = [0, word.length];
  if (rules.words?.includes(before) || rules.whole?.includes(before)) return whole;
  for (const option of [...(rules.whole ?? []), ...(rules.attached ?? [])])
    if (word.startsWith(option) && word.length > option.length) return [option.length, word.length];
  if (!rules.after) return undefined;
  const { sign, options } = rules.after;
  // Short options may share a word: `-su me:SECRET`.
  const isValue = options.some(
    (option) =>
      before === option ||
      (option.length === 2 && /^-[a-zA-Z]{2,6}$/.test(before) && before.endsWith(option[1]!)),
  );
  const isAttached = options.some(
    (option) => word.startsWith(option) && (option.length === 2 || word[option.length] === '='),
  );
  const at = isValue || isAttached ? word.indexOf(sign) : -1;
  return at < 0 ? undefined : [at + 1, word.length];
}

/** What follows `--name`, also when it begins with a dash. */
function valueSpan(before: string, word: string): Span | undefined {
  const isOption = before.startsWith('-') && before.length <= 200;
  const name = isOption ? /^--?(\p{L}[\p{L}\p{M}\p{N}_.-]*)$/u.exec(before)?.[1] : undefined;
  if (name === undefined || flagWords.test(name)) return undefined;
  const whole: Span = [0, word.length];
  if (secretOptions.includes(name.toLowerCase())) return isOrdinary(word) ? undefined : whole;
  return secretPart(name, word);
}

const assignment = /^(?:--?|\/p:|-[DXe])?([\p{L}_][\p{L}\p{M}\p{N}_.:-]{0,199})=/u;

function assignedSpan(word: string): Span | undefined {
  // Nearly no word has one, and the pattern takes a while to compile.
  const found = word.includes('=') ? assignment.exec(word) : null;
  if (!found) return undefined;
  const [{ length: start }, name] = [found[0], found[1]!];
  const value = word.slice(start);
  const isSecret = word.startsWith('--') && secretOptions.includes(name.toLowerCase()) && !isOrdinary(value);
  const part = isSecret ? ([0, value.length] as const) : secretPart(name, value);
  return part && [start + part[0], start + part[1]];
}

function secretPart(name: string, value: string): Span | undefined {
  const whole: Span = [0, value.length];
  switch (secrecyOf(name)) {
    case 'chosen':
    case 'made':
    case 'text':
      return isMeasure(name) && /^[\d.]{1,12}$/.test(value) ? undefined : whole;
    case 'perhaps':
      return looksSecret(value) ? whole : undefined;
    case 'login':
      return value.includes(':') ? [value.indexOf(':') + 1, value.length] : undefined;
    default:
      return undefined;
  }
}

/** A number, or the path of a file. */
function isOrdinary(value: string): boolean {
  return (
    /^\d{1,6}$|^\.{0,2}\/|^~\/|\.(?:pem|key|crt|json|pub|p12|pfx)$/.test(value) || value.startsWith('--')
  );
}
