import type { DiffPage, PageSentence, Side } from '../formats/diff/diff-page.js';
import { ChangeText, timeText } from './change-text.js';

/** What changed, in sentences; beside them, what was compared. */
export function DiffAnswer({ page, onFunction }: { page: DiffPage; onFunction: (fn: number) => void }) {
  const { nothing, sentences, notes } = page;
  const [lead, ...rest] = sentences;
  return (
    <section class="answer" aria-label="Summary">
      <div class="says">
        {nothing?.map((line, at) => (
          <p key={line} class={at === 0 ? 'lead' : ''}>
            {at === 0 ? `${line}, before and after.` : line}
          </p>
        ))}
        {lead && <Sentence sentence={lead} className="lead" onFunction={onFunction} />}
        <ul>
          {rest.map((sentence) => (
            <li key={sentence.text}>
              <Sentence sentence={sentence} className="more" onFunction={onFunction} />
            </li>
          ))}
        </ul>
        {notes.map((note) => (
          <p class="note" key={note}>
            {note}
          </p>
        ))}
      </div>
      <dl class="recordings">
        <Recording side="before" page={page} />
        <Recording side="after" page={page} />
        {!nothing && (
          <>
            <dt>All time together</dt>
            <dd>
              {timeText(page.whole.before)} → {timeText(page.whole.after)} per {page.basis},{' '}
              <ChangeText change={page.whole} />
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

function Recording({ side, page }: { side: Side; page: DiffPage }) {
  const { title, facts } = page.recordings[side];
  return (
    <>
      <dt>{side === 'before' ? 'Before' : 'After'}</dt>
      <dd>
        <b>{title}</b> {facts.join(' · ')}
      </dd>
    </>
  );
}

function Sentence({
  sentence: { text, subject = '', fn = -1 },
  className,
  onFunction,
}: {
  sentence: PageSentence;
  className: string;
  onFunction: (fn: number) => void;
}) {
  const content = (
    <>
      {subject !== '' && <strong>{subject}</strong>}
      {text.slice(subject.length)}
    </>
  );
  return (
    <div class={className}>
      {fn < 0 ? (
        <p class="sentence">{content}</p>
      ) : (
        <button type="button" class="sentence" onClick={() => onFunction(fn)}>
          {content}
          <span class="go" aria-hidden="true">
            →
          </span>
        </button>
      )}
    </div>
  );
}
