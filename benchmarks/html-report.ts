// What a report of a large recording costs: how large its file is, how long it takes to open, and how long a picture
// takes in a browser. The recording is made up: every sample differs from the one before, which is the worst there is.
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { defaultView } from '../src/analysis/view-options.js';
import { zlibCompression } from '../src/disk/zlib-compression.js';
import { html } from '../src/formats/html/html.js';
import { storedChunks } from '../src/formats/stored-chunks.js';
import { cpuShareShift, Profile, RunFlag, wholeCpuShare } from '../src/model/profile.js';
import { browserFile } from '../tests/support/browser.js';

export interface ReportCosts extends PageCosts {
  readonly samples: number;
  readonly stacks: number;
  readonly megabytes: number;
  readonly writeSeconds: number;
}

export interface PageCosts {
  /** From the start of loading it until the answer is there, and all of the page. */
  readonly answerSeconds: number;
  readonly openSeconds: number;
  /** Milliseconds from an action to the next picture, the longest of several. */
  readonly zoomMilliseconds: number;
  readonly searchMilliseconds: number;
  /** The longest time that a page heard nothing while a filter was counted, of several filters. */
  readonly filterMilliseconds: number;
}

const threadCount = 8;
const interval = 1000;

/** Numbers that look random and are the same each time. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export function largeProfile(samples: number, stackCount: number): Profile {
  const random = sequence(7);
  const profile = new Profile();
  profile.info = { writer: '0.1.0', startedAt: 0, rate: 1e6 / interval, title: 'python large.py' };
  profile.complete = true;
  profile.processes.push({
    pid: 7,
    parentPid: 1,
    commandLine: ['python', 'large.py'],
    pythonVersion: '3.13.0',
  });
  for (let thread = 0; thread < threadCount; thread++)
    profile.threads.push({ process: 0, threadId: 100 + thread, name: `worker-${thread}`, interpreter: 0 });
  const folders = ['/app/shop', '/venv/lib/python3.13/site-packages/django', '/usr/lib/python3.13'];
  const functions = 4000;
  for (let at = 0; at < functions; at++) {
    const file = `module_${at % 200}.py`;
    const name = `function_${at}`;
    profile.functions.push({
      ...{ kind: 'python', name, qualifiedName: `Class${at % 300}.${name}`, firstLine: 1 + (at % 900) },
      ...{ file: `${folders[at % 3]}/${file}`, shortFile: file },
    });
    for (let line = 0; line < 3; line++) {
      profile.frames.function.push(at);
      profile.frames.line.push(2 + (at % 900) + line);
    }
  }
  addStacks(profile, stackCount, random);
  addRuns(profile, samples, stackCount, random);
  return profile;
}

/** Each grows from one of those before, as stacks of a program do; some 15 frames deep. */
function addStacks({ stacks, frames }: Profile, count: number, random: () => number): void {
  const depths = [0];
  for (let at = 1; at <= count; at++) {
    let parent = at <= 20 ? 0 : 1 + Math.floor(random() * (at - 1));
    if (depths[parent]! > 40) parent = 0;
    stacks.parent.push(parent);
    stacks.frame.push(Math.floor(random() * frames.line.length));
    depths.push(depths[parent]! + 1);
  }
}

function addRuns(profile: Profile, samples: number, stackCount: number, random: () => number): void {
  const { runs } = profile;
  const wholly = wholeCpuShare << cpuShareShift;
  const kinds = [
    RunFlag.running | RunFlag.holdsGil | wholly,
    RunFlag.waiting,
    RunFlag.waiting | RunFlag.waitsForGil,
  ];
  const ends = new Array<number>(threadCount).fill(0);
  for (let sample = 0; sample < samples; sample++) {
    const thread = sample % threadCount;
    const time = interval + Math.floor(random() * 60) - 30;
    runs.thread.push(thread);
    // A few stacks have most of the time; any may come.
    runs.stack.push(1 + Math.floor((random() < 0.5 ? random() : random() ** 6) * stackCount));
    runs.flags.push(kinds[Math.floor(random() * kinds.length)]!);
    runs.context.push(0);
    runs.start.push(ends[thread]!);
    runs.duration.push(time);
    runs.samples.push(1);
    ends[thread]! += time;
  }
  profile.duration = Math.max(...ends);
}

