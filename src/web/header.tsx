import { visibleText } from '../analysis/visible-text.js';
import { pictureTitle, recordingFacts } from '../formats/flamegraph/headline.js';
import type { Store } from './store.js';

const themes = { auto: 'dark', dark: 'light', light: 'auto' } as const;
const themeNames = { auto: 'Theme: as the system', dark: 'Theme: dark', light: 'Theme: light' } as const;

export function nextTheme(store: Store): void {
  store.set({ theme: themes[store.state.theme] });
}

export function Header({ store, onHelp }: { store: Store; onHelp: () => void }) {
  const { profile, state } = store;
  const labels = Object.entries(profile.info.labels ?? {});
  return (
    <header class="head">
      <div class="mark" aria-hidden="true">
        <Mark />
      </div>
      <div class="titles">
        <h1 title={pictureTitle(profile)}>{pictureTitle(profile)}</h1>
        <p class="facts">
          {[
            ...recordingFacts(profile),
            ...labels.map(([key, value]) => visibleText(`${key}: ${value}`)),
          ].join(' · ')}
        </p>
      </div>
      <div class="tools">
        <button
          type="button"
          class="icon"
          onClick={() => nextTheme(store)}
          title={themeNames[state.theme]}
          aria-label={themeNames[state.theme]}
        >
          <ThemeIcon theme={state.theme} />
        </button>
        <button
          type="button"
          class="icon"
          onClick={onHelp}
          title="Keys and help (?)"
          aria-label="Keys and help"
        >
          ?
        </button>
      </div>
    </header>
  );
}

/** Bars of a flame graph. */
function Mark() {
  return (
    <svg viewBox="0 0 32 32" width="32" height="32" role="presentation">
      <rect class="m1" x="2" y="3" width="28" height="7" rx="2" />
      <rect class="m2" x="2" y="12.5" width="19" height="7" rx="2" />
      <rect class="m3" x="23" y="12.5" width="7" height="7" rx="2" />
      <rect class="m1" x="2" y="22" width="11" height="7" rx="2" />
    </svg>
  );
}

function ThemeIcon({ theme }: { theme: keyof typeof themes }) {
  const stroke = {
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': 1.6,
    'stroke-linecap': 'round',
  } as const;
  return (
    <svg viewBox="0 0 20 20" width="18" height="18" role="presentation" {...stroke}>
      {theme === 'dark' && <path d="M16 11.6A6.5 6.5 0 0 1 8.4 4a6.5 6.5 0 1 0 7.6 7.6Z" />}
      {theme === 'light' && (
        <>
          <circle cx="10" cy="10" r="3.4" />
          <path d="M10 2v1.6M10 16.4V18M2 10h1.6M16.4 10H18M4.3 4.3l1.2 1.2M14.5 14.5l1.2 1.2M15.7 4.3l-1.2 1.2M5.5 14.5l-1.2 1.2" />
        </>
      )}
      {theme === 'auto' && (
        <>
          <circle cx="10" cy="10" r="7" />
          <path d="M10 3a7 7 0 0 1 0 14Z" fill="currentColor" />
        </>
      )}
    </svg>
  );
}
