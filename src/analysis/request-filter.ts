import type { Profile } from '../model/profile.js';
import { requestsOfContexts, seenRequests } from './requests.js';
import type { RequestView } from './view-options.js';

/** Whether a view shows what has this context. */
export function requestFilter(profile: Profile, view: RequestView): (context: number) => boolean {
  const { numberOf, routeOf } = bound(profile);
  const fits = view.route === undefined ? () => true : routePattern(view.route);
  const slow = view.slowerThan === undefined ? undefined : slowRequests(profile, view.slowerThan);
  const answers = new Map<number, boolean>();
  return (context) => {
    const request = numberOf(context);
    if (request < 0) return false;
    let answer = answers.get(request);
    if (answer === undefined) {
      answer = fits(routeOf(request) ?? '') && (slow === undefined || slow.has(request));
      answers.set(request, answer);
    }
    return answer;
  };
}

function bound(profile: Profile) {
  const requests = requestsOfContexts(profile);
  return {
    numberOf: (context: number) => requests.numberOf(context),
    routeOf: (request: number) => requests.routeOf(request),
  };
}

function slowRequests(profile: Profile, longerThan: number): Set<number> {
  return new Set(
    seenRequests(profile).flatMap(({ number, first, last }) => (last - first > longerThan ? [number] : [])),
  );
}

/** Of the whole route; `*` is any number of any characters. In time that grows with both texts, whatever they are. */
export function routePattern(pattern: string): (route: string) => boolean {
  const parts = pattern.split('*');
  return (route) => {
    if (parts.length === 1) return route === pattern;
    const [start, end] = [parts[0]!, parts.at(-1)!];
    if (!route.startsWith(start) || !route.endsWith(end) || route.length < start.length + end.length)
      return false;
    let at = start.length;
    for (const part of parts.slice(1, -1)) {
      const found = route.indexOf(part, at);
      if (found < 0 || found + part.length > route.length - end.length) return false;
      at = found + part.length;
    }
    return true;
  };
}
