import { ThemeButton, type ThemeChoice } from './theme.js';

export interface HeaderProps {
  readonly title: string;
  readonly facts: readonly string[];
  readonly theme: ThemeChoice;
  readonly onTheme: () => void;
  readonly onHelp: () => void;
}

export function Header({ title, facts, theme, onTheme, onHelp }: HeaderProps) {
  return (
    <header class="head">
      <div class="mark" aria-hidden="true">
        <Mark />
      </div>
      <div class="titles">
        <h1 title={title}>{title}</h1>
        <p class="facts">{facts.join(' · ')}</p>
      </div>
      <div class="tools">
        <ThemeButton theme={theme} onTheme={onTheme} />
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
