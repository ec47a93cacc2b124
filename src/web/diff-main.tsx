import { render } from 'preact';
import type { DiffPage } from '../formats/diff/diff-page.js';
import { DiffApp } from './diff-app.js';
import { DiffStore } from './diff-store.js';
import { partOf } from './load-payload.js';

// The page of a comparison of two recordings: what it shows lies in the page itself, see formats/diff/.
const root = document.getElementById('app')!;
partOf('diff')
  .then((bytes) => {
    const page = JSON.parse(new TextDecoder().decode(bytes)) as DiffPage;
    render(<DiffApp store={new DiffStore(page)} />, root);
  })
  .catch((error: unknown) => {
    const why =
      typeof DecompressionStream === 'undefined' ? 'This browser is too old to unpack it' : String(error);
    render(
      <main class="broken">
        <h1>The comparison in this page cannot be read</h1>
        <p>{why}.</p>
        <p>Make the page anew: pyglass diff before.pyglass after.pyglass -o diff.html</p>
      </main>,
      root,
    );
  });
