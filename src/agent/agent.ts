import { readdirSync } from 'node:fs';
import type { Server } from 'node:http';
import { hostname } from 'node:os';
import type { ProfileWindow } from '../analysis/profile-windows.js';
import { defaultView, type ViewOptions } from '../analysis/view-options.js';
import { pprofBody, profileMessage } from '../delivery/recording-messages.js';
import { type ProcessLabels, processLabels } from '../discovery/process-labels.js';
import { PythonWatch } from '../discovery/python-watch.js';
import { isNameOfPython } from '../frameworks/describe-program.js';
import type { Profile } from '../model/profile.js';
import { PythonFinder } from '../process/find-pythons.js';
import { commandLine, executableOf, processFacts } from '../process/linux-process.js';
import { processUsage, userName } from '../process/process-usage.js';
import { returnFreedMemory, returnUnusedMemory } from '../process/unused-memory.js';
import type { Log } from './agent-log.js';
import { AgentMetrics } from './agent-metrics.js';
import type { AgentConfig } from './agent-options.js';
import { AgentOutputs, type Environment } from './agent-outputs.js';
import { type AgentPages, addressOf, startAgentServer } from './agent-server.js';
import { AgentSession, type SessionListener } from './agent-session.js';
import { nextRate } from './cpu-budget.js';
import { mostProcesses, ProcessChoice } from './process-choice.js';
import { Pulls } from './pulls.js';
import { fixedChanges } from './read-config.js';
import type { WindowCollector } from './window-collector.js';

/** Milliseconds between looks for processes: one of 300 processes takes 1 ms. */
const lookEvery = 1000;
/** Executables are replaced in the course of months: what is known of them is forgotten. */
const forgetEvery = 3_600_000;
/**
 * A session's tables grow with each different stack: after so many rows, or milliseconds, another session takes over at
 * a round time. 500,000 rows are some 40 MB.
 */
const sessionLimits = { rows: 500_000, milliseconds: 6 * 3_600_000 };
/** Milliseconds for which a session looks for the processes of the one before it. */
const longestTakeover = 60_000;
/**
 * Milliseconds after which unused memory is given back, the first time and from then on: most of it is left of learning
 * what runs. That takes each thread some 20 ms.
 */
const [firstReturnAfter, returnMemoryEvery] = [15_000, 60_000];
/** Milliseconds until sampling is begun again that ended unexpectedly; twice as long each time. */
const firstRestart = 1000;
const longestRestart = 60_000;

export interface AgentOptions {
  readonly config: AgentConfig;
  readonly environment: Environment;
  readonly log: Log;
  readonly version: string;
  /** When another session takes over. */
  readonly sessionLimits?: { readonly rows: number; readonly milliseconds: number };
}

/** Profiles the Python processes of a machine until it is stopped. */
export class Agent {
  readonly #log: Log;
  readonly #metrics = new AgentMetrics();
  readonly #outputs: AgentOutputs;
  readonly #choice = new ProcessChoice(chosenFacts);
  readonly #pulls = new Pulls();
  /** By index of the process; made while it runs, since nothing is known of it afterwards. */
  #labels = new WeakMap<WindowCollector, ProcessLabels[]>();
  readonly #window: number;
  readonly #options: AgentOptions;
  #config: AgentConfig;
  #watch = pythonWatch();
  #watchedSince = performance.now();
  #pids: ReadonlySet<number> = new Set();
  /** The one that samples is the last. */
  #sessions: AgentSession[] = [];
  #sessionSince = 0;
  #returnMemoryAt = 0;
  #restarts = 0;
  #rate: number;
  /** From which moment on which rate was asked for, the last one last. */
  #rates: { readonly from: number; readonly rate: number }[];
  #cpu = process.cpuUsage();
  #cpuAt = performance.now();
  #unreadable = -1;
  #server: Server | undefined;
  readonly #timers = new Set<NodeJS.Timeout>();
  #isStopped = false;

  /** Throws `bad-option` and file errors. */
  constructor(options: AgentOptions) {
    const { config, environment, log } = options;
    this.#options = options;
    this.#config = config;
    this.#log = log;
    this.#window = config.window * 1000;
    this.#rate = config.rate;
    this.#rates = [{ from: 0, rate: config.rate }];
    this.#outputs = new AgentOutputs(config, environment, this.#metrics, log);
  }

