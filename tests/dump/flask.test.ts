import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlaskApp } from '../support/flask-app.js';
import { flaskPython } from '../support/packages.js';
import { pyglass } from '../support/pyglass.js';
import { anyPython } from '../support/pythons.js';

test('given the pid of a reloader, the process that serves is shown as well', async () => {
  const app = await FlaskApp.start(flaskPython(anyPython()));
  try {
    const { stdout, stderr } = await pyglass('dump', '--pid', String(app.pid));
    assert.match(stderr, new RegExp(`^Process ${app.pid} is Werkzeug's reloader, which only waits; .*\\n$`));
    const [parent, child] = stdout.split(/\n(?=Process )/);
    assert.match(parent!, /"MainThread": waiting for a child process\n/);
    assert.match(child!, /serve_forever \(/);
  } finally {
    await app.stop();
  }
});
