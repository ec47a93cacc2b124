// Runs every *.test.js below dist/ (or those whose path holds an argument) and ends with `N passed, N failed`.
import { readdirSync } from 'node:fs';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const wanted = process.argv.slice(2);
const files = readdirSync(`${root}dist`, { recursive: true })
  .filter(
    (file) =>
      file.endsWith('.test.js') && (wanted.length === 0 || wanted.some((part) => file.includes(part))),
  )
  .map((file) => `${root}dist/${file}`)
  .sort();
const counts = { passed: 0, failed: 0, skipped: 0 };
const reasons = [];
const failures = [];
const stream = run({ files, concurrency: 1, timeout: 600_000 });
const isTest = (data) => data.details?.type !== 'suite' && !files.includes(data.name);
stream.on('test:pass', (data) => {
  if (!isTest(data)) return;
  if (data.skip === undefined) counts.passed++;
  else {
    counts.skipped++;
    reasons.push(`skipped: ${data.name}: ${data.skip}`);
  }
});
stream.on('test:fail', (data) => {
  if (data.details?.type === 'suite') return;
  counts.failed++;
  const { error } = data.details;
  failures.push(`failed: ${data.name}: ${String(error?.cause?.message ?? error?.message).slice(0, 1000)}`);
});
const report = stream.compose(spec);
report.pipe(process.stdout, { end: false });
report.on('end', () => {
  // Last, where they are seen however long the output is.
  for (const line of [...reasons, ...failures]) console.log(line);
  console.log(
    `${counts.passed} passed, ${counts.failed} failed${counts.skipped ? `, ${counts.skipped} skipped` : ''}`,
  );
  process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
});
