import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textOf } from '../support/repository.js';

test('what each mutant breaks stands once in its file', () => {
  const wrong: string[] = [];
  let file = '';
  let count = 0;
  for (const line of textOf('tools/mutants.txt').split('\n')) {
    if (line.startsWith('# ')) file = line.slice(2);
    else if (file !== '' && line.includes(':::')) {
      const [name, text] = line.split(':::').map((part) => part.trim().replaceAll('\\n', '\n'));
      count++;
      if (textOf(file).split(text!).length !== 2) wrong.push(`${file}: ${name}`);
    }
  }
  assert.ok(count > 100);
  assert.deepEqual(wrong, []);
});