  /** Rejects where it cannot listen. */
  async start(): Promise<void> {
    const { listen, window, rate } = this.#config;
    if (listen) this.#server = await startAgentServer(listen, this.#pages());
    this.#log('info', 'agent started', {
      ...{ version: this.#options.version, rate, window },
      ...(this.#outputs.shownTarget === undefined ? {} : { push: this.#outputs.shownTarget }),
      ...(this.#config.folder === undefined ? {} : { folder: this.#config.folder }),
      ...(this.#server ? { listen: addressOf(this.#server) } : {}),
    });
    this.#beginSession();
    this.#look();
    this.#repeat(
      () => lookEvery,
      () => this.#look(),
    );
    // At round times, so that all of a window has one rate.
    this.#repeat(
      () => untilNextTurn(Date.now(), this.#window),
      () => this.#turnWindow(),
    );
  }

  /** Another configuration, as far as it can be changed while it runs. Throws as the constructor does. */
  reload(config: AgentConfig): void {
    const fixed = fixedChanges(this.#config, config);
    this.#outputs.setTarget(config, this.#options.environment);
    if (fixed.length > 0) this.#log('warn', 'needs a restart to take effect', { options: fixed.join(', ') });
    this.#config = config;
    this.#choice.forget();
    this.#labels = new WeakMap();
    this.#setRate(Math.min(this.#rate, config.rate), Date.now());
    this.#log('info', 'configuration read again', { rate: config.rate });
    this.#look();
  }

  /** Sends what was sampled so far, and ends. */
  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#server?.closeAllConnections();
    this.#server?.close();
    const sessions = [...this.#sessions];
    for (const session of sessions) session.stop();
    await Promise.all(sessions.map(({ ended }) => ended));
    await this.#outputs.close();
    this.#log('info', 'agent stopped', { profiles: this.#metrics.value('profiles_total') });
  }

  #repeat(pause: () => number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (this.#isStopped) return;
      act();
      this.#repeat(pause, act);
    }, pause());
    this.#timers.add(timer);
  }

  #beginSession(): AgentSession {
    this.#sessionSince = performance.now();
    this.#returnMemoryAt = this.#sessionSince + firstReturnAfter;
    const session = new AgentSession({ rate: this.#rate, window: this.#window }, this.#listener());
    session.watch(this.#pids);
    this.#sessions.push(session);
    return session;
  }

  #listener(): SessionListener {
    // Each session counts its own.
    let before = { missed: 0, torn: 0 };
    return {
      onWindow: (window, collector) => this.#send(window, collector),
      onRuns: (collector, runs, until) => {
        this.#labelsOf(collector);
        this.#pulls.hear(collector, runs, until);
      },
      onStats: ({ missed, torn }) => {
        this.#metrics.add('ticks_missed_total', missed - before.missed);
        this.#metrics.add('samples_torn_total', torn - before.torn);
        before = { missed, torn };
      },
      onNotRecorded: ({ child: { pid, commandLine: words, reason } }) => {
        this.#metrics.add('processes_not_recorded_total');
        this.#log('warn', 'process is not sampled', { pid, command: words.join(' '), reason });
      },
      onEnd: (session, error) => this.#ended(session, error),
    };
  }

  #ended(session: AgentSession, error: unknown): void {
    this.#sessions = this.#sessions.filter((other) => other !== session);
    const [left] = this.#sessions;
    if (error !== undefined && left && left.from !== Number.POSITIVE_INFINITY) {
      this.#log('error', 'the session that was to take over has ended', { reason: String(error) });
      // It goes on by itself.
      left.until = Number.POSITIVE_INFINITY;
    }
    // What the one that was to take over has of the window that goes on was partly sent.
    for (const next of this.#sessions)
      if (next.from === Number.POSITIVE_INFINITY)
        next.from = (Math.floor(Date.now() / this.#window) + 1) * this.#window;
    if (this.#isStopped || error === undefined || this.#sessions.length > 0) return;
    const pause = Math.min(longestRestart, firstRestart * 2 ** Math.min(this.#restarts++, 10));
    this.#metrics.add('sampler_restarts_total');
    const reason = error instanceof Error ? error.message : String(error);
    this.#log('error', 'sampling ended; it begins again', { reason, seconds: pause / 1000 });
    const timer = setTimeout(() => this.#beginSession(), pause);
    this.#timers.add(timer);
  }

  /** Which processes there are. */
  #look(): void {
    const now = performance.now();
    if (now - this.#watchedSince > forgetEvery) {
      this.#watchedSince = now;
      this.#watch = pythonWatch();
    }
    const { pids, unreadable, tooMany } = this.#choice.choose(this.#watch.look(now), this.#config);
    this.#pids = pids;
    for (const session of this.#sessions) session.watch(pids);
    this.#metrics.set('processes', pids.size);
    this.#metrics.set('processes_unreadable', unreadable + tooMany);
    if (unreadable + tooMany > 0 && this.#unreadable < 0) {
      const reason =
        unreadable > 0
          ? 'they are of other users: run the agent as root, or with CAP_SYS_PTRACE'
          : `one agent samples ${mostProcesses} processes at most`;
      this.#log('warn', 'some processes are not sampled', { processes: unreadable + tooMany, reason });
      this.#unreadable = unreadable;
    }
  }

  /** A window ends now. */
  #turnWindow(): void {
    const now = performance.now();
    const cpu = process.cpuUsage(this.#cpu);
    const seconds = (cpu.user + cpu.system) / 1e6;
    const measured = now - this.#cpuAt;
    const used = seconds / (measured / 1000);
    this.#cpu = process.cpuUsage();
    this.#cpuAt = now;
    this.#metrics.add('cpu_seconds_total', seconds);
    this.#metrics.set('rate', this.#rate);
    const turn = Math.round(Date.now() / this.#window) * this.#window;
    // Two sessions at a time are no measure, nor is a part of a window: the agent began, or the clock was set.
    const isWhole = now - this.#sessionSince >= this.#window && measured >= this.#window / 2;
    if (this.#sessions.length === 1 && isWhole) {
      const { rate: highest, maxCpu: budget } = this.#config;
      const rate = nextRate({ rate: this.#rate, highest, used, budget });
      if (rate < this.#rate) this.#log('info', 'rate is changed to stay within the limit of CPU', { rate });
      this.#setRate(rate, turn);
    }
    this.#rotate(turn, now);
    if (now >= this.#returnMemoryAt) this.#returnMemory(now);
    else returnFreedMemory();
  }

  #returnMemory(now: number): void {
    this.#returnMemoryAt = now + returnMemoryEvery;
    for (const session of this.#sessions) session.returnMemory();
    returnUnusedMemory();
  }

  #setRate(rate: number, from: number): void {
    if (rate === this.#rate) return;
    this.#rate = rate;
    // A window of a few minutes ago is not to come any more.
    this.#rates = [...this.#rates.slice(-100), { from, rate }];
    this.#metrics.set('rate', rate);
    for (const session of this.#sessions) session.setRate(rate);
  }

  /**
   * The next session begins while the last one goes on, and takes over at a round time after it has found all
   * processes.
   */
  #rotate(turn: number, now: number): void {
    const [first, second] = this.#sessions;
    if (!first) return;
    const age = now - this.#sessionSince;
    if (!second) {
      if (age > longestRestart) this.#restarts = 0;
      const { rows, milliseconds } = this.#options.sessionLimits ?? sessionLimits;
      if (first.size < rows && age < milliseconds) return;
      this.#beginSession().from = Number.POSITIVE_INFINITY;
    } else if (first.until === Number.POSITIVE_INFINITY) {
      // One that cannot be found by then, another session would not find either.
      if (!second.isComplete && age < longestTakeover) return;
      first.until = turn + this.#window;
      second.from = first.until;
      this.#log('info', 'another session takes over', { rows: first.size });
    } else if (turn >= first.until) first.stop();
  }

  #send(window: ProfileWindow, collector: WindowCollector): void {
    const labels = this.#labelsOf(collector)[window.process];
    const message = labels && profileMessage(this.#profileOf(window, collector), this.#view, labels);
    if (message) this.#outputs.push(message);
  }

  #profileOf(window: ProfileWindow, collector: WindowCollector): Profile {
    const { rate } = this.#rates.findLast(({ from }) => from <= window.from) ?? this.#rates[0]!;
    return collector.profileOf(window, rate);
  }

  get #view(): ViewOptions {
    return { ...defaultView, idle: this.#config.idle };
  }

  #labelsOf(collector: WindowCollector): readonly ProcessLabels[] {
    const { service, host = hostname() } = this.#config;
    const labels = this.#labels.get(collector) ?? [];
    const { processes } = collector.profile;
    for (const seen of processes.slice(labels.length)) labels.push(processLabels(seen, { service, host }));
    this.#labels.set(collector, labels);
    return labels;
  }

  #pages(): AgentPages {
    return {
      metrics: () => this.#metrics.text(),
      health: () => (this.#sessions.length === 0 ? 'sampling has ended and begins again' : ''),
      pids: () => [...this.#pids],
      pull: async (pid, seconds, signal) => {
        if (!this.#pids.has(pid)) return undefined;
        const pulled = await this.#pulls.add(pid, seconds, signal, Date.now());
        return pulled && pprofBody(this.#profileOf(pulled.window, pulled.collector), this.#view);
      },
    };
  }
}

/** Timers fire up to a millisecond early by the clock: the turn that is about to come was taken by then. */
const early = 20;

/** Milliseconds until the next round time of windows of that length. */
function untilNextTurn(now: number, window: number): number {
  const rest = window - (now % window);
  return rest < early ? rest + window : rest;
}

function pythonWatch(): PythonWatch {
  const finder = new PythonFinder(isNameOfPython);
  return new PythonWatch({
    pids: () =>
      readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map(Number),
    startTime: (pid) => processFacts(pid)?.startTime,
    executable: executableOf,
    look: (pid) => finder.look(pid),
  });
}

function chosenFacts(pid: number) {
  const usage = processUsage(pid);
  return usage && { user: userName(usage.uid), uid: usage.uid, commandLine: commandLine(pid) };
}
