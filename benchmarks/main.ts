// `npm run bench`: what pyglass costs and how true it is, beside other profilers. Usage: docs/performance.md.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kindsOfChurn, measureChurn } from '../tests/accuracy/churn.js';
import { accuracyPrograms, parallelProgram } from '../tests/accuracy/suite.js';
import {
  anyPython,
  freeThreadedPythons,
  knownOf,
  pythons,
  type TestPython,
} from '../tests/support/pythons.js';
import { type AccuracyRow, accuracyOf, accuracySettings, impossibleStacks } from './accuracy.js';
import { sayAgentCosts } from './agent.js';
import { measureChildren } from './children.js';
import { dayCosts } from './day.js';
import { comparePairs, recordRuns } from './diff-pairs.js';
import { compareSeveral } from './diff-several.js';
import { promisedScenarios, promises, shown } from './done-when.js';
import { simulateOutage } from './fleet-outage.js';
import { fleetTraffic } from './fleet-traffic.js';
import { type PageCosts, reportCosts } from './html-report.js';
import { memoryOverTime } from './memory.js';
import { comparePeers, type PeerRow } from './peer-rounds.js';
import { allScenarios, type PeerScenario, usualScenarios } from './peer-scenarios.js';
import { renderPage } from './render.js';
import { requestCosts } from './requests.js';
import { asPart, forget, hasResults, keep, readResults } from './results.js';
import { compareServer, type RouteComparison } from './servers.js';
import { type StartRow, startTimes } from './start.js';
import { taskCosts } from './tasks.js';
import { timedServers } from './timed-servers.js';
import { parsedFlags, refuse } from './usage.js';

const { values: flags, positionals } = parsedFlags();

const parts: Readonly<Record<string, () => Promise<void>>> = {
  all: async () => {
    forget();
    await peers(usualScenarios);
    await accuracy(promisedPythons());
    await impossible();
    await memory();
    await start();
    sayPromises();
    renderPage(readResults());
  },
  'done-when': async () => {
    forget();
    await peers(promisedScenarios);
    await accuracy(promisedPythons());
    await impossible();
    await memory();
    await start();
    sayPromises();
  },
  peers: () => peers(flags.full ? allScenarios : usualScenarios),
  accuracy: () => accuracy(allPythons()),
  impossible,
  churn,
  children,
  memory,
  requests,
  tasks,
  servers,
  report,
  agent: () => sayAgentCosts(anyPython(), minutes),
  fleet,
  day,
  diff,
  start,
  render: async () => {
    // The tables of the last time would be gone.
    if (!hasResults()) refuse('Nothing was measured since the last tables.\n\n');
    renderPage(readResults());
  },
};

async function requests(): Promise<void> {
  for (const { image, perSample } of requestCosts())
    console.log(`${image}: ${perSample.toFixed(2)} µs a sample`);
}

async function tasks(): Promise<void> {
  const looks = flags.quick ? 40 : 100;
  for (const python of allPythons().filter((one) => knownOf(one).asyncio))
    for (const [count, longest] of [
      [100, 0.2],
      [1000, 0.1],
      [1000, 20],
      [10_000, 20],
    ] as const) {
      const { median, slowest, part, turns, longestTurn } = await taskCosts(python, {
        tasks: count,
        longest,
        looks,
      });
      console.log(
        `${python.version.padEnd(8)} ${count} tasks that sleep up to ${longest} s: ${median.toFixed(1)} ms a look, ` +
          `at most ${slowest.toFixed(1)}: ${percent(part)} of a processor; between ${turns} ticks, ` +
          `the longest turn ${longestTurn.toFixed(1)} ms`,
      );
    }
}

