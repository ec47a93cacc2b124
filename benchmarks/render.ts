// The tables of docs/performance.md, between its markers, from what was measured last.
import { readFileSync, writeFileSync } from 'node:fs';
import { promises, shown } from './done-when.js';
import type { Figure, PeerRow } from './peer-rounds.js';
import type { Part, Results } from './results.js';

const page = new URL('../../docs/performance.md', import.meta.url).pathname;
const begin = '<!-- measured: begin -->';
const end = '<!-- measured: end -->';

export function renderPage(results: Results): void {
  const text = readFileSync(page, 'utf8');
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`${page} has lost its markers`);
  writeFileSync(page, `${before}${begin}\n\n${tables(results)}\n${end}${after}`);
}

function tables(results: Results): string {
  const marks = new Map([
    [true, 'met'],
    [false, '**short**'],
    [null, '-'],
  ]);
  const promised = promises(results).map(({ promise, measured, met }) => [
    promise,
    measured,
    marks.get(met)!,
  ]);
  const rows = Object.values(results.peers).flatMap(({ value }) => value);
  return [
    ...machineLines(results),
    '',
    '### What is promised',
    '',
    ...table(['Promise', 'Measured', ''], promised),
    '',
    '### Beside other profilers',
    '',
    ...table(
      [
        ...[
          'Scenario',
          'Python',
          'Profiler',
          'Samples/s',
          'Good stacks/s',
          'Good stacks/CPU s',
          'Lost %',
          'Wrong %',
        ],
        ...['CPU %', 'Memory MB', 'Slowdown %', 'Shares off by'],
      ],
      rows.map(peerCells),
    ),
    '',
    ...results.absentPeers.map(({ peer, reason }) => `${peer} is missing: ${reason}.\n`),
    '### Shares',
    '',
    ...table(
      ['Python', 'Program', 'Samples/s', 'Cores', 'Off by', 'Torn %', 'Missed %', 'Impossible', 'Unseen'],
      Object.values(results.accuracy).flatMap(({ value }) =>
        value.map((row) => [
          ...[row.python, row.program, row.rate.toLocaleString('en'), row.sameCore ? 'one' : 'two'],
          `${shown(row.worstPoints)} ± ${shown(row.noisePoints)}`,
          ...[shown(row.tornPercent), shown(row.missedPercent)],
          `${row.impossible} of ${row.samples.toLocaleString('en')}`,
          String(row.unseen),
        ]),
      ),
    ),
    '',
    '### Start',
    '',
    ...table(
      ['Python', 'Target', 'node', '--version', 'dump', 'First sample', 'In starts of Node', 'Attach'],
      Object.values(results.start).flatMap(({ value }) =>
        value.map((row) => [
          ...[
            row.python,
            row.target,
            shown(row.node.median),
            shown(row.version.median),
            shown(row.dump.median),
          ],
          ...[shown(row.firstSample.median), shown(row.nodeStarts), shown(row.attach.median)],
        ]),
      ),
    ),
    '',
  ].join('\n');
}

function peerCells({ scenario, python, peer, peerVersion, error, figures }: PeerRow): string[] {
  const cell = (figure: Figure | null, scale = 1) =>
    figure === null
      ? '-'
      : `${shown(figure.median / scale)} (${shown(figure.spread[0] / scale)} to ${shown(figure.spread[1] / scale)})`;
  return [
    ...[scenario, python, `${peer} ${peerVersion}${error === null ? '' : ' (not in all rounds)'}`],
    ...[cell(figures.achievedRate), cell(figures.goodStacksPerSecond), cell(figures.goodStacksPerCpuSecond)],
    ...[
      cell(figures.lostPercent),
      cell(figures.wrongPercent),
      cell(figures.cpuPercent),
      cell(figures.peakMemoryBytes, 1e6),
    ],
    ...[cell(figures.slowdownPercent), cell(figures.offByPoints)],
  ];
}

function machineLines({ peers, accuracy, impossible, memory, start }: Results): string[] {
  const parts: Part<unknown>[] = [peers, accuracy, impossible, start].flatMap((kind) =>
    Object.values<Part<unknown>>(kind),
  );
  if (memory) parts.push(memory);
  const [first] = parts;
  if (!first) return ['Nothing was measured yet.'];
  const dates = parts.map(({ at }) => at.slice(0, 10)).sort();
  const loads = parts.flatMap(({ machine }) => machine.load);
  const { cpu, processors, kernel, node, pyglass } = first.machine;
  return [
    `pyglass ${pyglass} on Node ${node}, Linux ${kernel}, ${processors} processors (${cpu}), ${[...new Set([dates[0], dates.at(-1)])].join(' to ')}.`,
    `Load average between ${shown(Math.min(...loads))} and ${shown(Math.max(...loads))}.`,
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
