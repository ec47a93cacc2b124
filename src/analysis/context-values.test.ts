import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lostContextKind } from '../model/context.js';
import { Profile } from '../model/profile.js';
import { contextValue, contextValues, labelValues } from './context-values.js';

const profile = new Profile();
profile.info = { ...profile.info, labels: { service: 'shop', job: 'all' } };
const add = (values: Record<string, string>, outer = 0, kind = 'labels') =>
  profile.contexts.push({ kind, values, outer }) - 1;
const request = add({ request: '1', job: 'web' }, add({ route: '/item' }, 0, 'route'), 'request');
const someRequest = add({}, 0, 'request');
const task = add({ job: 'fetch' }, request, 'task');
const lost = add({}, 0, lostContextKind);
const withinLost = add({ job: 'sure' }, lost);

test('a value is that of the innermost context that has it, else of the recording', () => {
  assert.equal(contextValue(profile, task, 'job'), 'fetch');
  assert.equal(contextValue(profile, task, 'route'), '/item');
  assert.equal(contextValue(profile, task, 'service'), 'shop');
  assert.equal(contextValue(profile, 0, 'job'), 'all');
  assert.equal(contextValue(profile, task, 'constructor'), undefined);
  assert.deepEqual(contextValues(profile, task), { route: '/item', job: 'fetch', request: '1' });
  assert.deepEqual(contextValues(profile, 0), {});
  assert.equal(contextValue(profile, someRequest, 'route'), '<unknown request>');
});

test('where a definition is lost, its values are not known', () => {
  assert.equal(contextValue(profile, lost, 'job'), '<lost>');
  assert.equal(contextValue(profile, withinLost, 'job'), 'sure');
  assert.equal(contextValue(profile, withinLost, 'route'), '<lost>');
});

test('equal values have one number, and none has one too', () => {
  const { values, numberOf } = labelValues(profile, 'route');
  assert.deepEqual([0, request, task, 0, lost].map(numberOf), [0, 1, 1, 0, 2]);
  assert.deepEqual(values, [undefined, '/item', '<lost>']);
});
