/** The user and the password of a URL, as a header has them. */
export interface UrlCredentials {
  /** What comes after `Basic ` in a header; absent: the URL names nobody. */
  readonly basic: string | undefined;
  /** What must not be shown, however it is written. */
  readonly secrets: readonly string[];
}

/** A percent sign that encodes nothing stands for itself. */
export function urlCredentials({ username, password }: URL): UrlCredentials {
  const [user, secret] = [decoded(username), decoded(password)];
  if (user === '' && secret === '') return { basic: undefined, secrets: [] };
  const basic = Buffer.from(`${user}:${secret}`).toString('base64');
  // A user without a password is a token.
  const hidden = secret === '' ? [user, username] : [secret, password];
  return { basic, secrets: [...new Set([...hidden, basic])] };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
