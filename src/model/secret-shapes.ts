import type { Span } from './hidden-spans.js';

/**
 * What is known for a secret by its own shape, whatever its name. Each pattern begins where no letter or digit stands
 * before it, and needs nothing after what may be long, so that no text takes more than linear time.
 */
const shapes: readonly string[] = [
  // JSON Web Tokens, and other JSON in base64url.
  'eyJ[\\w-]{10,}[\\w.-]*',
  // Amazon, Google, Azure.
  '(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}',
  'AIza[\\w-]{20,}|ya29\\.[\\w.-]{10,}|GOCSPX-[\\w-]{10,}',
  // GitHub, GitLab, Atlassian, Bitbucket.
  'gh[opusr]_[A-Za-z0-9]{16,}|github_pat_\\w{16,}|gl(?:pat|dt|rt|ptt)-[\\w-]{16,}|ATATT3[\\w=-]{16,}|ATBB[A-Za-z0-9]{24,}',
  // Stripe, OpenAI and others who write as they do.
  '(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{8,}|whsec_[A-Za-z0-9+/=]{16,}',
  'sk-(?:proj|ant|or|svcacct|admin|lf)-[\\w-]{8,}|sk-[A-Za-z0-9]{20,}|gsk_[A-Za-z0-9]{20,}|xai-[A-Za-z0-9]{20,}',
  // Slack, Discord, Telegram, SendGrid, Twilio, Mailgun.
  'xox[a-z]-[\\w-]{8,}|xapp-[\\w-]{8,}|SG\\.[\\w-]{16,}[\\w.-]*|\\d{8,10}:AA[\\w-]{30,}|key-[0-9a-f]{32}',
  // Registries, clouds and services.
  'npm_[A-Za-z0-9]{30,}|pypi-[\\w-]{16,}|hf_[A-Za-z0-9]{20,}|dop_v1_[0-9a-f]{32,}|shp(?:at|ss|ca|pa)_[0-9a-fA-F]{16,}',
  'dckr_pat_[\\w-]{16,}|hvs\\.[\\w-]{16,}|glsa_\\w{20,}|lin_api_\\w{16,}|dapi[0-9a-f]{32}|sntry[su]_[\\w=+/-]{16,}',
  'AGE-SECRET-KEY-1[A-Z0-9]{20,}|b3BlbnNzaC1rZXktdjE[\\w+/=]*',
];
const shape = new RegExp(`(?<![A-Za-z0-9])(?:${shapes.join('|')})`, 'g');

/** What stands before the secret part; the rest up to a space or quote is hidden. */
const webhook =
  /(hooks\.slack\.com\/(?:services|workflows|triggers)\/|discord(?:app)?\.com\/api\/webhooks\/|webhook\.office\.com\/webhookb2\/)([^\s"'<>]+)/g;
/** Hashes of passwords as crypt(3), Django and others write them. */
const passwordHash =
  /\$(?:2[abxy]|[1567y]|argon2[a-z]{1,2}|scrypt)\$[\w./$=,+-]{16,}|pbkdf2_sha\d{1,3}\$[\w./$=+-]{16,}/g;
const privateKey = /-----BEGIN [A-Z\d ]{0,30}PRIVATE KEY(?: BLOCK)?-----/;

/** The beginnings of secrets, for a text that was cut within one. */
const begun =
  /(?<![A-Za-z0-9])(?:eyJ|AKIA|ASIA|AIza|gh[opusr]_|github_pat_|glpat-|[sr]k_live_|sk-proj-|sk-ant-|xox[a-z]-|npm_|pypi-)[\w.-]*$/;

export function shapeSpans(text: string, isCut: boolean): Span[] {
  const spans: Span[] = [];
  for (const pattern of [shape, passwordHash])
    for (const { index, 0: found } of text.matchAll(pattern)) spans.push([index, index + found.length]);
  for (const { index, 0: found, 1: address } of text.matchAll(webhook))
    spans.push([index + address!.length, index + found.length]);
  const key = privateKey.exec(text);
  if (key) spans.push([key.index + key[0].length, text.length]);
  if (isCut) {
    const from = Math.max(0, text.length - 200);
    const found = begun.exec(text.slice(from));
    if (found) spans.push([from + found.index, text.length]);
  }
  return spans;
}

const mostLookedAt = 10_000;

/**
 * Whether a text under a name such as `key`, which may mean anything, is a secret: it has a known shape, or holds 16 or
 * more letters and digits that are mixed as in no name or path, or is made of the words of a recovery phrase. Of
 * `bytes`, whether they look random.
 */
export function looksSecret(text: string, isBytes = false): boolean {
  const begin = text.slice(0, mostLookedAt);
  if (shapeSpans(begin, false).length > 0) return true;
  if (isBytes && looksRandomBytes(begin)) return true;
  if (/^(?:[a-z]{3,8} ){11,23}[a-z]{3,8}$/.test(begin)) return true;
  return (begin.match(/[A-Za-z0-9+/=_-]{16,}/g) ?? []).some(looksRandom);
}

function looksRandomBytes(bytes: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: bytes that no text has
  return bytes.length >= 16 && /[\0-\x08\x0e-\x1f\x7f-\xff]/.test(bytes) && new Set(bytes).size >= 10;
}

/**
 * In random base64 0.44 of the neighbours differ in kind (small, capital, digit; a capital that begins a word counts
 * for none), in random hex 0.47; in `getUserProfileById` 0.23, in `thumb_100x100_v2_c1` 0.22. So a quarter is the
 * limit.
 */
const leastMixed = 0.25;

function looksRandom(run: string): boolean {
  const joined = run.replace(/[-_=]/g, '');
  if (/^(?:0x)?[0-9a-f]{16,}$/i.test(joined))
    return (joined.match(/\d/g) ?? []).length >= 2 && (joined.match(/[a-f]/gi) ?? []).length >= 2;
  let changes = 0;
  for (let at = 1; at < run.length; at++) {
    const before = kindOf(run.charCodeAt(at - 1));
    const kind = kindOf(run.charCodeAt(at));
    if (before !== kind && before !== 0 && kind !== 0 && !(before === 2 && kind === 1)) changes++;
  }
  return changes >= leastMixed * (run.length - 1);
}

/** 1: small, 2: capital, 3: digit, 0: a sign. */
function kindOf(code: number): number {
  if (code >= 97) return 1;
  if (code >= 65) return code === 95 ? 0 : 2;
  return code >= 48 && code <= 57 ? 3 : 0;
}
