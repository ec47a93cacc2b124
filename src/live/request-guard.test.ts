import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isToken, whyRefused } from './request-guard.js';

const data = { method: 'GET', isPage: false };
const own = { host: '127.0.0.1:8123' };

test('a host is one of the names of this machine, at any port', () => {
  for (const host of ['127.0.0.1:8123', 'localhost:8123', 'LOCALHOST', '127.0.0.1:1'])
    assert.equal(whyRefused({ ...data, headers: { host } }), undefined, host);
  for (const host of [
    ...['evil.test', 'evil.test:8123', 'localhost.evil.test:8123', '127.0.0.1.evil.test', '0.0.0.0:8123'],
    ...['127.0.0.1:8123@evil.test', 'localhost:8123:1', ' localhost', 'localhost:123456', '[::1]:1', ''],
  ])
    assert.match(whyRefused({ ...data, headers: { host } })!, /host/, host);
  assert.match(whyRefused({ ...data, headers: {} })!, /host/);
});

test('an origin is that of the host that was asked', () => {
  const of = (origin: string) => whyRefused({ ...data, headers: { ...own, origin } });
  assert.equal(of('http://127.0.0.1:8123'), undefined);
  for (const origin of [
    ...['http://127.0.0.1:8124', 'http://localhost:8123', 'https://127.0.0.1:8123', 'http://evil.test'],
    ...['null', '', 'http://127.0.0.1:8123.evil.test', 'http://127.0.0.1:81230'],
  ])
    assert.match(of(origin)!, /origin/, origin);
});

test('what changes something needs an origin', () => {
  assert.match(whyRefused({ method: 'POST', isPage: false, headers: own })!, /origin/);
  const headers = { ...own, origin: 'http://127.0.0.1:8123' };
  assert.equal(whyRefused({ method: 'POST', isPage: false, headers }), undefined);
});

test('data are for the page itself, which may be opened from anywhere', () => {
  const of = (site: string, isPage: boolean) =>
    whyRefused({ method: 'GET', isPage, headers: { ...own, 'sec-fetch-site': site } });
  assert.equal(of('same-origin', false), undefined);
  for (const site of ['cross-site', 'same-site', 'none']) {
    assert.match(of(site, false)!, /site/, site);
    assert.equal(of(site, true), undefined, site);
  }
});

test('a token is that very one', () => {
  assert.ok(isToken('abc', 'abc'));
  for (const given of ['', 'ab', 'abcd', 'ABC', 'abc\0']) assert.ok(!isToken('abc', given), given);
});
