import type { SamplerMessage } from '../../sampler/messages.js';
import { ansiLine } from '../../tui/ansi.js';
import { lineText } from '../../tui/line.js';
import { shortCommand } from '../../tui/top/short-command.js';
import { wholeTable } from '../../tui/top/top-screen.js';
import { firstState, type TopState } from '../../tui/top/top-state.js';
import { exitCodes } from '../exit-codes.js';
import { onSignals } from '../signals.js';
import { plainText, Terminal } from '../terminal.js';
import { LiveTop } from '../top/live-top.js';
import { canPaint, wantsColours } from '../top/screen.js';
import type { TopFlags } from '../top/top-flags.js';
import { topJson } from '../top/top-json.js';
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
  const terminal = new Terminal();
  const watching = new Watching(flags, command, window, {
    onAttached: (message) => {
      const text = reloaderNote(message);
      if (text !== undefined) live.notify(text);
      live.open();
    },
    onProgress: () => live.progress(),
  });
  const live = new LiveTop(watching, stateOf(flags), flags.delay * 1000);
  let signal: NodeJS.Signals = 'SIGINT';
  const releaseSignals = onSignals((received) => {
    signal = received;
    watching.stop();
    watching.program?.interrupt();
  });
  try {
    const finished = await Promise.race([
      watching.run(flags.duration ?? Number.POSITIVE_INFINITY),
      live.failed,
    ]);
    live.close();
    const ended = finished.reason === 'target-ended';
    if (finished.reason !== 'stopped') {
      process.stdout.write(live.lastTable());
      if (ended) terminal.say(`Process ${watching.about.pid} ended.`);
    }
    return (await watching.program?.finish(signal, ended, terminal)) ?? exitCodes.success;
  } finally {
    live.close();
    watching.recording.remove();
    releaseSignals();
  }
}

async function topOnce(flags: TopFlags, command: readonly string[]): Promise<number> {
  const terminal = new Terminal();
  const duration = flags.duration ?? onceDuration;
  let attached = 0;
  const watching = new Watching(flags, command, Number.POSITIVE_INFINITY, {
    onAttached: (message) => {
      const text = reloaderNote(message);
      if (text !== undefined) terminal.say(text);
      else if (attached++ === 0) {
        const until = duration === Number.POSITIVE_INFINITY ? '; Ctrl-C ends it' : ` for ${duration} s`;
        terminal.say(
          `Watching ${plainText(shortCommand(watching.about.command), 80)} (process ${message.pid})${until}.`,
        );
      }
    },
    onProgress: () => {},
  });
  let signal: NodeJS.Signals = 'SIGINT';
  const releaseSignals = onSignals((received) => {
    signal = received;
    watching.stop();
    watching.program?.interrupt();
  });
  try {
    const finished = await watching.run(duration);
    const data = watching.data();
    const state = stateOf(flags);
    if (flags.json) process.stdout.write(topJson(data, state, watching.about));
    else {
      const onTerminal = process.stdout.isTTY === true;
      const columns = onTerminal ? process.stdout.columns || 80 : wideTable;
      const styled = onTerminal && canPaint();
      for (const line of wholeTable(data, state, watching.about, columns)) {
        const text = styled ? ansiLine(line, wantsColours()) : lineText(line).trimEnd();
        process.stdout.write(`${text}\n`);
      }
    }
    const ended = finished.reason === 'target-ended';
    return (await watching.program?.finish(signal, ended, terminal)) ?? exitCodes.success;
  } finally {
    watching.recording.remove();
    releaseSignals();
  }
}

function stateOf(flags: TopFlags): TopState {
  return {
    ...firstState,
    shown: flags.lines ? 'lines' : 'functions',
    mode: flags.mode ?? (flags.gil ? 'gil' : 'wall'),
    idle: flags.idle ?? false,
    fullFileNames: flags.fullFilenames ?? false,
  };
}

function reloaderNote({ pid, reloader }: Extract<SamplerMessage, { kind: 'attached' }>): string | undefined {
  if (reloader === undefined) return undefined;
  return `Process ${pid} is ${reloader}: the process that it starts is shown too.`;
}
