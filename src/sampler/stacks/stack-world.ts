import { python3_13 } from '../../cpython/layouts/python3_13.js';
import { anyWay, Reading } from '../../cpython/stack/reading.js';
import { FakeMemory } from '../../memory/fake-memory.js';
import type { KnownCode } from '../code-table.js';
import { CallSites } from '../evidence/call-sites.js';
import { Callables } from '../evidence/callables.js';
import { ProvenCalls } from '../evidence/proven-calls.js';
import { Judge, type Judgement } from './judge.js';
import { LastStack } from './last-stack.js';
import { Sites } from './sites.js';
import { StackTree } from './stack-tree.js';

/** Of a `MomentMemory`: what is read here does not change meanwhile. */
const unchanging = { isStill: () => true, forget: () => {} };

/** What readings are judged with, for tests: of no process, with code objects that are numbers. */
export class StackWorld {
  readonly memory = new FakeMemory();
  readonly sites = new Sites();
  readonly proven = new ProvenCalls();
  readonly callSites = new CallSites(Object.assign(this.memory, unchanging), python3_13, this.sites);
  readonly callables = new Callables(this.memory, python3_13);
  readonly tree: StackTree;
  readonly #judge: Judge;
  #stacks = 1;

  constructor(codeAt: (address: number) => KnownCode | undefined = () => undefined) {
    const { sites, callSites, callables, proven } = this;
    this.tree = new StackTree({ sites, codeAt, truncatedStack: 1, describe: () => ++this.#stacks });
    this.#judge = new Judge({ sites, callSites, callables, proven, tree: this.tree });
  }

  /** A reading of these code objects, the innermost first, each at its first instruction. */
  reading(...codes: number[]): Reading {
    const reading = new Reading();
    for (const code of codes) reading.add(this.sites.siteAt(code, code + 8), 0, anyWay);
    return reading;
  }

  judge(codes: readonly number[], { isStable = true } = {}): Judgement {
    return { ...this.#judge.judge(this.reading(...codes), new LastStack(), isStable) };
  }

  /** The one calls the other at its first instruction. */
  prove(caller: number, callee: number): void {
    const { sites } = this;
    const site = sites.siteAt(caller, caller + 8);
    this.proven.prove(site, sites.codeOf(site), sites.codeAt(callee));
  }
}
