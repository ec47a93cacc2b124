import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { exitCodes } from '../../src/cli/exit-codes.js';
import { emptyStack, type FunctionKind, type Profile } from '../../src/model/profile.js';
import { pyglass } from './pyglass.js';

/** Runs `act` with an empty folder that is removed afterwards. */
export async function withFolder<T>(act: (folder: string) => Promise<T> | T): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'pyglass-test-'));
  try {
    return await act(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs `act` with a folder that has a recording, `run.pyglass`, in it: one without samples. */
export function withRecording(act: (folder: string, recording: string) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const recording = `${folder}/run.pyglass`;
    const { status, stderr } = await pyglass('record', '-o', recording, '--', 'true');
    assert.equal(status, exitCodes.nothingRecorded, stderr);
    await act(folder, recording);
  });
}

/** Waits until a recording has grown: then what was sampled before is in it. */
export async function untilGrown(path: string): Promise<void> {
  const size = () => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const before = size();
  // Not without a pause: who writes may need the processor.
  while (size() <= before) await pause(10);
}

/** A line of collapsed stacks: frames, outermost first, without their places, and its number of samples. */
export interface RawStack {
  readonly frames: readonly string[];
  readonly names: readonly string[];
  readonly count: number;
}

export function parseRaw(text: string): RawStack[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const at = line.lastIndexOf(' ');
      const frames = line.slice(0, at).split(';');
      return {
        frames,
        names: frames.map((frame) => frame.replace(/ \([^()]*\)$/, '')),
        count: Number(line.slice(at + 1)),
      };
    });
}

/** Of the samples with `whole` on the stack, the share (0 to 1) that has `part` as well. */
export function shareInRaw(text: string, whole: string, part: string): number {
  return share(
    parseRaw(text).map(({ names, count }) => ({ names, weight: count })),
    whole,
    part,
  );
}

export function shareInSpeedscope(text: string, whole: string, part: string): number {
  const file = JSON.parse(text);
  const names: string[] = file.shared.frames.map((frame: { name: string }) => frame.name);
  const stacks = file.profiles.flatMap((profile: { samples: number[][]; weights: number[] }) =>
    profile.samples.map((stack, at) => ({
      names: stack.map((frame) => names[frame]!),
      weight: profile.weights[at]!,
    })),
  );
  return share(stacks, whole, part);
}

/** From the numbers behind the picture. */
export function shareInFlamegraph(svg: string, whole: string, part: string): number {
  const { labels, bars } = JSON.parse(
    /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(svg)![1]!,
  );
  const path: string[] = [];
  const stacks: { names: string[]; weight: number }[] = [];
  bars.depth.forEach((depth: number, bar: number) => {
    path.splice(depth);
    path.push(labels.name[bars.label[bar]]);
    stacks.push({ names: [...path], weight: bars.self[bar] });
  });
  return share(stacks, whole, part);
}

/** Time shown of all threads together, microseconds: stacks that are not empty. */
export function totalOfSpeedscope(text: string): number {
  const { profiles } = JSON.parse(text);
  return profiles
    .flatMap((profile: { samples: number[][]; weights: number[] }) =>
      profile.weights.filter((_, at) => profile.samples[at]!.length > 0),
    )
    .reduce((sum: number, weight: number) => sum + weight, 0);
}

/** Width of the whole picture, microseconds. */
export function totalOfFlamegraph(svg: string): number {
  const { bars } = JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(svg)![1]!);
  return bars.total[bars.depth.indexOf(0)];
}

function share(
  stacks: readonly { names: readonly string[]; weight: number }[],
  whole: string,
  part: string,
): number {
  let all = 0;
  let inPart = 0;
  for (const { names, weight } of stacks) {
    if (!names.includes(whole)) continue;
    all += weight;
    if (names.includes(part)) inPart += weight;
  }
  return all === 0 ? 0 : inPart / all;
}

/** Names of functions on a stack, outermost first. */
export function namesOf(profile: Profile, stack: number, kind?: FunctionKind): string[] {
  const names: string[] = [];
  for (let at = stack; at !== emptyStack; at = profile.stacks.parent.at(at)) {
    const fn = profile.functions[profile.frames.function.at(profile.stacks.frame.at(at))]!;
    if (kind === undefined || fn.kind === kind) names.push(fn.name);
  }
  return names.reverse();
}
