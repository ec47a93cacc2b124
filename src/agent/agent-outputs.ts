import { setTimeout as pause } from 'node:timers/promises';
import type { ProfileMessage } from '../delivery/profile-message.js';
import { ProfileQueue } from '../delivery/profile-queue.js';
import { ProfileSender } from '../delivery/profile-sender.js';
import { type PushTarget, pushTarget } from '../delivery/push-target.js';
import type { SendOutcome } from '../delivery/send-profile.js';
import { PyglassError } from '../model/error.js';
import type { Log } from './agent-log.js';
import type { AgentMetrics } from './agent-metrics.js';
import type { AgentConfig } from './agent-options.js';
import { isLogged } from './is-logged.js';
import { ProfileFolder } from './profile-folder.js';
import { sendOffset } from './send-offset.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Milliseconds until an answer is no longer waited for. */
const timeout = 30_000;
/** Milliseconds at the end for what is in the queue; what is left of it stays in its folder. */
const flushTime = 5000;

/** Where profiles go: a receiver, through a queue, and a folder. */
export class AgentOutputs {
  readonly #metrics: AgentMetrics;
  readonly #log: Log;
  readonly #folder: ProfileFolder | undefined;
  #target: PushTarget | undefined;
  readonly #queue: ProfileQueue | undefined;
  readonly #sender: ProfileSender | undefined;
  readonly #offset: number;
  #waking: NodeJS.Timeout | undefined;
  #isFailing = false;
  #dropped = 0;
  #warnings = 0;

  /** Throws `bad-option` and file errors. */
  constructor(config: AgentConfig, environment: Environment, metrics: AgentMetrics, log: Log) {
    this.#metrics = metrics;
    this.#log = log;
    this.#offset = sendOffset(config.window * 1000, Math.random);
    const onDrop = (count: number) => this.#drop(count);
    if (config.folder !== undefined)
      this.#folder = new ProfileFolder(config.folder, config.folderLimit, onDrop);
    this.#target = targetOf(config, environment);
    if (!this.#target) return;
    const folder = config.queueFolder ?? queueOfService(environment);
    const queue = new ProfileQueue({ folder, limit: config.queueLimit, onDrop });
    this.#queue = queue;
    this.#sender = new ProfileSender({
      ...{ queue, fetch, timeout, now: Date.now, random: Math.random },
      target: () => this.#target!,
      pause: (milliseconds, signal) => pause(milliseconds, undefined, { signal }).catch(() => {}),
      onOutcome: (outcome, isGivenUp) => this.#hear(outcome, isGivenUp),
    });
    this.#count();
  }

  /** Where profiles are pushed to, without credentials. */
  get shownTarget(): string | undefined {
    return this.#target?.shown;
  }

  /** Another receiver or other credentials, from the next profile on. Throws as the constructor does. */
  setTarget(config: AgentConfig, environment: Environment): void {
    const target = targetOf(config, environment);
    if ((target === undefined) !== (this.#target === undefined))
      throw new PyglassError('bad-option', 'push can be turned on and off only by a restart');
    this.#target = target;
  }

  push(message: ProfileMessage): void {
    this.#metrics.add('profiles_total');
    this.#folder?.push(message);
    this.#queue?.push(message);
    this.#waking ??= setTimeout(() => {
      this.#waking = undefined;
      this.#sender?.wake();
    }, this.#offset);
    this.#count();
  }

  /** Sends what it can in a few seconds. */
  async close(): Promise<void> {
    clearTimeout(this.#waking);
    await this.#sender?.stop(flushTime);
    const left = this.#queue?.count ?? 0;
    if (left > 0) this.#log('warn', 'profiles are left in the queue', { profiles: left });
    this.#queue?.close();
  }

  #hear(outcome: SendOutcome, isGivenUp: boolean): void {
    const push = this.#target!.shown;
    if (outcome.kind === 'delivered') {
      this.#metrics.add('profiles_delivered_total');
      if (this.#isFailing) this.#log('info', 'profiles are delivered again', { push });
      this.#isFailing = false;
      this.#warn(outcome.warning);
    } else if (isGivenUp) {
      // One that is not wanted says nothing of the others.
      const refused = this.#metrics.value('profiles_refused_total');
      if (isLogged(refused))
        this.#log('warn', 'a profile is refused', { push, reason: reasonOf(outcome), refused: refused + 1 });
      this.#metrics.add('profiles_refused_total');
    } else {
      this.#metrics.add('push_failures_total');
      if (!this.#isFailing) this.#log('warn', 'cannot push', { push, reason: reasonOf(outcome) });
      this.#isFailing = true;
    }
    this.#count();
  }

  /** The receiver may warn of each profile, in a text that is never the same. */
  #warn(warning: string | undefined): void {
    if (warning === undefined) return;
    if (isLogged(this.#warnings++))
      this.#log('warn', 'the receiver warns', {
        push: this.#target!.shown,
        warning,
        warnings: this.#warnings,
      });
  }

  #drop(count: number): void {
    this.#metrics.add('profiles_dropped_total', count);
    if (isLogged(this.#dropped, count))
      this.#log('warn', 'profiles are dropped: the queue or the folder is full', {
        dropped: this.#dropped + count,
      });
    this.#dropped += count;
  }

  #count(): void {
    this.#metrics.set('queue_profiles', this.#queue?.count ?? 0);
    this.#metrics.set('queue_bytes', this.#queue?.bytes ?? 0);
  }
}

function reasonOf(outcome: Exclude<SendOutcome, { kind: 'delivered' }>): string {
  if (outcome.kind !== 'in-part') return outcome.reason;
  return `it took only a part of the profile${outcome.said === '' ? '' : `: ${outcome.said}`}`;
}

function targetOf(config: AgentConfig, environment: Environment): PushTarget | undefined {
  const { push, pushFormat: format, pushTokenFile: tokenFile } = config;
  return push === undefined ? undefined : pushTarget(push, { format, tokenFile, environment });
}

/** systemd makes the folder and names it: StateDirectory= of systemd.exec(5). */
function queueOfService(environment: Environment): string | undefined {
  const [first] = (environment['STATE_DIRECTORY'] ?? '').split(':');
  return first === '' || first === undefined ? undefined : `${first}/queue`;
}
