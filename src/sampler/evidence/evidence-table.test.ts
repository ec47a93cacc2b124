import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type EvidenceRow, evidenceTable } from './evidence.js';

test('the document has the table as it is', () => {
  const cells = (line: string) => line.split('|').slice(1, -1);
  const document = readFileSync(new URL('../../../../ARCHITECTURE.md', import.meta.url), 'utf8');
  const lines = document.split('\n');
  const first = lines.findIndex((line) => line.startsWith('| read ')) + 2;
  const rows = lines
    .slice(first, first + evidenceTable.length + 1)
    .map((line) => cells(line).map((cell) => cell.trim()));
  assert.deepEqual(rows, [...evidenceTable.map(shown), []]);
});

function shown(row: EvidenceRow): string[] {
  const { read, pending, hasName, entry, othersProven, readings, of, certainty } = row;
  return [
    read,
    pending ?? '',
    hasName === undefined ? '' : hasName ? 'fits' : 'differs',
    entry ?? '',
    othersProven === undefined ? '' : othersProven ? 'yes' : 'no',
    readings === 0 ? 'never' : `${readings} of ${of}, ${certainty}`,
  ];
}
