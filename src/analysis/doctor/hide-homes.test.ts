import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hideHomes } from './hide-homes.js';

test('names of home folders are left out of every text', () => {
  const report = {
    command: ['/home/ann/app.py', '--log=/home/bob/x.log'],
    of: { path: '/home/ann', pid: 7, not: null },
  };
  assert.deepEqual(hideHomes(report, '/home/ann'), {
    command: ['~/app.py', '--log=/home/…/x.log'],
    of: { path: '~', pid: 7, not: null },
  });
});

test('a home of another name that begins like ours is not ours', () => {
  assert.equal(hideHomes('/root/a /rooted/b /root', '/root'), '~/a /rooted/b ~');
  assert.equal(hideHomes('/home/anna/x', '/home/ann'), '/home/…/x');
  assert.equal(hideHomes('/Users/ann/x and /var/home/eve/y', ''), '/Users/…/x and /var/home/…/y');
});

test('a home that is the root hides nothing', () => {
  assert.equal(hideHomes('/usr/bin/python', '/'), '/usr/bin/python');
});
