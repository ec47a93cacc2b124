import { routeContext } from '../../model/context.js';
import type { UnrecordedProcess } from '../../model/profile.js';
import type { SessionEnd, SessionEvent } from '../../session/session.js';
import { ansiLine } from '../../tui/ansi.js';
import { lineText } from '../../tui/line.js';
import { shortCommand } from '../../tui/top/short-command.js';
import { topJson } from '../../tui/top/top-json.js';
import { wholeTable } from '../../tui/top/top-screen.js';
import { firstState, type TopState } from '../../tui/top/top-state.js';
import { dieOfSignal } from '../die-of-signal.js';
import { exitCodes } from '../exit-codes.js';
import { print } from '../print.js';
import { onSignals } from '../signals.js';
import { StoppedNote } from '../stopped-note.js';
import { plainText, Terminal } from '../terminal.js';
import { LiveTop } from '../top/live-top.js';
import { canPaint, wantsColours } from '../top/screen.js';
import type { TopFlags } from '../top/top-flags.js';
import { Watching } from '../top/watching.js';

/** What the shares on the screen are of, microseconds. */
const window = 5_000_000;
/** Seconds until the one table, where nobody said how many. */
const onceDuration = 5;
/** Columns of a table that goes to no terminal. */
const wideTable = 200;

/** `pyglass top`: a live table of where the time of a process goes, or one such table. Returns the exit status. */
export async function top(flags: TopFlags, command: readonly string[]): Promise<number> {
  const once = flags.once === true || flags.json === true || !canPaint();
  return once ? topOnce(flags, command) : topLive(flags, command);
}

async function topLive(flags: TopFlags, command: readonly string[]): Promise<number> {
  const stopped = new StoppedNote();
  const watching = new Watching(flags, command, window, {
    onStarted: () => live.open(),
    onAttached: (message) => {
      const text = reloaderNote(message);
      if (text !== undefined) live.notify(text);
      live.open();
    },
    onUnrecorded: (child) => live.notify(unrecordedNote(child)),
    onProgress: () => {
      const note = stopped.look(watching.about.pid, false);
      if (note !== undefined) live.notify(note);
      live.progress();
    },
  });
  const live = new LiveTop(watching, stateOf(flags), flags.delay * 1000);
  const duration = flags.duration ?? Number.POSITIVE_INFINITY;
  return watch(watching, {
    sample: () => Promise.race([watching.run(duration), live.failed]),
    close: () => live.close(),
    show: async ({ reason }, terminal, signal) => {
      if (reason !== 'stopped') await print([live.lastTable()], signal);
      if (reason === 'target-ended') terminal.say(`Process ${watching.about.pid} ended.`);
    },
  });
}

async function topOnce(flags: TopFlags, command: readonly string[]): Promise<number> {
  const duration = flags.duration ?? onceDuration;
  const messages = new Terminal();
  const stopped = new StoppedNote();
  let attached = 0;
  const watching = new Watching(flags, command, Number.POSITIVE_INFINITY, {
    onStarted: () => {},
    onAttached: (message) => {
      const text = reloaderNote(message);
      if (text !== undefined) messages.say(text);
      else if (attached++ === 0) {
        const what = plainText(shortCommand(watching.about.command), 80);
        const until = duration === Number.POSITIVE_INFINITY ? '; Ctrl-C ends it' : ` for ${duration} s`;
        messages.say(`Watching ${what} (process ${message.pid})${until}.`);
      }
    },
    onUnrecorded: (child) => messages.say(unrecordedNote(child)),
    onProgress: () => {
      const note = stopped.look(watching.about.pid);
      if (note !== undefined) messages.say(note);
    },
  });
  return watch(watching, {
    sample: () => watching.run(duration),
    close: () => {},
    show: async (_finished, _terminal, signal) => {
      const state = stateOf(flags);
      if (flags.json) await print([topJson(watching.data(), state, watching.about)], signal);
      else
        await print(
          tableLines(watching, state).map((line) => `${line}\n`),
          signal,
        );
    },
  });
}

interface Watch {
  readonly sample: () => Promise<SessionEnd>;
  /** Gives the terminal back. */
  readonly close: () => void;
  /** `signal` ends the waiting for a slow reader. */
  readonly show: (finished: SessionEnd, terminal: Terminal, signal: AbortSignal) => Promise<void>;
}

/** Samples, shows, and ends what was started, however that goes. Returns the exit status. */
async function watch(watching: Watching, { sample, close, show }: Watch): Promise<number> {
  const terminal = new Terminal();
  let signal: NodeJS.Signals | undefined;
  let showing = false;
  const leaving = new AbortController();
  const releaseSignals = onSignals((received) => {
    signal = received;
    if (showing) leaving.abort();
    watching.stop();
    watching.program?.interrupt();
  });
  let ended = false;
  let status: number | undefined;
  try {
    const finished = await sample();
    ended = finished.reason === 'target-ended';
    close();
    showing = true;
    await show(finished, terminal, leaving.signal);
    showing = false;
  } finally {
    close();
    watching.recording.remove();
    status = await watching.program?.finish(signal, ended, terminal);
    releaseSignals();
    if (leaving.signal.aborted && signal) dieOfSignal(signal);
  }
  return status ?? exitCodes.success;
}

function tableLines(watching: Watching, state: TopState): string[] {
  const onTerminal = process.stdout.isTTY === true;
  const columns = onTerminal ? process.stdout.columns || 80 : wideTable;
  const lines = wholeTable(watching.data(), state, watching.about, columns);
  if (onTerminal && canPaint()) return lines.map((line) => ansiLine(line, wantsColours()));
  return lines.map((line) => lineText(line).trimEnd());
}

function stateOf(flags: TopFlags): TopState {
  return {
    ...firstState,
    shown: flags.lines ? 'lines' : 'functions',
    mode: flags.mode ?? (flags.gil ? 'gil' : 'wall'),
    idle: flags.idle ?? false,
    label: flags.byRequest ? { key: routeContext } : flags.label,
    route: flags.request,
    fullFileNames: flags.fullFilenames ?? false,
  };
}

function unrecordedNote({ pid, reason }: UnrecordedProcess): string {
  return `Process ${pid} is not shown: ${plainText(reason)}.`;
}

function reloaderNote({ pid, reloader }: Extract<SessionEvent, { kind: 'attached' }>): string | undefined {
  if (reloader === undefined) return undefined;
  return `Process ${pid} is ${reloader}; its child process is shown too.`;
}
