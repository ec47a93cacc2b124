import { frameLabel } from '../../analysis/labels.js';
import { valueText } from '../../analysis/value-text.js';
import type { FrameSnapshot, Variable } from '../../model/snapshot.js';
import { visibleText } from '../flamegraph/safe-text.js';

export interface FrameTextOptions {
  readonly fullFileNames: boolean;
  /** Characters of a variable's value. */
  readonly valueLength: number;
}

const longestName = 300;

/** The line of a frame, and those of its variables below it. */
export function* frameLines(
  frame: FrameSnapshot,
  options: FrameTextOptions,
  indent: string,
): Generator<string> {
  const label = frameLabel(frame, frame.line, { lines: 'current', ...options });
  yield `${indent}${visibleText(label, longestName)}\n`;
  const groups: readonly [string, readonly Variable[]][] = [
    ['Arguments', frame.variables?.filter(({ isArgument }) => isArgument) ?? []],
    ['Locals', frame.variables?.filter(({ isArgument }) => !isArgument) ?? []],
  ];
  for (const [title, group] of groups) {
    if (group.length > 0) yield `${indent}    ${title}:\n`;
    for (const { name, value } of group)
      yield `${indent}        ${visibleText(name)}: ${valueText(value, options.valueLength)}\n`;
  }
}
