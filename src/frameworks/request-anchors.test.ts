import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frameworks } from './frameworks.js';
import {
  anchorsOf,
  environRoutes,
  knownAnchors,
  parseAnchor,
  scopeRoutes,
  userAnchor,
} from './request-anchors.js';

test('the anchors of all frameworks are of their form', () => {
  assert.equal(knownAnchors.length, frameworks.flatMap(({ anchors = [] }) => anchors).length);
  for (const { file, name, environ, scope, route, future, job } of knownAnchors)
    assert.ok(environ ?? scope ?? route[0] ?? future ?? job, `${file}:${name} leads somewhere`);
  const steps = [...environRoutes, ...scopeRoutes.flatMap(({ route, leaf }) => [route, leaf])];
  for (const one of steps) assert.ok(one.length > 0);
});

test('none of them leads to what may hold a secret', () => {
  const secrets = /cookie|header|auth|session|token|query|body|form\b|data|json/i;
  assert.doesNotMatch(JSON.stringify([knownAnchors, environRoutes, scopeRoutes]), secrets);
});

test('a user names a frame, with its class or without, and where the route is', () => {
  const anchor = userAnchor("shop/web.py:Handler.handle:self.request.routes['name'][0]")!;
  assert.equal(anchor.file, 'shop/web.py');
  assert.equal(anchor.name, 'handle');
  assert.deepEqual(anchor.route, [
    {
      variable: 'self',
      steps: [{ attribute: 'request' }, { attribute: 'routes' }, { key: 'name' }, { index: 0 }],
    },
  ]);
});

test('what is no anchor is none', () => {
  for (const text of ['', 'a.py', 'a.py:f', 'a.py:f:', 'a.py::x', ':f:x', 'a.py:f:x..y', 'a.py:f g:x'])
    assert.equal(userAnchor(text), undefined, text);
  assert.equal(parseAnchor({ frame: 'a.py:f', environ: '1' }), undefined);
});

test('an anchor that is not of the form is named, with its framework', () => {
  const method = 'req.method';
  assert.equal(anchorsOf({ id: 'zephyr', anchors: [{ frame: 'zephyr/app.py:handle', method }] }).length, 1);
  for (const anchor of [
    { frame: 'zephyr/app.py:App.handle', method },
    { frame: 'zephyr/app.py:handle', method: 'req..' },
  ])
    assert.throws(
      () => anchorsOf({ id: 'zephyr', anchors: [anchor] }),
      /^Error: zephyr: the anchor zephyr\/app/,
    );
});
