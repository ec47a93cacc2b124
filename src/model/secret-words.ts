/**
 * The words that `secret-names.ts` looks for in names. A new one is a word here and in `secret-names.test.ts`. Words
 * are compared without case, accents and what is no letter: `X-Api-Key`, `api_key` and `apiKey` are the same.
 */

/** What people choose, which may hold spaces and punctuation. Wherever it occurs in a name: `db_password_old`. */
export const chosenAnywhere: readonly string[] = [
  ...'password passwd passwrd passphrase passcode pwd pswd secret credential'.split(' '),
  ...'mnemonic seedphrase recoveryphrase keypass storepass'.split(' '),
  // German, Dutch, Swedish, Norwegian, Danish, Finnish.
  ...'passwort kennwort geheim wachtwoord lösenord passord adgangskode kodeord salasana'.split(' '),
  // Portuguese, Spanish, Catalan, French, Italian and Romanian.
  ...'senha segredo contraseña contrasenya motdepasse parola segreto'.split(' '),
  // Polish, Czech, Hungarian, Serbian, Turkish, Indonesian, Vietnamese.
  ...'hasło heslo jelszó lozinka şifre katasandi mậtkhẩu'.split(' '),
  // Russian and Ukrainian, Serbian, Greek.
  ...'парол секрет лозинка κωδικόςπρόσβασης'.split(' '),
  // Chinese, Japanese, Korean.
  ...'密码 密碼 口令 パスワード 暗証番号 비밀번호 암호'.split(' '),
  // Arabic, Persian, Hebrew, Hindi, Thai.
  ...'كلمةالمرور كلمةالسر رمزعبور סיסמה पासवर्ड รหัสผ่าน'.split(' '),
];

/** The same as a word of its own: `user_pw`, but not `compass`. */
export const chosenWords: readonly string[] = [...'pass pw pin cred creds mdp geslo salt'.split(' ')];

/** What machines make: letters, digits and a few signs, without spaces. */
export const madeAnywhere: readonly string[] = [
  ...'token authorization authentication cookie sessionid sessionkey'.split(' '),
  ...'apikey accesskey privatekey signingkey encryptionkey secretkey sshkey masterkey aeskey hmackey'.split(
    ' ',
  ),
  ...'accountkey sharedkey sharedaccesskey licensekey passkey bearer csrf xsrf jwt oauth'.split(' '),
  ...'connectionstring codeverifier recoverycode backupcode verificationcode amzsignature'.split(' '),
  ...'cardnumber creditcard токен 令牌 トークン'.split(' '),
];

/** The same as a word of their own: `auth`, but not `author`. */
export const madeWords: readonly string[] = 'auth otp totp sid pem cvv cvc ssn iban jeton'.split(' ');

/** Their texts are secrets, but not the numbers and objects that also go by such names: `session.timeout`. */
export const textWords: readonly string[] = 'session sessions webhook webhooks'.split(' ');

/** Ordinary words that also name secrets: hidden only where the value looks like one (`looksSecret`). */
export const perhapsWords: readonly string[] = [
  ...'key keys seed nonce private access refresh signature sig pat clave llave chave schlüssel ключ'.split(
    ' ',
  ),
];

/** Hold the name of a user and a password: a pair, or `user:password`. */
export const loginWords: readonly string[] = 'login logins userpwd'.split(' ');

/** Words that begin as secrets do and are none. */
export const innocentWord = /tokeni[sz]|^secretar|^cookiecutter|^passwordless/;

/** Tokens of language models and parsers, and those that only page through results. */
export const innocentTokens: readonly string[] = [
  ...'eos bos pad unk sep cls mask stop special start end next lookahead'.split(' '),
];

/** A number by such a name counts or measures: `max_tokens`, `session_timeout`. */
export const measures: readonly string[] = [
  ...'max min n num nb total count counts counter limit length len size ttl timeout age expiry expires'.split(
    ' ',
  ),
  ...'expiration interval attempts retries rounds iterations bytes index offset version lifetime ids'.split(
    ' ',
  ),
  ...'prompt completion input output used per rate usage'.split(' '),
];

/** What a name that ends so means is about a secret, and seldom one: `token_type`, `password_file`. */
export const aboutSecrets: readonly string[] = [
  ...'type file filename path dir url uri endpoint name names field fields policy label class header'.split(
    ' ',
  ),
  ...'validators validator hasher hashers backend backends manager store storage factory classes'.split(' '),
];

/** An option that begins or ends so takes no value: `--no-password`, `--password-stdin`. */
export const flagWords = /^(?:no|without|disable|skip|ask|prompt)\P{L}|\P{L}(?:stdin|prompt)$/iu;