async function fleet(): Promise<void> {
  const hosts = Number(flags.hosts);
  for (const row of await fleetTraffic(hosts))
    console.log(
      `${row.format} ${row.kind}: ${row.bytes.toFixed(0)} bytes a request, body ${row.body.toFixed(0)}; ` +
        `${row.requestsPerSecond.toFixed(0)} a second, ${row.senderMicroseconds.toFixed(0)} µs of CPU to send, ` +
        `${row.receiverMicroseconds.toFixed(0)} to receive`,
    );
  for (const [spread, capacity] of [
    [0, Number.POSITIVE_INFINITY],
    [0.8, Number.POSITIVE_INFINITY],
    [0.8, hosts / 2],
  ] as const) {
    const { busiest, firstDelivered, ...rest } = await simulateOutage({ hosts, capacity, spread });
    const { attemptsDuring, longestQueue, recovered, delivered, made } = rest;
    console.log(
      `${hosts} hosts, spread over ${percent(spread)} of a window, at most ${capacity} a second: ` +
        `busiest second ${busiest.before} before, ${busiest.during} during, ${busiest.after} after; ` +
        `${attemptsDuring.toFixed(0)} attempts a host in the hour; queue ${longestQueue}; ` +
        `first after ${shown(firstDelivered.median)} s, last host ${shown(firstDelivered.last)} s, ` +
        `all after ${shown(recovered)} s; ${delivered} of ${made} delivered`,
    );
  }
}

async function servers(): Promise<void> {
  const seconds = flags.quick ? 3 : 8;
  const words = positionals.slice(1);
  const wanted = timedServers.filter(
    ({ name }) => words.length === 0 || words.some((word) => name.includes(word)),
  );
  const python = anyPython();
  for (const server of wanted) {
    const { machine, value } = await asPart(() =>
      compareServer(python, server, seconds).catch((error: Error) => error),
    );
    if (value instanceof Error) {
      console.log(`\n${server.name}: not compared: ${value.message}`);
      process.exitCode = 1;
      continue;
    }
    const { routes, elsewhere, ticks, missed } = value;
    console.log(
      `\n${server.name} (client, server, pyglass) on ${python.version}: ${percent(elsewhere)} of the time elsewhere, ` +
        `${missed} of ${ticks + missed} ticks missed, load ${machine.load.map(shown).join(' to ')}`,
    );
    for (const route of routes) sayRoute(route);
  }
}

