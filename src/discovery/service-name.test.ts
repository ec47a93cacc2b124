import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serviceNameOf } from './service-name.js';

test('a process is called by what it runs, without its role in a group', () => {
  for (const [line, name] of [
    ['python3 /srv/app.py --port 80', 'app'],
    ['python -m shop.worker', 'shop_worker'],
    ['python /usr/bin/gunicorn shop.wsgi', 'gunicorn'],
    ['gunicorn: worker [shop]', 'gunicorn_shop'],
    ['python', 'interactive_Python'],
    ['', 'python'],
  ] as const)
    assert.match(
      serviceNameOf(line.startsWith('gunicorn:') ? [line] : line.split(' ')),
      new RegExp(`^${name}`),
    );
});

test('no secret and no code is in a name', () => {
  assert.equal(serviceNameOf(['python', '-c', 'connect("hunter2")']), 'python');
  assert.doesNotMatch(serviceNameOf(['python', '-m', 'https://me:hunter2@host/x']), /hunter2/);
  assert.match(serviceNameOf(['python', `${'x'.repeat(500)}.py`]), /^x{100}$/);
});
