import { WayToCall } from '../../cpython/calls/call-sites.js';
import type { Reading } from '../../cpython/stack/reading.js';
import type { NodeId, SiteId } from '../../model/ids.js';
import type { CallSites } from '../evidence/call-sites.js';
import type { Callables } from '../evidence/callables.js';
import type { ProvenCalls } from '../evidence/proven-calls.js';
import type { Sites } from './sites.js';
import { noNode, type StackTree } from './stack-tree.js';

/*
 * What a reading of two moments may have been at the first of them: that at which the current-frame pointer was copied,
 * which is the moment of the sample. None of these changes the reading.
 */

export interface RepairParts {
  readonly sites: Sites;
  readonly callSites: CallSites;
  readonly callables: Callables;
  readonly proven: ProvenCalls;
  readonly tree: StackTree;
}

/** Another site for a frame, and the node of it. */
export interface StandIn {
  readonly site: SiteId;
  readonly node: NodeId;
}

/**
 * The caller had gone on when it was copied:
 *
 *   program   f at site 1 ── g runs ──── return ── f at site 2 ───►
 *   copy            │ pointer: g │ frame of g │      │ frame of f │
 *
 * g stands below f at a site where f is known to call g. `caller`: the node of frame `at + 1` as it was copied.
 */
export function callerBeforeReturn(
  { sites, proven, tree }: RepairParts,
  reading: Reading,
  at: number,
  caller: NodeId,
): StandIn | undefined {
  // Below a C function the caller did not move: it is still in that call.
  if (reading.callee[at + 1]! > 0 && (reading.ways[at]! & WayToCall.throughC) !== 0) return undefined;
  const copied = reading.site[at + 1]!;
  const site = proven.siteOf(sites.codeOf(copied), sites.codeOf(reading.site[at]!));
  // Of code that was replaced no pair is known: it has another number.
  if (site < 0 || site === copied) return undefined;
  const node = tree.below(tree.parentOf(caller), site as SiteId);
  return node < 0 ? undefined : { site: site as SiteId, node };
}

/**
 * The innermost frame was another function's by the time that it was copied:
 *
 *   program   f calls g: g is on f's value stack ── g runs ── return ── h runs in the same place ───►
 *   copy            │ pointer │ frame of f: calls g │                    │ frame of h │
 *
 * g stands below f, at its beginning: functions that are short compared to a reading often change under it. The node of
 * that; `noNode` when f has no function of Python to be called.
 */
export function calleeInstead(
  { sites, callSites, callables, proven, tree }: RepairParts,
  reading: Reading,
  caller: NodeId,
): NodeId {
  const fn = reading.count > 1 ? -reading.callee[1]! : 0;
  if (fn <= 0 || tree.siteOf(caller) !== reading.site[1]) return noNode;
  // What it ran when it was looked at may be gone, and the function with it.
  const address = callables.pythonFunctions.codeOf(fn, callables.moment.now);
  if (address === 0) return noNode;
  const code = sites.codeAt(address);
  const site = tree.siteOf(caller);
  if (!callSites.mayLoad(site, code)) return noNode;
  proven.prove(site, sites.codeOf(site), code);
  return tree.below(caller, callSites.startOf(address));
}
