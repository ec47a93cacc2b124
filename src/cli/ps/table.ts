import stringWidth from 'string-width';
import { cutToWidth, plainText } from '../terminal.js';
import type { ListedProcess } from './listed-process.js';
import { treeOf } from './tree.js';

const headings = ['PID', 'USER', 'PYTHON', 'CPU%', 'MEMORY', 'THREADS', 'UPTIME', 'WHAT'] as const;
/** PID, CPU%, MEMORY, THREADS and UPTIME are numbers. */
const alignedRight: readonly boolean[] = [true, false, false, true, true, true, true, false];
const widestUser = 12;

/** Heading and a line each, children indented below their parents. Text of the processes is made harmless. */
export function tableLines(
  processes: readonly ListedProcess[],
  columns = Number.POSITIVE_INFINITY,
): string[] {
  const cells = treeOf(processes).map(({ node, lead }) => [
    String(node.pid),
    cutToWidth(plainText(node.user), widestUser),
    node.version ?? '?',
    node.cpuPercent === undefined ? '?' : node.cpuPercent.toFixed(node.cpuPercent < 9.95 ? 1 : 0),
    memoryText(node.residentBytes),
    String(node.threads),
    ageText(node.uptimeSeconds),
    lead + whatText(node),
  ]);
  const rows = [headings, ...cells];
  const widths = headings.map((_, column) => Math.max(...rows.map((row) => stringWidth(row[column]!))));
  return rows.map((row) => {
    const padded = row.map((cell, column) => {
      if (column === row.length - 1) return cell;
      const space = ' '.repeat(widths[column]! - stringWidth(cell));
      return alignedRight[column] ? space + cell : cell + space;
    });
    const line = padded.join('  ');
    return columns === Number.POSITIVE_INFINITY ? line : cutToWidth(line, columns);
  });
}

/** What it is, and in brackets why it cannot be read. */
export function whatText({ program, trouble }: ListedProcess): string {
  const reason = trouble && (reasons[trouble.code] ?? 'cannot be read');
  return reason === undefined ? plainText(program.words) : `${plainText(program.words)} [${reason}]`;
}

const reasons: Readonly<Record<string, string>> = {
  'permission-capability': 'no permission',
  'permission-other-user': "another user's",
  'permission-yama': 'no permission',
  'permission-denied': 'no permission',
  'python-unsupported': 'version not supported',
  'free-threaded-unsupported': 'free-threaded',
  'python-not-started': 'not started yet',
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
