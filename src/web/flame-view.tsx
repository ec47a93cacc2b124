import { useMemo, useRef, useState } from 'preact/hooks';
import { formatCount, formatDuration, formatShare, plural } from '../analysis/human-units.js';
import type { Colors } from './colors.js';
import { barAt, layOutBars } from './flame-bars.js';
import { paintFlames, rowHeight } from './flame-paint.js';
import { type FlameSource, sameNode } from './frame-tree.js';
import { ScrollCanvas } from './scroll-canvas.js';
import { Tip } from './tip.js';

export interface FlameViewProps {
  readonly source: FlameSource;
  /** The node that is as wide as the page; 0: all. */
  readonly root: number;
  readonly onZoom: (node: number) => void;
  /** Shows a function; index into `Profile.functions`. */
  readonly onFunction: (fn: number) => void;
  readonly found: Uint8Array | undefined;
  readonly colors: Colors;
  readonly label: string;
  readonly maxHeight: string;
  /** Of all that is shown: what shares are parts of. */
  readonly whole: number;
}

export function FlameView(props: FlameViewProps) {
  const { source, root } = props;
  const [width, setWidth] = useState(0);
  const [pointer, setPointer] = useState<{ node: number; x: number; y: number }>();
  const [current, setCurrent] = useState(-1);
  const box = useRef<HTMLDivElement>(null);
  const bars = useMemo(() => layOutBars(source, root, Math.max(1, width)), [source, root, width]);
  const at = useRef(source);
  if (at.current !== source) {
    const before = at.current;
    at.current = source;
    if (current >= 0) setCurrent(sameNode(before, current, source));
    const node = pointer ? sameNode(before, pointer.node, source) : -1;
    if (pointer) setPointer(node < 0 ? undefined : { ...pointer, node });
  }
  const nodeAtPoint = (x: number, y: number) => {
    const bar = barAt(bars, x, Math.floor(y / rowHeight));
    return bar < 0 ? -1 : bars.node[bar]!;
  };
  const zoom = (node: number) => props.onZoom(node === root ? source.parentOf(node) : node);
  const open = (node: number) => {
    const fn = source.names[source.nameOf(node)]!.function;
    if (fn >= 0) props.onFunction(fn);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const from = current < 0 ? root : current;
    const to = nextNode(source, from, event.key);
    if (to !== undefined) setCurrent(to);
    else if (event.key === 'Enter') zoom(from);
    else if (event.key === ' ') open(from);
    else if (event.key === 'Escape' && root !== 0) props.onZoom(0);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const hovered = pointer?.node ?? -1;
  return (
    <div
      class="flames"
      ref={box}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows go from frame to frame
      tabIndex={0}
      role="application"
      aria-roledescription="flame graph"
      aria-label={props.label}
      onKeyDown={onKeyDown}
      onBlur={() => setCurrent(-1)}
    >
      <p class="unseen" aria-live="polite">
        {current < 0 ? '' : spoken(source, current, props.whole)}
      </p>
      <ScrollCanvas
        contentHeight={() => bars.rows * rowHeight}
        maxHeight={props.maxHeight}
        onWidth={setWidth}
        reveal={current < 0 ? undefined : source.depthOf(current) * rowHeight}
        paint={(context, sight) =>
          paintFlames(
            context,
            { source, bars, root, colors: props.colors, found: props.found, hovered, current },
            sight,
          )
        }
        onMove={(point, event) => {
          const node = point ? nodeAtPoint(point.x, point.y) : -1;
          setPointer(node < 0 ? undefined : { node, x: event.clientX, y: event.clientY });
          (event.target as HTMLElement).style.cursor = node < 0 ? 'default' : 'pointer';
        }}
        onClick={(point, event) => {
          const node = nodeAtPoint(point.x, point.y);
          if (node < 0) return;
          if (event.altKey || event.ctrlKey || event.metaKey) open(node);
          else zoom(node);
        }}
      />
      {pointer && (
        <Tip x={pointer.x} y={pointer.y}>
          <FrameTip source={source} node={pointer.node} whole={props.whole} />
        </Tip>
      )}
    </div>
  );
}

/** Where an arrow leads; nothing for other keys. */
function nextNode(source: FlameSource, from: number, key: string): number | undefined {
  if (key === 'Home') return 0;
  if (key === 'ArrowUp') return source.parentOf(from);
  if (key === 'ArrowDown') return source.childrenOf(from)[0] ?? from;
  if (key !== 'ArrowLeft' && key !== 'ArrowRight') return undefined;
  if (from === 0) return 0;
  const siblings = source.childrenOf(source.parentOf(from));
  const at = Array.prototype.indexOf.call(siblings, from) + (key === 'ArrowLeft' ? -1 : 1);
  return siblings[at] ?? from;
}

function spoken(source: FlameSource, node: number, whole: number): string {
  const [total, self] = [source.totalOf(node), source.selfOf(node)];
  const waits = source.waitingOf(node);
  return [
    source.names[source.nameOf(node)]!.label,
    `${formatDuration(total)}, ${formatShare(total, whole)}`,
    ...(self > 0 ? [`self ${formatShare(self, whole)}`] : []),
    ...(waits > 0 ? [`${formatShare(waits, total)} waiting`] : []),
    plural(source.samplesOf(node), 'sample'),
    ...changeTexts(source, node),
    `depth ${source.depthOf(node)}`,
  ].join(', ');
}

/** What became of it, in a picture of what changed. */
function changeTexts(source: FlameSource, node: number): string[] {
  const { mark = '', text = '' } = source.changeOf?.(node) ?? {};
  return [mark, text].filter((part) => part !== '');
}

function FrameTip({ source, node, whole }: { source: FlameSource; node: number; whole: number }) {
  const { name, location } = source.names[source.nameOf(node)]!;
  const [total, self, waits] = [source.totalOf(node), source.selfOf(node), source.waitingOf(node)];
  const change = changeTexts(source, node).join(': ');
  const rows: [string, string, string][] = [['Total', formatDuration(total), formatShare(total, whole)]];
  if (self > 0) rows.push(['Self', formatDuration(self), formatShare(self, whole)]);
  if (waits > 0) rows.push(['Waiting', formatDuration(waits), `${formatShare(waits, total)} of its time`]);
  return (
    <>
      <p class="what">{name}</p>
      {location !== '' && <p class="where">{location}</p>}
      <dl>
        {rows.map(([what, time, share]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{time}</dd>
            <dd>{share}</dd>
          </div>
        ))}
        <div>
          <dt>Samples</dt>
          <dd>{formatCount(source.samplesOf(node))}</dd>
          <dd />
        </div>
      </dl>
      {change !== '' && <p class="change">{change}</p>}
    </>
  );
}
