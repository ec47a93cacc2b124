import assert from 'node:assert/strict';
import { chmodSync, chownSync, lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { compileCacheFolder } from './compile-cache.js';

function withHome(act: (home: string) => void): void {
  const home = mkdtempSync(join(tmpdir(), 'home-'));
  try {
    act(home);
  } finally {
    rmSync(home, { recursive: true });
  }
}

test('the folder is made where the user keeps caches, for nobody else', () =>
  withHome((home) => {
    assert.equal(compileCacheFolder({ HOME: home }), `${home}/.cache/pyglass`);
    assert.equal(lstatSync(`${home}/.cache`).mode & 0o777, 0o700);
    assert.equal(lstatSync(`${home}/.cache/pyglass`).mode & 0o777, 0o700);
    assert.equal(compileCacheFolder({ HOME: home }), `${home}/.cache/pyglass`);
  }));

test('XDG_CACHE_HOME says where, unless it is relative', () =>
  withHome((home) => {
    const env = { HOME: home, XDG_CACHE_HOME: `${home}/caches` };
    assert.equal(compileCacheFolder(env), `${home}/caches/pyglass`);
    assert.equal(compileCacheFolder({ ...env, XDG_CACHE_HOME: 'caches' }), `${home}/.cache/pyglass`);
  }));

test('what others can write to, or could have put there, is not used', () =>
  withHome((home) => {
    mkdirSync(`${home}/.cache/pyglass`, { recursive: true });
    chmodSync(`${home}/.cache/pyglass`, 0o775);
    assert.equal(compileCacheFolder({ HOME: home }), undefined);
    chmodSync(`${home}/.cache/pyglass`, 0o700);
    chmodSync(`${home}/.cache`, 0o1777);
    assert.equal(compileCacheFolder({ HOME: home }), undefined);
    chmodSync(`${home}/.cache`, 0o700);
    rmSync(`${home}/.cache/pyglass`, { recursive: true });
    mkdirSync(`${home}/elsewhere`, { mode: 0o700 });
    symlinkSync(`${home}/elsewhere`, `${home}/.cache/pyglass`);
    assert.equal(compileCacheFolder({ HOME: home }), undefined);
  }));

test(
  'nothing is made in the home of another user',
  { skip: process.geteuid?.() === 0 ? false : 'only root can make files of another user' },
  () =>
    withHome((home) => {
      chownSync(home, 65534, 65534);
      assert.throws(() => compileCacheFolder({ HOME: home }), { code: 'ENOENT' });
      mkdirSync(`${home}/.cache`);
      chownSync(`${home}/.cache`, 65534, 65534);
      assert.equal(compileCacheFolder({ HOME: home }), undefined);
      assert.equal(lstatSync(`${home}/.cache/pyglass`, { throwIfNoEntry: false }), undefined);
    }),
);
