import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { defaultView } from '../analysis/view-options.js';
import {
  hashOf,
  initialState,
  isFiltered,
  type PageState,
  stateOf,
  stateWithin,
  unfiltered,
} from './page-state.js';

const initial = initialState(defaultView);

test('a page at its beginning has no address', () => {
  assert.equal(hashOf(initial, initial), '');
  assert.deepEqual(stateOf('', initial), initial);
});

test('every choice is in the address, and comes back', () => {
  const state: PageState = {
    ...{ tab: 'time', inverted: true, search: 'a&b=#%', fn: 12, zoom: ['main (app.py:1)', '</script>'] },
    ...{ mode: 'cpu', idle: true, lines: 'none', applicationOnly: true, process: 1, thread: 2 },
    ...{ route: 'GET /ä?x', range: { from: 1, to: 2.5 }, rows: 'routes', theme: 'dark' },
  };
  assert.deepEqual(stateOf(`#${hashOf(state, initial)}`, initial), state);
  assert.ok(isFiltered(state, initial));
  assert.ok(!isFiltered(unfiltered(state, initial), initial));
});

test('what is no value counts as not there', () => {
  const nonsense =
    '#tab=x&fn=-3&thread=1.5&process=NaN&mode=all&lines=2&zoom=[1]&from=5&to=1&rows=x&theme=pink&other=1';
  assert.deepEqual(stateOf(nonsense, initial), initial);
  assert.deepEqual(stateOf('#zoom=}&from=1&to=Infinity', initial), initial);
});

test('what an address names of another recording is not chosen, and a task by its row', () => {
  const profile = profileFromText({ main: 'a', task: 'b', also: 'c' });
  for (const at of [1, 2]) profile.threads[at] = { ...profile.threads[at]!, isTask: true, name: 'handler' };
  const threadOf = (thread: number) => stateWithin(profile, { ...initial, thread }).thread;
  assert.deepEqual([-1, 0, 1, 2, 3].map(threadOf), [-1, 0, 1, 1, -1]);
  const { process, fn } = stateWithin(profile, { ...initial, process: 1, fn: 99 });
  assert.deepEqual([process, fn], [-1, -1]);
});
