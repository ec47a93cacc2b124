import { spawn } from 'node:child_process';
import { LiveServer } from '../../live/live-server.js';
import { LiveSession, type LiveTarget } from '../../live/live-session.js';
import { commandLine } from '../../process/linux-process.js';
import type { SessionEvent } from '../../session/session.js';
import { exitCodes } from '../exit-codes.js';
import { LiveOutputs } from '../live/live-outputs.js';
import { print } from '../print.js';
import { onSignals } from '../signals.js';
import { StoppedNote } from '../stopped-note.js';
import { plainText, Terminal } from '../terminal.js';
import { WatchedProgram } from '../top/watched-program.js';
import { type ViewFlags, viewOptions } from '../view-flags.js';

export interface LiveFlags
  extends Pick<
    ViewFlags,
    'function' | 'nolineno' | 'gil' | 'idle' | 'mode' | 'fullFilenames' | 'subprocesses'
  > {
  readonly pid?: number;
  readonly output?: string;
  readonly rate: number;
  readonly port?: number;
  /** False with --no-open. */
  readonly open: boolean;
}

/** `pyglass live`: a page that shows a process while it is sampled. Returns the exit status. */
export async function live(flags: LiveFlags, command: readonly string[]): Promise<number> {
  const terminal = new Terminal();
  const outputs = new LiveOutputs(flags.output, terminal);
  const stopped = new StoppedNote();
  let program: WatchedProgram | undefined;
  let isOpened = false;
  let printed = Promise.resolve();
  const session = new LiveSession(
    { rate: flags.rate, subprocesses: flags.subprocesses ?? false },
    {
      onEvent: (event) => {
        sayEvent(event, terminal, flags, isOpened);
        if (event.kind === 'attached' && !isOpened) {
          isOpened = true;
          printed = open(server, flags);
          printed.catch(() => session.stop());
        }
        if (event.kind === 'progress') {
          const { pid } = session.state();
          const note = stopped.look(pid);
          if (note !== undefined) terminal.say(note);
          session.noteStopped(stopped.isStopped ? `Process ${pid} is stopped.` : undefined);
        }
      },
      onGrown: () => server.grown(),
      onChanged: () => server.changed(),
      onEnded: (pid) => terminal.say(`Process ${pid} ended. The page stays; Ctrl-C ends it.`),
      onOffered: (pid) =>
        terminal.say(
          `A process with the same command line runs: ${pid}. The page has a button for it, or type:\n  pyglass live --pid ${pid}`,
        ),
      onNotBegun: (error) => terminal.say(`Not sampled: ${error.message}.`),
      sinks: () => outputs.next(),
      onSinkError: (error) => outputs.failed(error),
    },
  );
  const server = new LiveServer(session, viewOptions(flags));
  let signal: NodeJS.Signals | undefined;
  const releaseSignals = onSignals((received) => {
    signal = received;
    session.stop();
    program?.interrupt();
  });
  let status: number | undefined;
  try {
    await server.listen(flags.port ?? 0);
    const end = await session.run(targetOf(flags, command, (started) => (program = started)));
    await printed;
    if (end !== undefined && session.state().recording === 0)
      terminal.say('Nothing was sampled: no Python was seen, or for too short a time.');
    await outputs.finish();
  } finally {
    session.close();
    await server.close();
    status = await program?.finish(signal, session.state().status === 'ended', terminal);
    releaseSignals();
  }
  if (status) return status;
  return session.state().recording === 0 && signal === undefined
    ? exitCodes.nothingRecorded
    : exitCodes.success;
}

function targetOf(
  { pid = 0 }: LiveFlags,
  command: readonly string[],
  onStarted: (program: WatchedProgram) => void,
): LiveTarget {
  const [file, ...rest] = command;
  if (file === undefined) return { pid };
  let program: WatchedProgram | undefined;
  const start = async () => {
    if (program) return program;
    program = await WatchedProgram.start([file, ...rest], 'shown');
    onStarted(program);
    return program;
  };
  return { command, start };
}

function sayEvent(event: SessionEvent, terminal: Terminal, flags: LiveFlags, isOpened: boolean): void {
  if (event.kind === 'not-recorded')
    terminal.say(`Process ${event.child.pid} is not shown: ${plainText(event.child.reason)}.`);
  else if (event.kind === 'attached') {
    const { pid, pythonVersion, reloader } = event;
    const what = `${plainText(commandLine(pid).join(' '), 80)} (process ${pid}, Python ${pythonVersion})`;
    if (reloader !== undefined)
      terminal.say(`Process ${pid} is ${reloader}; its child process is shown too.`);
    else if (!isOpened) terminal.say(`Sampling ${what}, ${flags.rate} samples a second. Ctrl-C ends it.`);
    else terminal.say(`Now sampling ${what}.`);
  }
}

/** Prints the address, which is all that standard output gets, and shows the page where there is a desktop. */
async function open(server: LiveServer, flags: LiveFlags): Promise<void> {
  await print([`${server.url}\n`]);
  const hasDesktop = Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
  // Browsers refuse to run as root, and should.
  if (!flags.open || !hasDesktop || process.stdout.isTTY !== true || process.getuid?.() === 0) return;
  const child = spawn('xdg-open', [server.ticketUrl()], { detached: true, stdio: 'ignore' });
  // There may be no such program.
  child.on('error', () => {});
  child.unref();
}
