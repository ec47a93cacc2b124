import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keys, type Pressed, press } from './keys.js';
import { firstState, type TopState } from './top-state.js';

const named = ['up', 'down', 'pageup', 'pagedown', 'home', 'end', 'escape', 'return', 'backspace'];

/** A key as readline gives it. */
function pressed(key: string): Pressed {
  if (key.startsWith('^')) return { text: '', name: key.slice(1), ctrl: true };
  return named.includes(key)
    ? { text: '', name: key, ctrl: false }
    : { text: key, name: key.toLowerCase(), ctrl: false };
}

function after(...typed: string[]): TopState {
  return typed.reduce((state, key) => press(state, pressed(key), 10).state, firstState);
}

const request = (key: string, state = firstState) => press(state, pressed(key), 10).request;

test('no key means two things', () => {
  const all = keys.flatMap((key) => key.keys);
  assert.equal(new Set(all).size, all.length);
});

test('each key changes what its help says', () => {
  assert.deepEqual(
    ['1', '2', '3', '4'].map((key) => after(key).sort),
    ['self', 'total', 'selfTime', 'totalTime'],
  );
  assert.equal(after('s').sort, 'total');
  assert.equal(after('s', 's', 's', 's').sort, 'self');
  assert.equal(after('l').shown, 'lines');
  assert.equal(after('l', 'l').shown, 'functions');
  assert.equal(after('t').shown, 'tree');
  assert.equal(after('T').shown, 'threads');
  assert.equal(after('t', 'T').shown, 'threads');
  assert.equal(after('R').shown, 'routes');
  assert.equal(after('R', 'R').shown, 'functions');
  assert.deepEqual(
    [after('m').mode, after('m', 'm').mode, after('m', 'm', 'm').mode],
    ['cpu', 'gil', 'gil-wait'],
  );
  assert.equal(after('u').applicationOnly, true);
  assert.equal(after('i').idle, true);
  assert.equal(after('f').fullFileNames, true);
  assert.equal(after('p').paused, true);
  assert.equal(after('p', ' ').paused, false);
  assert.equal(after('?').help, true);
  assert.equal(after('h').help, true);
});

test('what the command has to do is asked of it', () => {
  assert.deepEqual(
    ['q', '^c', 'r', 'w', 'o', '^z', '^l', 'x'].map((key) => request(key)),
    ['quit', 'quit', 'reset', 'save', 'flamegraph', 'suspend', 'repaint', undefined],
  );
});

test('scrolling', () => {
  assert.equal(after('j', 'down', 'k').scroll, 1);
  assert.equal(after('k').scroll, 0);
  assert.equal(after('pagedown', 'pagedown', 'pageup').scroll, 10);
  assert.ok(after('end').scroll > 1e6);
  assert.equal(after('end', 'home').scroll, 0);
  assert.equal(after('j', 't').scroll, 0, 'another view begins at its top');
});

test('the filter is typed, kept, changed and dropped', () => {
  const typing = after('/', 'q', 'T', '関', ' ', '1');
  assert.deepEqual([typing.filter, typing.typing, typing.shown], ['qT関 1', true, 'functions']);
  assert.equal(after('/', 'a', '👍', 'backspace').filter, 'a');
  assert.equal(after('/', 'a', '^u').filter, '');
  assert.deepEqual([after('/', 'a', 'return').typing, after('/', 'a', 'return').filter], [false, 'a']);
  assert.deepEqual([after('/', 'a', 'escape').typing, after('/', 'a', 'escape').filter], [false, '']);
  assert.equal(request('^c', after('/')), 'quit');
  assert.equal(request('q', after('/')), undefined);
  assert.ok(after('/', ...'x'.repeat(500)).filter.length <= 100);
});

test('Esc goes back one step at a time', () => {
  const deep = after('t', '/', 'a', 'return');
  const once = press(deep, pressed('escape'), 10).state;
  assert.deepEqual([once.shown, once.filter], ['tree', '']);
  assert.equal(press(once, pressed('escape'), 10).state.shown, 'functions');
});

test('the help scrolls, and is left by any other key without that doing anything else', () => {
  assert.equal(after('?', 'down').help, true);
  assert.equal(after('?', 'down').scroll, 1);
  assert.deepEqual(after('?', 't'), firstState);
  assert.equal(request('q', after('?')), undefined);
  assert.equal(request('^c', after('?')), 'quit');
});
