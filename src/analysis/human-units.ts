/** Numbers as people read them. Times come in microseconds. */

export function formatDuration(microseconds: number): string {
  if (microseconds < 999.5) return `${Math.round(microseconds)} µs`;
  if (microseconds < 999_500) return `${threeDigits(microseconds / 1e3)} ms`;
  const seconds = microseconds / 1e6;
  if (seconds < 59.995) return `${threeDigits(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${twoDigits(whole % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
}

/** `95.2%`; a little is `<0.01%` rather than nothing. */
export function formatShare(part: number, whole: number): string {
  if (whole <= 0 || part <= 0) return '0%';
  const percent = (part / whole) * 100;
  if (percent < 0.01) return '<0.01%';
  return `${percent < 1 ? trimZeros(percent.toFixed(2)) : trimZeros(percent.toFixed(1))}%`;
}

/** CPU time as a part of the time in which it was spent. Of few samples it may be more than that, by chance. */
export function formatCpuShare(cpu: number, time: number): string {
  return formatShare(Math.min(cpu, time), time);
}

/** `12,345`. Written out, since what a locale does differs between machines. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** `2026-05-09 07:32:10 UTC` */
export function formatDate(millisecondsSinceEpoch: number): string {
  const date = new Date(millisecondsSinceEpoch);
  if (Number.isNaN(date.getTime())) return 'at an unknown time';
  return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function threeDigits(value: number): string {
  return value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

function trimZeros(text: string): string {
  return text.replace(/\.?0+$/, '');
}
