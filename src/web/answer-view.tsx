import { useLayoutEffect, useRef } from 'preact/hooks';
import { formatDuration, formatShare } from '../analysis/human-units.js';
import type { Times } from '../analysis/summary.js';
import { hasTasks } from '../analysis/task-rows.js';
import { viewNotes } from '../formats/flamegraph/headline.js';
import type { Evidence, Sentence } from '../formats/html/answer.js';
import type { Counted } from './counted.js';
import { isFiltered } from './page-state.js';
import type { Store } from './store.js';

/** What the recording says, in sentences. Each leads to what it is known by. */
export function AnswerView({ store, onFunction }: { store: Store; onFunction: (fn: number) => void }) {
  const { counted, state, initial } = store;
  const { sentences, notes, nothing, statesKnown, time } = counted.answer;
  const box = useRef<HTMLElement>(null);
  useLayoutEffect(() => keepHeight(box.current), [counted]);
  if (nothing) return null;
  const show = (evidence: Evidence) => {
    if (evidence.kind === 'function') onFunction(evidence.function);
    else store.set({ tab: 'routes' }, true);
  };
  // What the bar beside says needs no sentence.
  const [lead, ...rest] = sentences.filter(({ evidence }) => evidence || !statesKnown);
  // All of its time, whichever mode the views below are in.
  return (
    <section class="answer" aria-label="Summary" ref={box}>
      <div class="says">
        {lead && <SentenceLine sentence={lead} detail={lead.detail} onShow={show} className="lead" />}
        <ul>
          {rest.map((sentence) => (
            <li key={sentence.text}>
              <SentenceLine sentence={sentence} onShow={show} className="more" />
            </li>
          ))}
        </ul>
        {[...filterNotes(counted), ...notes].map((note) => (
          <p class="note" key={note}>
            {note}
          </p>
        ))}
      </div>
      {statesKnown && (
        <StateBar
          time={time}
          whose={hasTasks(store.profile) ? 'busy threads and tasks' : 'busy threads'}
          isFiltered={isFiltered({ ...state, mode: initial.mode }, initial)}
        />
      )}
    </section>
  );
}

/** What was left out when the page was made. Idle threads, which come first, have a button. */
function filterNotes({ profile, view }: Counted): string[] {
  return viewNotes(profile, { ...view, mode: 'wall' }).slice(1);
}

/** What lies below stays in its place while somebody chooses a part of the time there. */
function keepHeight(element: HTMLElement | null): void {
  if (!element) return;
  const kept = element.dataset['width'] === String(element.clientWidth);
  element.style.minHeight = kept ? `${element.offsetHeight}px` : '';
  element.dataset['width'] = String(element.clientWidth);
  element.style.minHeight = `${element.offsetHeight}px`;
}

function SentenceLine({
  sentence: { text, evidence },
  detail,
  onShow,
  className,
}: {
  sentence: Sentence;
  detail?: string | undefined;
  onShow: (evidence: Evidence) => void;
  className: string;
}) {
  // What it is about stands before the first colon.
  const colon = text.indexOf(': ');
  const [subject, says] = colon > 0 ? [text.slice(0, colon), text.slice(colon + 2)] : ['', text];
  const content = (
    <>
      {subject !== '' && <strong>{subject}</strong>}
      {subject === '' ? says : `: ${says}`}
    </>
  );
  return (
    <div class={className}>
      {evidence ? (
        <button type="button" class="sentence" onClick={() => onShow(evidence)}>
          {content}
          <span class="go" aria-hidden="true">
            →
          </span>
        </button>
      ) : (
        <p class="sentence">{content}</p>
      )}
      {detail !== undefined && <p class="detail">{detail}</p>}
    </div>
  );
}

/** What is neither on a CPU nor seen to wait. */
const readyHint =
  'On no CPU, and not seen waiting: others had the CPUs, or a wait ended before the next sample';

/** Where the time went as one bar, and what its colours mean. */
function StateBar({ time, whose, isFiltered }: { time: Times; whose: string; isFiltered: boolean }) {
  const waiting = Math.max(0, time.waiting - time.gilWaiting);
  const known = time.cpu + time.waiting + time.unknown;
  const rest = Math.max(0, time.shown - known);
  const parts = [
    { id: 'running', title: 'On a CPU', time: time.cpu },
    { id: 'gil-wait', title: 'Waiting for the GIL', time: time.gilWaiting },
    { id: 'waiting', title: 'Waiting', time: waiting },
    { id: 'unknown', title: 'Not known', time: time.unknown },
    { id: 'ready', title: 'Ready, or waiting briefly', time: rest },
  ].filter((part) => part.time > time.shown * 1e-4);
  return (
    <div class="states">
      <p class="amount">
        <b>{formatDuration(time.shown)}</b> in {isFiltered ? 'what the filters leave' : whose}
      </p>
      <div class="bar" aria-hidden="true">
        {parts.map((part) => (
          <i key={part.id} class={`state-${part.id}`} style={{ flexGrow: part.time }} />
        ))}
      </div>
      <dl>
        {parts.map((part) => (
          <div key={part.id}>
            <dt title={part.id === 'ready' ? readyHint : undefined}>
              <i class={`chip state-${part.id}`} aria-hidden="true" />
              {part.title}
            </dt>
            <dd>{formatDuration(part.time)}</dd>
            <dd>{formatShare(part.time, time.shown)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
