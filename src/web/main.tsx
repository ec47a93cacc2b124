import { render } from 'preact';
import { App } from './app.js';
import { loadPayload } from './load-payload.js';
import { Store } from './store.js';

// The page of a report: the recording lies in the page itself, see formats/html/.
const root = document.getElementById('app')!;
render(<p class="loading">Reading the recording …</p>, root);
loadPayload()
  .then((payload) => {
    render(<App store={new Store(payload)} />, root);
  })
  .catch((error: unknown) => {
    const why =
      typeof DecompressionStream === 'undefined' ? 'This browser is too old to unpack it' : String(error);
    render(
      <main class="broken">
        <h1>The recording in this page cannot be read</h1>
        <p>{why}.</p>
        <p>Make the page anew: pyglass report run.pyglass -o profile.html</p>
      </main>,
      root,
    );
  });
