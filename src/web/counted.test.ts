import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { RequestRecording } from '../../tests/support/request-recording.js';
import { buildCallTree } from '../analysis/call-tree.js';
import { defaultView } from '../analysis/view-options.js';
import { waitForWork } from '../model/leaf-frames.js';
import { Counted, CountedPart } from './counted.js';
import { initialState, type PageState, tabs } from './page-state.js';
import type { TimelineChoice } from './timeline-data.js';

const { profile } = new RequestRecording({
  states: { main: 'RWGRRWRWRR', worker: 'WWRRRRRRWW' },
}).add({ main: '.aaa.AA.b.', worker: '..bbbb....' });
const choice: TimelineChoice = { rows: 'threads', columns: 5, most: 9 };

function countedOf(state: PageState): Counted {
  return new Counted(new CountedPart(profile, state), defaultView, state);
}

const states: readonly Partial<PageState>[] = [
  {},
  { thread: 1 },
  { mode: 'cpu' },
  { route: 'GET /a' },
  { range: { from: 2048, to: 6144 } },
  { applicationOnly: true, search: 'handle' },
  { inverted: true },
];

for (const part of states)
  test(`what is counted in pieces is what is counted at once: ${JSON.stringify(part)}`, () => {
    for (const tab of tabs) {
      const state = { ...initialState(defaultView), ...part, tab };
      const [inPieces, atOnce] = [countedOf(state), countedOf(state)];
      let pieces = 0;
      for (const _ of inPieces.count(state)) pieces++;
      assert.ok(pieces > 0);
      for (const _ of inPieces.countTimeline(choice)) pieces++;
      assert.deepEqual(inPieces.answer, atOnce.answer);
      assert.deepEqual(inPieces.functions, atOnce.functions);
      assert.deepEqual(inPieces.lines, atOnce.lines);
      assert.deepEqual(inPieces.routes, atOnce.routes);
      assert.deepEqual(inPieces.timeline(choice), atOnce.timeline(choice));
      const shape = ({ tree, inverted }: Counted) =>
        [tree, inverted].map((of) => [
          of.totalOf(0),
          Array.from(of.childrenOf(0), (node) => of.totalOf(node)),
        ]);
      assert.deepEqual(shape(inPieces), shape(atOnce));
      const fn = inPieces.functionShown(state.fn);
      assert.equal(fn, atOnce.functionShown(state.fn));
      assert.equal(inPieces.callersOf(fn).totalOf(0), atOnce.callersOf(fn).totalOf(0));
      // It is known now, so nothing is left to be counted.
      assert.deepEqual([...inPieces.countTimeline(choice)], []);
    }
  });

test('rows of tasks are not folded: they are idle by patterns of their own', () => {
  const state = initialState(defaultView);
  const functions = { wait: { kind: 'synthetic', name: waitForWork, file: '' } } as const;
  const withTask = profileFromText(
    { main: 'main', task: 'serve | wait' },
    { functions, states: { task: 'W' } },
  );
  const { process, threadId, name, interpreter } = withTask.threads[1]!;
  withTask.threads[1] = { process, threadId, name, interpreter, isTask: true };
  const counted = new Counted(new CountedPart(withTask, state), defaultView, state);
  for (const _ of counted.count(state)) assert.ok(true);
  assert.equal(counted.tree.totalOf(0), buildCallTree(withTask, defaultView).root.totalTime);
  assert.equal(counted.tree.totalOf(0), 10_000);
});
