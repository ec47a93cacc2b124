// The table of routes for scripts: docs/routes-json.md. Fields are added, never renamed.
import { fileName, functionName } from '../../analysis/labels.js';
import { plainJson } from '../../analysis/plain-json.js';
import { type Route, routesOf, unknownRequestTime } from '../../analysis/routes.js';
import { areStatesKnown } from '../../analysis/unknown-cpu.js';
import type { ViewOptions } from '../../analysis/view-options.js';
import type { Profile } from '../../model/profile.js';
import type { OutputFormat } from '../output-format.js';
import type { RouteReport, RoutesReport } from './routes-report.js';

export const routesJson: OutputFormat = {
  id: 'routes-json',
  title: 'Routes for scripts',
  extensions: ['.routes.json'],
  mediaType: 'application/json',
  description: 'the table of routes as JSON, for scripts',
  write: (profile, view) => [`${plainJson(routesReport(profile, view))}\n`],
};

/** What `-f routes-json` writes, as a value. */
export function routesReport(profile: Profile, view: ViewOptions): RoutesReport {
  const routes = routesOf(profile, view);
  const whole = routes.reduce((sum, { time }) => sum + time, 0);
  const samples = routes.reduce((sum, route) => sum + route.samples, 0);
  const isKnown = areStatesKnown(profile);
  return {
    version: 1,
    seconds: seconds(profile.duration),
    intervalSeconds: 1 / profile.info.rate,
    requestSeconds: seconds(whole),
    unknownSeconds: seconds(unknownRequestTime(profile, view)),
    routes: routes.map((route) => routeReport(route, { profile, view, whole, samples, isKnown })),
  };
}

interface Whole {
  readonly profile: Profile;
  readonly view: ViewOptions;
  readonly whole: number;
  readonly samples: number;
  readonly isKnown: boolean;
}

function routeReport(route: Route, { profile, view, whole, samples, isKnown }: Whole): RouteReport {
  const share = whole > 0 ? route.time / whole : 0;
  const { hottest } = route;
  const fn = hottest && profile.functions[hottest.function];
  const inner = hottest && hottest.in !== hottest.function ? profile.functions[hottest.in] : undefined;
  return {
    route: route.name ?? null,
    requests: route.requests,
    seenOnce: route.seenOnce,
    cut: route.cut,
    perSecond: orNull(route.perSecond, (value) => round(value, 3)),
    inFlight: orNull(route.inFlight, (value) => round(value, 3)),
    p50Seconds: orNull(route.p50, seconds),
    p95Seconds: orNull(route.p95, seconds),
    p99Seconds: orNull(route.p99, seconds),
    longestSeconds: seconds(route.longest),
    longestIsCut: route.isLongestCut,
    seconds: seconds(route.time),
    share: round(share, 4),
    shareError: round(1.96 * Math.sqrt((share * (1 - share)) / Math.max(1, samples)), 4),
    waitingShare: isKnown ? round(part(route.waiting, route.time), 4) : null,
    gilWaitingShare: isKnown ? round(part(route.gilWaiting, route.time), 4) : null,
    hottest: fn
      ? {
          function: functionName(fn),
          file: fileName(fn, view) || null,
          line: hottest.line || null,
          in: inner ? functionName(inner) : null,
          share: round(part(hottest.time, route.time), 4),
        }
      : null,
  };
}

function orNull(value: number | undefined, show: (value: number) => number): number | null {
  return value === undefined ? null : show(value);
}

function part(of: number, whole: number): number {
  return whole > 0 ? of / whole : 0;
}

/** Whole microseconds. */
function seconds(microseconds: number): number {
  return Math.round(microseconds) / 1e6;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
