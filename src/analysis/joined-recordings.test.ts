import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { RequestRecording } from '../../tests/support/request-recording.js';
import { buildCallTree, type CallTreeNode } from './call-tree.js';
import { JoinedRecordings, recordingsOf } from './joined-recordings.js';
import { seenRequests } from './requests.js';
import { defaultView } from './view-options.js';

const linesOf = (node: CallTreeNode, depth = 0): string[] => [
  ...(depth > 0 ? [`${' '.repeat(depth - 1)}${node.label} ${node.totalTime / 10_000}`] : []),
  ...node.children.flatMap((child) => linesOf(child, depth + 1)),
];

test('recordings are one after the other, each with its functions and stacks', () => {
  const first = profileFromText('main main | f g');
  const second = profileFromText('main main main | g g h');
  const both = new JoinedRecordings([first, second]);
  assert.equal(both.duration, first.duration + second.duration);
  assert.deepEqual([both.processes.length, both.threads.map(({ process }) => process)], [2, [0, 1]]);
  const { start, thread } = both.runs;
  assert.deepEqual([start.at(2), thread.at(2)], [first.duration, 1]);
  const { root } = buildCallTree(both, { ...defaultView, threads: false, processes: false });
  assert.deepEqual(
    linesOf(root)
      .map((line) => line.replace(/ \(.*\)/, ''))
      .sort(),
    [' f 1', ' g 3', ' h 1', 'main 5'],
  );
  const parts = recordingsOf(both);
  assert.deepEqual(
    parts.map((part) => linesOf(buildCallTree(part, defaultView).root).length > 2),
    [true, true],
  );
  for (const [at, recording] of [first, second].entries()) {
    const [joined, alone] = [parts[at]!, recording].map((part) =>
      linesOf(buildCallTree(part, defaultView).root),
    );
    assert.deepEqual(joined, alone);
    assert.equal(parts[at]!.runs.start.at(0), 0);
  }
  assert.deepEqual(recordingsOf(first), [first]);
});

test('requests of one number are different ones in two recordings', () => {
  const record = () => new RequestRecording({ routeOf: () => 'GET /a' }).add({ main: '.aa.bb.' }).profile;
  const both = new JoinedRecordings([record(), record()]);
  const requests = seenRequests(both);
  assert.equal(requests.length, 4);
  assert.deepEqual(
    requests.map(({ route }) => route),
    new Array(4).fill('GET /a'),
  );
});
