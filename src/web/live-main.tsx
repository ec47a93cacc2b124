import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { defaultView } from '../analysis/view-options.js';
import { pictureTitle } from '../formats/flamegraph/headline.js';
import type { LiveStart } from '../model/live-state.js';
import { App } from './app.js';
import { LiveBar } from './live-bar.js';
import { LiveFeed } from './live-feed.js';

// The page of `pyglass live`: that of a report, whose recording grows.

function LivePage({ feed }: { feed: LiveFeed }) {
  const [, again] = useState(0);
  useEffect(() => feed.listen(() => again((count) => count + 1)), [feed]);
  const { store } = feed;
  const title = store ? `${pictureTitle(store.profile)} – live – pyglass` : 'Live – pyglass';
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <>
      <LiveBar feed={feed} />
      {store ? (
        <App store={store} />
      ) : (
        <main>
          <p class="loading">Waiting for the first samples …</p>
        </main>
      )}
    </>
  );
}

const start = JSON.parse(document.getElementById('start')?.textContent ?? '{}') as LiveStart;
const feed = new LiveFeed({ ...defaultView, ...start });
render(<LivePage feed={feed} />, document.getElementById('app')!);
