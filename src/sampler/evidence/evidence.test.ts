import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EvidenceRow, evidenceFor, evidenceTable, type Facts } from './evidence.js';

/** Every combination of what a reading can show. */
const all: readonly Facts[] = [true, false].flatMap((isStable) =>
  (['callee', 'another', 'none'] as const).flatMap((pending) =>
    [true, false].flatMap((hasName) =>
      (['directly', 'resumed', 'through C', 'impossible', 'unknown'] as const).flatMap((entry) =>
        [true, false].map((othersProven) => ({ isStable, pending, hasName, entry, othersProven })),
      ),
    ),
  ),
);

test('each row of the table decides something, and each reading has a row', () => {
  const used = new Set(all.map(evidenceFor));
  assert.deepEqual(
    evidenceTable.filter((row) => !used.has(row)),
    [],
  );
  assert.ok(!used.has(undefined as unknown as EvidenceRow));
});

test('a pointer that moved proves nothing but a pending callee by its name', () => {
  for (const facts of all.filter(({ isStable }) => !isStable)) {
    const { readings } = evidenceFor(facts);
    assert.equal(readings, facts.pending === 'callee' && facts.hasName ? 2 : 0);
  }
});

test('one reading proves a call only where nothing speaks against it', () => {
  for (const facts of all) {
    if (evidenceFor(facts).readings !== 1) continue;
    assert.ok(facts.isStable);
    const isNamed = facts.pending === 'callee' && facts.hasName;
    assert.ok(isNamed || !facts.othersProven);
    assert.ok(isNamed || !['impossible', 'unknown'].includes(facts.entry));
    if (facts.entry === 'directly') assert.ok(facts.hasName && facts.pending !== 'another');
  }
});

test('only a pending callee by its name is certain', () => {
  for (const facts of all)
    assert.equal(
      evidenceFor(facts).certainty === 'certain',
      facts.pending === 'callee' && facts.hasName,
      JSON.stringify(facts),
    );
});

test('what the bytecode contradicts must be seen four times of six', () => {
  const against = all.filter(
    ({ isStable, pending, entry, hasName }) =>
      isStable &&
      pending !== 'callee' &&
      (entry === 'impossible' || (entry === 'directly' && (pending === 'another' || !hasName))),
  );
  assert.ok(against.length > 0);
  for (const facts of against) {
    const { readings, of, certainty } = evidenceFor(facts);
    assert.deepEqual([readings, of, certainty], [4, 6, 'against']);
  }
});