function sayRoute({ route, client, server, seen, agreesWith }: RouteComparison): void {
  const all = [client, server, seen];
  const ms = (of: 'p50' | 'p95') => all.map((times) => times?.[of].toFixed(1) ?? '-').join(', ');
  const shares = all.map((times) => percent(times?.share ?? 0)).join(', ');
  const verdict = agreesWith.length > 0 ? `as the ${agreesWith.join(' and the ')} has it` : 'OFF';
  console.log(
    `  ${route.padEnd(20)} ${client.requests} sent, ${seen?.requests ?? 0} seen; ` +
      `share ${shares}; p50 ${ms('p50')} ms; p95 ${ms('p95')} ms: ${verdict}`,
  );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

async function report(): Promise<void> {
  const costs = await reportCosts();
  if (!costs) return console.log('There is no browser here.');
  sayPage(`${costs.samples} samples, ${costs.stacks} stacks`, costs);
}

/** Runs of a folder are kept, and compared again by another version. */
async function diff(): Promise<void> {
  const folder = flags.folder ?? mkdtempSync(join(tmpdir(), 'pyglass-diff-'));
  try {
    await recordRuns(anyPython(), folder, { runs: flags.quick ? 4 : 12, seconds: 10 }, console.log);
    const several = Number(flags.several);
    if (several > 1)
      return compareSeveral(folder, several).forEach(({ pace, rate, mode, comparisons, called, found }) => {
        console.log(
          `${pace || 'all'} rounds a second, ${rate} samples a second, ${mode}, ${several} runs of each: of ${comparisons} ` +
            `comparisons of one program ${called} called a change; the slower function found in ${found} of ${comparisons}`,
        );
      });
    for (const of of comparePairs(folder))
      console.log(
        `${of.pace || 'all'} rounds a second, ${of.rate} samples a second, ${of.mode}: busy ${percent(of.busy)}; ` +
          `of ${of.equal} equal pairs ${of.wrong} called a change that was none (half of them of ${of.runsOfWrong} runs), ${of.real} one that was; a function that takes ${of.truth.toFixed(2)} times as long ` +
          `found in ${of.found} of ${of.different}, ${percent(of.smallest)} would be; others called in ${of.others}`,
      );
  } finally {
    if (flags.folder === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

async function day(): Promise<void> {
  const costs = await dayCosts();
  if (!costs) return console.log('There is no browser here.');
  sayPage(`a day: ${costs.ticks} ticks of ${costs.threads} threads, ${costs.runs} runs`, costs);
}

function sayPage(what: string, costs: PageCosts & { megabytes: number; writeSeconds: number }): void {
  console.log(
    `${what}: ${costs.megabytes.toFixed(2)} MB, written in ${costs.writeSeconds.toFixed(2)} s, ` +
      `the answer after ${costs.answerSeconds.toFixed(2)} s, all after ${costs.openSeconds.toFixed(2)} s; zoom ${costs.zoomMilliseconds.toFixed(0)} ms, ` +
      `search ${costs.searchMilliseconds.toFixed(0)} ms, filters keep it for ${costs.filterMilliseconds.toFixed(0)} ms at most`,
  );
}

const childrenPerSecond = 50;

/** How long each piece of code runs, seconds. */
const piecesOfCode = 0.004;

const [rounds, minutes] = [Number(flags.rounds), Number(flags.minutes)];
const part = parts[positionals[0] ?? 'all'];
if (!part || (positionals.length > 1 && part !== servers) || !(rounds >= 1) || !(minutes > 0)) refuse();
await part();

async function peers(scenarios: readonly PeerScenario[]): Promise<void> {
  for (const scenario of scenarios.filter(({ name }) => isWanted(name))) {
    console.log(`\n${scenario.name}`);
    const measured = await asPart(() => comparePeers(scenario, rounds, sayPeer));
    const { at, machine, value } = measured;
    keep((results) => {
      results.peers[scenario.name] = { at, machine, value: value.rows };
      results.absentPeers = value.absent;
    });
  }
}

function sayPeer({ peer, peerVersion, python, figures, rounds, error }: PeerRow): void {
  const of = (name: keyof PeerRow['figures'], digits = 1) =>
    figures[name]?.median.toFixed(digits).padStart(8) ?? '       -';
  console.log(
    `${`${peer} ${peerVersion}`.padEnd(27)} ${python.padEnd(8)} ${of('achievedRate', 0)}/s, good ${of('goodStacksPerSecond', 0)}/s (${of('goodStacksPerCpuSecond', 0)} a CPU-s), ` +
      `lost ${of('lostPercent', 3)} %, wrong ${of('wrongPercent', 3)} %, CPU ${of('cpuPercent', 2)} %, ` +
      `slowdown ${of('slowdownPercent', 2)} %, shares off by ${of('offByPoints', 2)}, ` +
      `${((figures.peakMemoryBytes?.median ?? 0) / 1e6).toFixed(0)} MB; ${rounds} rounds`,
  );
  if (error !== null) console.log(`  ${error}`);
}

async function accuracy(of: readonly TestPython[]): Promise<void> {
  const settings = accuracySettings(flags.quick ? 2 : 10);
  for (const python of [...of, ...withoutGil()]) {
    const programs = python.isFreeThreaded ? [parallelProgram] : accuracyPrograms;
    for (const program of programs.filter(({ file }) => isWanted(file))) {
      const measured = await asPart(() => accuracyOf(python, program, settings, sayAccuracy));
      keep((results) => {
        results.accuracy[`${python.version} ${program.file}`] = measured;
      });
    }
  }
}

function sayAccuracy(row: AccuracyRow): void {
  const core = row.sameCore ? 'one core' : 'two cores';
  const shares = Object.entries(row.shares).map(
    ([name, { sampled, truth }]) => `${name} ${(sampled * 100).toFixed(1)} (${(truth * 100).toFixed(1)})`,
  );
  console.log(
    `${row.python.padEnd(8)} ${row.program.padEnd(16)} ${String(row.rate).padStart(6)}/s ${core.padEnd(9)} ` +
      `off by ${row.worstPoints.toFixed(2)} ± ${row.noisePoints.toFixed(2)} points, torn ${row.tornPercent.toFixed(3)} %, ` +
      `missed ${row.missedPercent.toFixed(1)} %, impossible ${row.impossible} of ${row.samples}, unseen ${row.unseen}: ${shares.join(', ')}`,
  );
}

async function impossible(): Promise<void> {
  for (const python of [...promisedPythons(), ...withoutGil()]) {
    const measured = await asPart(() => impossibleStacks(python, 10));
    const { program, samples, impossible: found } = measured.value;
    console.log(`${python.version} ${program} flat out: impossible ${found} of ${samples}`);
    keep((results) => {
      results.impossible[python.version] = measured;
    });
  }
}

async function churn(): Promise<void> {
  const seconds = flags.quick ? 2 : 10;
  for (const python of allPythons())
    for (const kind of kindsOfChurn.filter(isWanted))
      for (const rate of [1000, 10_000]) {
        const result = await measureChurn(python, { kind, pieces: piecesOfCode, rate, seconds });
        const { samples, wrong, torn, share } = result;
        const off = (share.sampled - share.truth) * 100;
        console.log(
          `${python.version.padEnd(8)} ${kind.padEnd(10)} ${String(rate).padStart(6)}/s ` +
            `wrong ${((wrong / samples) * 100).toFixed(3)} %, torn ${((torn / samples) * 100).toFixed(2)} %, ` +
            `share of the pieces off by ${off.toFixed(2)} points (${(share.truth * 100).toFixed(1)}); ${samples} samples`,
        );
      }
}

async function children(): Promise<void> {
  const seconds = flags.quick ? 5 : 20;
  for (const python of promisedPythons())
    for (const kind of (['spawn', 'fork'] as const).filter(isWanted)) {
      const row = await measureChildren(python, kind, childrenPerSecond, seconds);
      console.log(
        `${row.python.padEnd(8)} ${kind.padEnd(6)} ${row.perSecond}/s: recorded ${row.recorded} of ${row.started}, ` +
          `missed ${row.missedPercent.toFixed(2)} % (${row.missedWithoutPercent.toFixed(2)} % without children, ` +
          `${row.missedByEmptyLoopPercent.toFixed(2)} % by an empty loop instead of pyglass), ` +
          `CPU ${row.cpuPerChild.toFixed(1)} ms a child`,
      );
    }
}

async function memory(): Promise<void> {
  const measured = await asPart(() => memoryOverTime(anyPython(), minutes));
  const { growthPerHourBytes, memoryBytes, recordingBytesPerSample, samples } = measured.value;
  console.log(
    `memory ${shown(memoryBytes / 1e6)} MB, grows by ${shown(growthPerHourBytes / 1e6)} MB an hour; ` +
      `recording ${shown(recordingBytesPerSample)} bytes a sample (${samples.toLocaleString('en')} samples)`,
  );
  keep((results) => {
    results.memory = measured;
  });
}

async function start(): Promise<void> {
  for (const python of allPythons()) {
    const measured = await asPart(() => startTimes(python, rounds, sayStart));
    keep((results) => {
      results.start[python.version] = measured;
    });
  }
}

function sayStart({ python, target, node, version, dump, firstSample, attach, nodeStarts }: StartRow): void {
  const ms = ({ median }: StartRow['node']) => `${median.toFixed(0)} ms`;
  console.log(
    `${python.padEnd(8)} ${target.padEnd(20)} node ${ms(node)}, --version ${ms(version)}, dump ${ms(dump)}, ` +
      `first sample ${ms(firstSample)} (${nodeStarts.toFixed(1)} starts of Node), attach ${ms(attach)}`,
  );
}

function sayPromises(): void {
  const words = new Map([
    [true, 'met  '],
    [false, 'SHORT'],
    [null, '?    '],
  ]);
  console.log('');
  for (const { promise, measured, met } of promises(readResults()))
    console.log(`${words.get(met)}  ${promise}: ${measured}`);
}

function isWanted(name: string): boolean {
  return flags.only.every((word) => name.includes(word));
}

function allPythons(): TestPython[] {
  return [...pythons().values()].filter((python) => typeof python !== 'string');
}

/** Their threads run at once. */
function withoutGil(): TestPython[] {
  return [...freeThreadedPythons().values()].filter((python) => typeof python !== 'string');
}

/** One for each way of reading: frames as objects, frames in chunks, and the newest. */
function promisedPythons(): TestPython[] {
  return allPythons().filter(({ minor }) => [10, 13, 15].includes(minor));
}
