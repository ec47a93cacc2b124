import { type Command, Option } from 'commander';
import { plural } from '../analysis/human-units.js';
import type { PushedProfiles } from '../delivery/push-recording.js';
import type { PushTarget } from '../delivery/push-target.js';
import { type ReceiverId, receiverIds } from '../model/receiver-id.js';
import type { Terminal } from './terminal.js';

/** Where a recording goes besides files. */
export interface PushFlags {
  readonly push?: string;
  readonly pushFormat?: ReceiverId;
  readonly pushTokenFile?: string;
  readonly service?: string;
}

export function addPushFlags(command: Command): Command {
  return command
    .option('--push <url>', 'send it to the receiver at this URL as well (docs/fleet.md)')
    .addOption(
      new Option('--push-format <format>', 'format of the receiver')
        .choices(receiverIds)
        .default(undefined, receiverIds[0]),
    )
    .option('--push-token-file <file>', 'file with the token for --push [PYGLASS_PUSH_TOKEN]')
    .option('--service <name>', 'service name for --push [by the command line]');
}

/** Checked before anything is recorded in vain. Throws `bad-option` and file errors. */
export async function pushTargetOf({
  push,
  pushFormat,
  pushTokenFile,
}: PushFlags): Promise<PushTarget | undefined> {
  if (push === undefined) return undefined;
  const { pushTarget } = await import('../delivery/push-target.js');
  return pushTarget(push, { format: pushFormat, tokenFile: pushTokenFile, environment: process.env });
}

export function sayPushed(terminal: Terminal, { shown }: PushTarget, pushed: PushedProfiles): void {
  const { sent, inPart, said } = pushed;
  if (sent === 0) terminal.say(`Nothing to push to ${shown}: no time is shown.`);
  else terminal.say(`Pushed ${plural(sent, 'profile')} to ${shown}.`);
  if (inPart > 0)
    terminal.say(
      `The receiver took ${plural(inPart, 'profile')} only in part${said === '' ? '.' : `: ${said}`}`,
    );
}
