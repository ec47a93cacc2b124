import { type MatrixBuild, matrixBuilds } from './builds.js';
import { type MatrixCheck, matrixChecks } from './checks.js';

/** What a run of the matrix found of one build. */
export interface MatrixResult {
  /** As in `MatrixBuild`. */
  readonly name: string;
  /** The version that was tried, such as `3.12.1`. */
  readonly version: string;
  /** By the key of a check: `yes`, or why not. */
  readonly checks: Readonly<Record<string, string>>;
}

export const passed = 'yes';

/** The documents that have a table, and what it is made of. */
export const matrixTables: Readonly<Record<string, (results: readonly MatrixResult[]) => string>> = {
  'README.md': shortTable,
  'docs/pythons.md': longTables,
};

const begin = '<!-- Written by npm run matrix. -->\n\n';
const end = '\n<!-- End. -->';

/** The document with this table between the marks. Throws when it has none. */
export function withTable(document: string, table: string): string {
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error('the document has no marks of the table');
  return document.slice(0, from + begin.length) + table + document.slice(to);
}

/** For users: a column for what they want to do. */
function shortTable(results: readonly MatrixResult[]): string {
  const columns = [...new Set(matrixChecks.map(({ column }) => column))];
  const rows = matrixBuilds.map(({ name }) => {
    const result = results.find((one) => one.name === name);
    return [name, result?.version ?? '', ...columns.map((column) => cell(result, column))];
  });
  return markdownTable([['CPython', 'Tried', ...columns], ...rows]);
}

/** Of all checks of a column the first that did not pass. */
function cell(result: MatrixResult | undefined, column: string): string {
  const texts = matrixChecks
    .filter((check) => check.column === column)
    .map((check) => checkText(result, check));
  return texts.find((text) => text !== passed) ?? passed;
}

function checkText(result: MatrixResult | undefined, { key }: MatrixCheck): string {
  const text = result?.checks[key] ?? 'not tried';
  return text === passed || text === 'not tried' ? text : 'no';
}

function longTables(results: readonly MatrixResult[]): string {
  const tried = matrixBuilds.map((build) => longRow(build, results));
  const keys = matrixChecks.map(({ key }) => key);
  return [
    markdownTable([['CPython', 'What differs from the version before'], ...matrixBuilds.map(differences)]),
    markdownTable([['Column', 'What was compared'], ...matrixChecks.map(({ key, what }) => [key, what])]),
    markdownTable([['CPython', 'Tried', ...keys], ...tried]),
  ].join('\n');
}

function differences({ name, differs }: MatrixBuild): string[] {
  return [name, differs];
}

function longRow({ name }: MatrixBuild, results: readonly MatrixResult[]): string[] {
  const result = results.find((one) => one.name === name);
  return [name, result?.version ?? '', ...matrixChecks.map((check) => checkText(result, check))];
}

/** As the formatter writes them: cells as wide as their column. */
function markdownTable(rows: readonly (readonly string[])[]): string {
  const [heading, ...rest] = rows as [readonly string[], ...(readonly string[])[]];
  const widths = heading.map((_, at) => Math.max(3, ...rows.map((row) => row[at]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((text, at) => text.padEnd(widths[at]!)).join(' | ')} |\n`;
  const rule = widths.map((width) => '-'.repeat(width));
  return [line(heading), line(rule), ...rest.map(line)].join('');
}
