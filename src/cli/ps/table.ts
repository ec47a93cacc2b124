import stringWidth from 'string-width';
import type { ListedProcess } from '../../discovery/listed-process.js';
import { treeOf } from '../../discovery/process-tree.js';
import { plainText } from '../../tui/plain-text.js';
import { cutToWidth } from '../../tui/text-width.js';

interface Column {
  readonly heading: string;
  readonly text: (one: ListedProcess) => string;
  readonly isNumber?: boolean;
  /** Left out on a narrow terminal, the highest first. */
  readonly spare?: number;
}

const widestUser = 12;

const columnsBefore: readonly Column[] = [
  { heading: 'PID', text: ({ pid }) => String(pid), isNumber: true },
  { heading: 'USER', text: ({ user }) => cutToWidth(plainText(user), widestUser), spare: 2 },
  { heading: 'PYTHON', text: ({ version }) => version ?? '?' },
  { heading: 'CPU%', text: ({ cpuPercent }) => shareText(cpuPercent), isNumber: true },
  { heading: 'MEMORY', text: ({ residentBytes }) => memoryText(residentBytes), isNumber: true, spare: 3 },
  { heading: 'THREADS', text: ({ threads }) => String(threads), isNumber: true, spare: 4 },
  { heading: 'UPTIME', text: ({ uptimeSeconds }) => ageText(uptimeSeconds), isNumber: true, spare: 1 },
];
/** With less than this the last column, what it is, would not distinguish processes. */
const leastForWhat = 24;
const gap = '  ';

/** Heading and a line each, children indented below their parents. Text of the processes is made harmless. */
export function tableLines(processes: readonly ListedProcess[], room = Number.POSITIVE_INFINITY): string[] {
  let columns = columnsBefore.map((column) => filled(column, processes));
  const widthBefore = () => columns.reduce((sum, { width }) => sum + width + gap.length, 0);
  while (room - widthBefore() < leastForWhat) {
    const spare = Math.max(...columns.map((column) => column.spare));
    if (spare === 0) break;
    columns = columns.filter((column) => column.spare !== spare);
  }
  const what = ['WHAT', ...treeOf(processes).map(({ node, lead }) => lead + whatText(node))];
  return what.map((text, row) => {
    const line = [...columns.map(({ cells }) => cells[row]!), text].join(gap);
    return room === Number.POSITIVE_INFINITY ? line : cutToWidth(line, room);
  });
}

/** The cells of a column, heading first, all of one width. */
function filled({ heading, text, isNumber, spare = 0 }: Column, processes: readonly ListedProcess[]) {
  const texts = [heading, ...treeOf(processes).map(({ node }) => text(node))];
  const width = texts.reduce((widest, one) => Math.max(widest, stringWidth(one)), 0);
  const cells = texts.map((one) => {
    const space = ' '.repeat(width - stringWidth(one));
    return isNumber ? space + one : one + space;
  });
  return { cells, width, spare };
}

function shareText(percent: number | undefined): string {
  return percent === undefined ? '?' : percent.toFixed(percent < 9.95 ? 1 : 0);
}

/** What it is, and in brackets why it cannot be read. */
export function whatText({ program, error }: ListedProcess): string {
  const reason = error && (reasons[error.code] ?? 'cannot be read');
  return reason === undefined ? plainText(program.words) : `${plainText(program.words)} [${reason}]`;
}

const reasons: Readonly<Record<string, string>> = {
  'permission-capability': 'no permission',
  'permission-other-user': "another user's",
  'permission-yama': 'no permission',
  'permission-denied': 'no permission',
  'permission-namespace': 'no permission',
  'permission-security-module': 'no permission',
  'permission-not-dumpable': 'protected',
  'python-unsupported': 'version not supported',
  'machine-unsupported': 'for another machine',
  'python-not-started': 'no interpreter runs',
  'python-finalized': 'its Python was finalized',
};

/** `31 MB`, as ps and top count: 1024 at a time. */
export function memoryText(bytes: number): string {
  const mega = bytes / 1024 ** 2;
  if (mega < 1000) return `${mega.toFixed(0)} MB`;
  return `${(mega / 1024).toFixed(mega < 10_240 ? 1 : 0)} GB`;
}

/** Two units at most: `12 s`, `5 min`, `3 h 07 min`, `12 d 4 h`. */
export function ageText(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `${Math.floor(seconds)} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
