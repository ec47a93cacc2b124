import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMeasure, isSecretName, type Secrecy, secrecyOf } from './secret-names.js';

const secrets: readonly string[] = [
  ...'password DB_PASSWORD dbPassword user_passwd pwd secret clientSecret access_token api_key apiKey'.split(
    ' ',
  ),
  ...'X-Api-Key APIKEY Authorization Set-Cookie sessionid credentials private_key ssh-key'.split(' '),
  ...'aws_access_key_id auth basic_auth user_pw jwt pin tokenizer_secret'.split(' '),
  ...'senha contraseña CONTRASEÑA mot_de_passe пароль passwort hasło haslo şifre 密码 パスワード 비밀번호'.split(
    ' ',
  ),
  ...'master_key aes_key hmac_key salt passcode pswd mnemonic seed_phrase card_number iban code_verifier'.split(
    ' ',
  ),
  'a'.repeat(201),
];
const ordinary: readonly string[] = [
  ...'author authority keyboard monkey passenger compass pinned opinion side name secretary secretariat'.split(
    ' ',
  ),
  ...'tokenizer tokenize tokenized cookiecutter eos_token pad_token_id a _ bypass'.split(' '),
];
const others: readonly [Secrecy, string][] = [
  ['perhaps', 'key MY_KEY seed nonce private access refresh signature cache_key token_url password_field'],
  ['text', 'session flask_session webhook'],
  ['login', 'login'],
];

test('names of secrets are known however they are written', () => {
  for (const name of secrets) assert.ok(isSecretName(name), name);
});

test('ordinary names are not taken for those of secrets', () => {
  for (const name of ordinary) assert.equal(secrecyOf(name), 'none', name);
  for (const [secrecy, names] of others)
    for (const name of names.split(' ')) assert.equal(secrecyOf(name), secrecy, name);
});

test('what counts is told from what is secret', () => {
  for (const name of ['max_tokens', 'n_tokens', 'tokens', 'session_timeout', 'passwordMinLength'])
    assert.ok(isMeasure(name), name);
  for (const name of ['pin', 'token', 'otp', 'card_number']) assert.ok(!isMeasure(name), name);
});
