// `npm run matrix [-- 3.12 3.14t]`: tries each build of Python that is there, keeps what was found in results.json and
// writes the tables of README.md and docs/pythons.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freeThreadedVersion } from '../../src/model/python-version.js';
import type { TestPython } from '../support/pythons.js';
import { repository, textOf } from '../support/repository.js';
import { matrixBuilds } from './builds.js';
import { matrixChecks } from './checks.js';
import { type MatrixResult, matrixTables, passed, withTable } from './tables.js';

const file = join(repository, 'tests/matrix/results.json');
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !matrixBuilds.some((build) => build.name === name));
if (unknown.length > 0) throw new Error(`the matrix has no ${unknown.join(', ')}`);

const found = new Map<string, MatrixResult>();
for (const result of JSON.parse(readFileSync(file, 'utf8')) as MatrixResult[]) found.set(result.name, result);
for (const { name, find } of matrixBuilds) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const python = find();
  if (typeof python === 'string') console.log(`${name}: ${python}; what was found before is kept`);
  else found.set(name, await tried(name, python));
}
const results = matrixBuilds.flatMap(({ name }) => found.get(name) ?? []);
writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
for (const [document, table] of Object.entries(matrixTables))
  writeFileSync(join(repository, document), withTable(textOf(document), table(results)));
const failed = results.flatMap(({ checks }) => Object.values(checks)).filter((text) => text !== passed);
process.exitCode = failed.length > 0 ? 1 : 0;

async function tried(name: string, python: TestPython): Promise<MatrixResult> {
  const checks: Record<string, string> = {};
  for (const { key, run } of matrixChecks) {
    try {
      await run(python);
      checks[key] = passed;
    } catch (error) {
      checks[key] = String((error as Error).message).split('\n')[0]!;
      console.error(error);
    }
    console.log(`${name} (${python.version}), ${key}: ${checks[key]}`);
  }
  const version = python.isFreeThreaded ? freeThreadedVersion(python.version) : python.version;
  return { name, version, checks };
}
