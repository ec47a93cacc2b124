import { useMemo, useState } from 'preact/hooks';
import { formatDuration, formatShare } from '../analysis/human-units.js';
import { frameLocation, functionName } from '../analysis/labels.js';
import { visiblePath, visibleText } from '../analysis/visible-text.js';
import type { Colors } from './colors.js';
import { FlameView } from './flame-view.js';
import { nodeAt, pathOf } from './frame-tree.js';
import { LineTable } from './line-table.js';
import type { MergedTree } from './merged-tree.js';
import type { Store } from './store.js';

interface FunctionDetailProps {
  readonly store: Store;
  readonly colors: Colors;
  readonly found: Uint8Array | undefined;
  readonly onFunction: (fn: number) => void;
}

/** One function: which of its lines, who called it, and what it called. */
export function FunctionDetail(props: FunctionDetailProps) {
  const { counted, state } = props.store;
  const fn = counted.functionShown(state.fn);
  const info = counted.profile.functions[fn];
  if (!info) return <p class="nothing">Choose a function in the flame graph or in the table.</p>;
  const same = counted.same[fn] ?? fn;
  const row = counted.functions.rows.find((entry) => counted.same[entry.function] === same);
  const whole = counted.functions.totalTime;
  const location = visiblePath(frameLocation(info, 0, { ...counted.view, lines: 'function' }));
  return (
    <article class="function">
      <h2>
        <span class="code">{visibleText(functionName(info))}</span> <span class="where">{location}</span>
      </h2>
      {row === undefined ? (
        <p class="nothing">Nothing of what is shown is in this function.</p>
      ) : (
        <>
          <dl class="figures">
            <Figure title="Total" time={row.totalTime} of={whole} />
            <Figure title="Self" time={row.selfTime} of={whole} />
            {row.waitingTime > 0 && (
              <Figure title="Self, waiting" time={row.waitingTime} of={row.selfTime} what=" of self" />
            )}
          </dl>
          <LineTable store={props.store} fn={same} whole={whole} />
          <h3>Callers</h3>
          <Half key={`callers ${fn}`} {...props} tree={counted.callersOf(fn)} whole={whole} what="callers" />
          <h3>Callees</h3>
          <Half key={`callees ${fn}`} {...props} tree={counted.calleesOf(fn)} whole={whole} what="callees" />
        </>
      )}
    </article>
  );
}

function Figure({ title, time, of, what }: { title: string; time: number; of: number; what?: string }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        <b>{formatDuration(time)}</b> {formatShare(time, of)}
        {what}
      </dd>
    </div>
  );
}

function Half({
  tree,
  what,
  ...props
}: FunctionDetailProps & { tree: MergedTree; what: string; whole: number }) {
  const [zoom, setZoom] = useState<readonly string[]>([]);
  const root = useMemo(() => nodeAt(tree, zoom), [tree, zoom]);
  if (tree.childrenOf(0).length === 0)
    return (
      <p class="soft">
        {what === 'callers' ? 'Nothing of Python called it.' : 'It called nothing that was seen.'}
      </p>
    );
  return (
    <FlameView
      {...{ colors: props.colors, found: props.found, onFunction: props.onFunction, whole: props.whole }}
      source={tree}
      root={root}
      onZoom={(node) => setZoom(pathOf(tree, node))}
      label={`Flame graph of ${what}. Arrow keys go from frame to frame, Enter zooms, Space shows that function.`}
      maxHeight="420px"
    />
  );
}
