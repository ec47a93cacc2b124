import { useMemo } from 'preact/hooks';
import type { FunctionTime } from '../analysis/function-table.js';
import { excerptOf, type SeenFunction } from '../analysis/source-lines.js';
import { visibleText } from '../analysis/visible-text.js';
import { Amount } from './function-list.js';
import { highlighted, type Piece } from './highlight.js';
import type { Store } from './store.js';

/** Lines in the table of a function. */
const mostLines = 400;

interface Line {
  readonly line: number;
  readonly time: FunctionTime | undefined;
  /** Empty where no source is there. */
  readonly pieces: readonly Piece[];
  /** Lines are left out above it. */
  readonly isApart: boolean;
}

/** The lines of a function with their time, beside their source where the page has it. */
export function LineTable({ store, fn, whole }: { store: Store; fn: number; whole: number }) {
  const { counted } = store;
  const { file } = counted.profile.functions[fn]!;
  const source = useMemo(
    () => counted.profile.sources.find((candidate) => candidate.file === file),
    [store.profile, file],
  );
  const lines = useMemo(() => linesOf(store, fn), [counted, fn]);
  if (lines.length === 0) return null;
  const hottest = lines.reduce((most, { time }) => Math.max(most, time?.totalTime ?? 0), 0);
  const hasSource = lines.some(({ pieces }) => pieces.length > 0);
  return (
    <>
      {source?.isNewer && hasSource && (
        <p class="soft" role="note">
          The file was changed after the program began: its lines may differ from those that ran.
        </p>
      )}
      <section
        class={hasSource ? 'table lines with-source' : 'table lines'}
        aria-label="Lines"
        // What scrolls sideways must be reached by the keyboard.
        tabIndex={hasSource ? 0 : undefined}
      >
        <table>
          <caption>
            Lines
            {source?.isNewer && hasSource && (
              <span class="soft newer">
                {' '}
                This file was changed since: lines may differ from those that ran.
              </span>
            )}
          </caption>
          <thead>
            <tr>
              <th scope="col" class="name">
                Line
              </th>
              <th scope="col" class="number">
                Self
              </th>
              <th scope="col" class="number">
                Total
              </th>
              {hasSource && (
                <th scope="col" class="source">
                  Source
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {lines.slice(0, mostLines).map(({ line, time, pieces, isApart }) => (
              <tr
                key={line}
                class={[
                  ...(time?.totalTime === hottest && hottest > 0 ? ['hottest'] : []),
                  ...(isApart ? ['apart'] : []),
                ].join(' ')}
              >
                <th scope="row">
                  <span class="code">{line}</span>
                </th>
                {time && time.selfTime > 0 ? <Amount time={time.selfTime} whole={whole} /> : <td />}
                {time ? <Amount time={time.totalTime} whole={whole} /> : <td />}
                {hasSource && (
                  <td class="source">
                    <code>
                      {pieces.map(({ text, kind }, at) => (
                        <span key={at} class={kind && `of-${kind}`}>
                          {text}
                        </span>
                      ))}
                    </code>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}

function linesOf({ counted, profile }: Store, fn: number): Line[] {
  const times = new Map(
    counted.lines.rows
      .filter((row) => row.line > 0 && counted.same[row.function] === fn)
      .map((row) => [row.line, row]),
  );
  const { name, firstLine, file } = profile.functions[fn]!;
  const source = profile.sources.find((candidate) => candidate.file === file);
  const seen = seenLines({ counted, profile }, fn);
  const excerpt = source && seen.length > 0 ? excerptOf(source, { name, firstLine, lines: seen }) : [];
  const texts = highlighted(excerpt.map(({ text }) => visibleText(text.replaceAll('\t', '    '), 500)));
  const pieces = new Map(excerpt.map(({ line }, at) => [line, texts[at] ?? []]));
  const numbers = [...new Set([...times.keys(), ...pieces.keys()])].sort((a, b) => a - b);
  return numbers.map((line, at) => ({
    line,
    time: times.get(line),
    pieces: pieces.get(line) ?? [],
    isApart: pieces.size > 0 && at > 0 && numbers[at - 1] !== line - 1,
  }));
}

/** Of the whole recording, so that a filter leaves the source as it is. */
function seenLines(
  { counted, profile }: Pick<Store, 'counted' | 'profile'>,
  fn: number,
): SeenFunction['lines'] {
  const { frames } = profile;
  const seen = new Set<number>();
  for (let frame = 0; frame < frames.line.length; frame++)
    if (counted.same[frames.function.at(frame)] === fn && frames.line.at(frame) > 0)
      seen.add(frames.line.at(frame));
  return [...seen].sort((a, b) => a - b);
}
