import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PyglassError } from '../model/error.js';
import { type Permissions, permissionError } from '../process/permissions.js';
import { explainError } from './explain-error.js';

/** A process of our own, which nothing keeps us from reading. */
const free: Permissions = {
  ...{ ourUid: 1000, targetUid: 1000, hasOurIds: true, ptraceScope: 0, mayPtrace: false },
  ...{ isDumpable: true, canSeeMaps: true, inContainer: false, inUserNamespace: false },
};

const remedyOf = (facts: Partial<Permissions>, command = 'dump') =>
  explainError(permissionError(7, { ...free, ...facts }), command).remedy.join('\n');

const asRoot = /sudo env "PATH=\$PATH" pyglass dump --pid 7/;

test('what is advised against Yama is what helps with that ptrace_scope', () => {
  const [one, two, three] = [1, 2, 3].map((ptraceScope) => remedyOf({ ptraceScope })) as [
    string,
    string,
    string,
  ];
  for (const text of [one, two]) {
    assert.match(text, asRoot);
    assert.match(text, /sudo sysctl kernel\.yama\.ptrace_scope=0/);
  }
  // A parent may read its child with 1 only.
  assert.match(one, /pyglass record -- python app\.py/);
  assert.doesNotMatch(two, /python app\.py/);
  // Neither root nor sysctl can do anything about 3.
  assert.doesNotMatch(three, /sudo/);
  assert.match(three, /next boot.*\n {2}grep -r ptrace_scope \/etc/s);
});

test('what root may read has the command for root, and what root may not has none', () => {
  for (const facts of [{ targetUid: 5 }, { hasOurIds: false }, { isDumpable: false }, {}])
    assert.match(remedyOf(facts), asRoot);
  assert.doesNotMatch(remedyOf({ ourUid: 0, targetUid: 0 }), /sudo/);
  assert.match(remedyOf({ ourUid: 0, mayPtrace: true }), /pyglass doctor --pid 7/);
});

test('every refusal of a permission exits with its status', () => {
  for (const facts of [
    {},
    { ptraceScope: 3 },
    { ourUid: 0 },
    { isDumpable: false },
    { mayPtrace: true, inUserNamespace: true },
  ])
    assert.equal(explainError(permissionError(7, { ...free, ...facts })).exitCode, 4);
});

test('a profiler of another runtime has the pid of the process in its command', () => {
  const profiler = ['To profile Java:', '  jcmd PID JFR.start'];
  const error = new PyglassError('not-python', 'process 7 is Java', { pid: 7, children: [], profiler });
  assert.match(explainError(error).remedy.join('\n'), /^To profile Java:\n {2}jcmd 7 JFR\.start\n/);
});

test("the first of a container's processes is offered by our id", () => {
  const missing = new PyglassError('no-such-process', 'none', { pid: 7, inContainers: [4711, 4712] });
  assert.deepEqual(explainError(missing, 'top').remedy, [
    'Use its id outside of the container:',
    '  pyglass top --pid 4711',
  ]);
  const other = new PyglassError('not-python', 'no', { pid: 7, children: [], inContainers: [4711] });
  assert.match(
    explainError(other, 'dump').remedy.join('\n'),
    /which is Python:\n {2}pyglass dump --pid 4711$/,
  );
});
