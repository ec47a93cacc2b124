/** PY_VERSION_HEX: major, minor, micro, level (a, b, c, f) and serial. `undefined`: no such version can be. */
export function fromHex(hex: number): { major: number; minor: number; version: string } | undefined {
  const major = hex >>> 24;
  const minor = (hex >>> 16) & 255;
  const micro = (hex >>> 8) & 255;
  const level = (hex >>> 4) & 15;
  if (major !== 3 || minor > highestMinor || micro > highestMicro || level < 10) return undefined;
  const prerelease = { 10: 'a', 11: 'b', 12: 'rc' }[level];
  if (prerelease === undefined && level !== 15) return undefined;
  return {
    major,
    minor,
    version: `${major}.${minor}.${micro}${prerelease ? `${prerelease}${hex & 15}` : ''}`,
  };
}

/** Far above any that is planned: what is higher was read from the wrong address. */
const highestMinor = 40;
const highestMicro = 60;
