import { useEffect, useMemo, useState } from 'preact/hooks';
import { readColors } from './colors.js';
import { onPaper } from './on-paper.js';
import type { PageState } from './page-state.js';

export type ThemeChoice = PageState['theme'];

const themes = { auto: 'dark', dark: 'light', light: 'auto' } as const;
const themeNames = { auto: 'Theme: as the system', dark: 'Theme: dark', light: 'Theme: light' } as const;

interface ThemeStore {
  readonly state: { readonly theme: ThemeChoice };
  set(change: { readonly theme: ThemeChoice }): void;
}

export function nextTheme(store: ThemeStore): void {
  store.set({ theme: themes[store.state.theme] });
}

/** Renders again when the store changes. */
export function useStore(store: { listen(listener: () => void): () => void }): void {
  const [, again] = useState(0);
  useEffect(() => store.listen(() => again((count) => count + 1)), [store]);
}

/** What canvases are painted with; anew when the theme changes, and light on paper. */
export function useColors(theme: ThemeChoice) {
  const [dark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  useEffect(() => {
    const media = matchMedia('(prefers-color-scheme: dark)');
    const changed = () => setDark(media.matches);
    media.addEventListener('change', changed);
    return () => media.removeEventListener('change', changed);
  }, []);
  // A dark sheet is a waste of ink, and of what is written on it in white.
  const [isOnPaper, setOnPaper] = useState(false);
  useEffect(() => onPaper(setOnPaper), []);
  return useMemo(() => {
    const chosen = theme === 'auto' ? (dark ? 'dark' : 'light') : theme;
    document.documentElement.dataset['theme'] = isOnPaper ? 'light' : chosen;
    return readColors();
  }, [theme, dark, isOnPaper]);
}

export function ThemeButton({ theme, onTheme }: { theme: ThemeChoice; onTheme: () => void }) {
  return (
    <button
      type="button"
      class="icon"
      onClick={onTheme}
      title={themeNames[theme]}
      aria-label={themeNames[theme]}
    >
      <ThemeIcon theme={theme} />
    </button>
  );
}

function ThemeIcon({ theme }: { theme: ThemeChoice }) {
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
