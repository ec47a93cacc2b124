/** A unit of time, PyArray_DatetimeMetaData of numpy/ndarraytypes.h: which one, and how many of it make a step. */
export interface TimeUnit {
  readonly base: number;
  readonly count: number;
}

/** By NPY_DATETIMEUNIT; 3 is not used. */
const units = ['Y', 'M', 'W', '', 'D', 'h', 'm', 's', 'ms', 'us', 'ns', 'ps', 'fs', 'as'];
const days = 4;
const hours = 5;
const seconds = 7;
const generic = 14;
/** Seconds of a day, hour, minute and second. */
const inSeconds = [86_400n, 3600n, 60n, 1n];

/** What stands for no time at all. */
const notATime = -(2n ** 63n);

export function isTimeUnit({ base, count }: TimeUnit): boolean {
  return count >= 1 && (base === generic || (units[base] ?? '') !== '');
}

/** `ns`, `25s`; empty for a time without a unit. */
export function unitText({ base, count }: TimeUnit): string {
  return base === generic ? '' : `${count === 1 ? '' : count}${units[base]}`;
}

/** As numpy writes the time: `2024-01-02T03:04`, as exact as its unit. */
export function timeText(value: bigint, { base, count }: TimeUnit): string {
  if (value === notATime || base === generic) return 'NaT';
  const steps = value * BigInt(count);
  if (base === 0) return yearText(1970n + steps);
  if (base === 1) return `${yearText(1970n + floorDivide(steps, 12n))}-${two(modulo(steps, 12n) + 1n)}`;
  if (base <= days) return dateText(base === days ? steps : steps * 7n);
  const perSecond = 10n ** BigInt(3 * Math.max(0, base - seconds));
  const inDay = base >= seconds ? perSecond * 86_400n : 86_400n / inSeconds[base - days]!;
  const ofDay = modulo(steps, inDay);
  const second = base >= seconds ? ofDay / perSecond : ofDay * inSeconds[base - days]!;
  const clock = [second / 3600n, (second / 60n) % 60n, second % 60n].slice(0, Math.min(base, seconds) - days);
  const digits = 3 * Math.max(0, base - seconds);
  const fraction = digits > 0 ? `.${(ofDay % perSecond).toString().padStart(digits, '0')}` : '';
  return `${dateText(floorDivide(steps, inDay))}T${clock.map(two).join(':')}${fraction}`;
}

/** `datetime64` as `repr` has it in numpy 2; its unit is added where the text lacks it. */
export function datetimeText(value: bigint, unit: TimeUnit): string {
  const needsUnit = (unit.count === 1 && unit.base !== hours) || unit.base === generic || value === notATime;
  return `np.datetime64('${timeText(value, unit)}'${needsUnit ? '' : `,'${unitText(unit)}'`})`;
}

export function timedeltaText(value: bigint, unit: TimeUnit): string {
  const name = unitText(unit);
  return `np.timedelta64(${stepsText(value)}${name === '' ? '' : `,'${name}'`})`;
}

/** A length of time as it stands in an array: its steps. */
export function stepsText(value: bigint): string {
  return value === notATime ? "'NaT'" : value.toString();
}

/** Days since 1970 in the Gregorian calendar, which numpy extends to all years. */
export function dateText(sinceEpoch: bigint): string {
  // Days since the first of March of the year 0, in eras of 400 years, so that a leap day is the last of its year.
  const shifted = sinceEpoch + 719_468n;
  const era = floorDivide(shifted, 146_097n);
  const day = modulo(shifted, 146_097n);
  const year = (day - day / 1460n + day / 36_524n - day / 146_096n) / 365n;
  const ofYear = day - (365n * year + year / 4n - year / 100n);
  const month = (5n * ofYear + 2n) / 153n;
  const ofMonth = ofYear - (153n * month + 2n) / 5n + 1n;
  const january = month >= 10n;
  const shown = year + era * 400n + (january ? 1n : 0n);
  return `${yearText(shown)}-${two(january ? month - 9n : month + 3n)}-${two(ofMonth)}`;
}

function yearText(year: bigint): string {
  return year < 0n ? `-${(-year).toString().padStart(3, '0')}` : year.toString().padStart(4, '0');
}

function two(number: bigint): string {
  return number.toString().padStart(2, '0');
}

export function floorDivide(value: bigint, by: bigint): bigint {
  return (value - modulo(value, by)) / by;
}

export function modulo(value: bigint, by: bigint): bigint {
  return ((value % by) + by) % by;
}
