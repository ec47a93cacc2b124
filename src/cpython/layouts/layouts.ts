import type { DebugOffsetsTable } from '../debug-offsets.js';
import type { Layout } from '../layout.js';
import { python3_8 } from './python3_8.js';
import { python3_9 } from './python3_9.js';
import { python3_10 } from './python3_10.js';
import { python3_11 } from './python3_11.js';
import { python3_12 } from './python3_12.js';
import { debugOffsets3_13, python3_13 } from './python3_13.js';
import { debugOffsets3_14, python3_14 } from './python3_14.js';
import { debugOffsets3_15, python3_15 } from './python3_15.js';

/** Every Python that pyglass reads. A new one is a generated file and a line here. */
const layouts: readonly { readonly layout: Layout; readonly debugOffsets?: DebugOffsetsTable }[] = [
  { layout: python3_8 },
  { layout: python3_9 },
  { layout: python3_10 },
  { layout: python3_11 },
  { layout: python3_12 },
  { layout: python3_13, debugOffsets: debugOffsets3_13 },
  { layout: python3_14, debugOffsets: debugOffsets3_14 },
  { layout: python3_15, debugOffsets: debugOffsets3_15 },
];

export function knownLayout(major: number, minor: number) {
  return layouts.find(({ layout }) => layout.major === major && layout.minor === minor);
}

/** For messages: `3.8 to 3.14`. */
export function supportedPythons(): string {
  const name = ({ layout }: { layout: Layout }) => `${layout.major}.${layout.minor}`;
  return `${name(layouts[0]!)} to ${name(layouts[layouts.length - 1]!)}`;
}