/** `undefined` where there is no browser. */
export async function reportCosts(samples = 1_000_000, stacks = 50_000): Promise<ReportCosts | undefined> {
  if (browserFile === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'pyglass-report-'));
  try {
    const file = join(folder, 'profile.html');
    const profile = largeProfile(samples, stacks);
    const begin = performance.now();
    const chunks = [...storedChunks(html, profile, defaultView, zlibCompression)];
    writeFileSync(file, chunks.map(String).join(''));
    const writeSeconds = (performance.now() - begin) / 1e3;
    const megabytes = statSync(file).size / 1e6;
    return { samples, stacks, megabytes, writeSeconds, ...(await pageCosts(file, browserFile)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Opens a report and uses it. */
export async function pageCosts(file: string, executablePath: string): Promise<PageCosts> {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
    await page.goto(`file://${file}`);
    await page.waitForSelector('html[data-ready] .flames canvas', { timeout: 300_000 });
    // As the browser itself has it: to ask it takes longer than it does.
    const secondsUntil = (mark: string) =>
      page.evaluate<number>(`performance.getEntriesByName('${mark}').at(-1).startTime / 1000`);
    const [answerSeconds, openSeconds] = [await secondsUntil('answer'), await secondsUntil('whole')];
    const longest = async (steps: readonly string[]) => {
      let most = 0;
      for (const step of steps) most = Math.max(most, await page.evaluate<number>(pictureAfter(step)));
      return most;
    };
    const click = (y: number) =>
      `{ const box = document.querySelector('.flames canvas'); const { left, top } = box.getBoundingClientRect(); box.dispatchEvent(new MouseEvent('click', { bubbles: true, clientX: left + 300, clientY: top + ${y} })); }`;
    const type = (text: string) =>
      `{ const field = document.querySelector('#search'); field.value = ${JSON.stringify(text)}; field.dispatchEvent(new InputEvent('input', { bubbles: true })); }`;
    return {
      ...{ answerSeconds, openSeconds },
      zoomMilliseconds: await longest([30, 50, 70, 10].map(click)),
      searchMilliseconds: await longest(['f', 'fu', 'function_1', 'function_12', ''].map(type)),
      filterMilliseconds: Math.max(
        ...(await inTurn(filters, (hash) => page.evaluate<number>(longestDeafness(hash)))),
      ),
    };
  } finally {
    await browser.close();
  }
}

/** A thread, a mode, a part of the time, own code, and all again: as they stand in the address. */
const filters = ['thread=2', 'mode=cpu', 'from=1000000&to=60000000', 'own=true', ''];

async function inTurn<T, R>(all: readonly T[], act: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const one of all) results.push(await act(one));
  return results;
}

/** The longest time between two turns of the page, from a choice until what it leaves is shown. */
function longestDeafness(hash: string): string {
  return `new Promise((resolve) => {
    let [last, most, turns] = [performance.now(), 0, 0];
    const turn = () => {
      const now = performance.now();
      most = Math.max(most, now - last);
      last = now;
      if (++turns < 3 || document.querySelector('#view[aria-busy=true]')) setTimeout(turn);
      else resolve(most);
    };
    location.hash = ${JSON.stringify(hash)};
    setTimeout(turn);
  })`;
}

/** From an action until the picture after it was painted. */
function pictureAfter(action: string): string {
  return `new Promise((resolve) => {
    requestAnimationFrame(() => {
      const begin = performance.now();
      ${action}
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => resolve(performance.now() - begin);
        channel.port2.postMessage(0);
      });
    });
  })`;
}
