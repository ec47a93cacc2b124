import { lineWithin } from '../cpython/bytecode-copies.js';
import { firstInstructionOf, instructionOffset } from '../cpython/code-unit.js';
import { readVariableNames, readVariables, type VariableNames } from '../cpython/locals.js';
import type { RuntimeLocation } from '../cpython/locate/locate.js';
import { ValueRead } from '../cpython/values/read-value.js';
import type { ValueLimits } from '../cpython/values/value-source.js';
import { ReadBudget, withReadBudget } from '../memory/read-budget.js';
import type { TargetMemory } from '../memory/target-memory.js';
import type { FrameSnapshot, Variable } from '../model/snapshot.js';
import type { Target } from '../platform/target.js';
import { isInterpretersOwn } from './code-table.js';
import { DumpedCodes } from './dumped-codes.js';
import { shortFileNamesIn } from './file-names.js';

/** Frames of a thread whose variables are read, from the innermost: who looks for more of them looks at a recursion. */
const framesWithVariables = 200;
/** Regions read for the variables of one thread or task, enough for several megabytes of small objects. */
const mostReads = 400_000;
/** The same for the variables of all of them. */
const mostReadsOfAll = 10 * mostReads;
/** The same for the names of all variables. */
const readsForCode = 400_000;

/** Where a frame is. */
interface Site {
  readonly address: number;
  readonly code: number;
  readonly instruction: number;
}

/** Makes what is shown of the frames of a dump. */
export class ShownFrames {
  readonly codes: DumpedCodes;
  readonly #location: RuntimeLocation;
  readonly #limits: ValueLimits | undefined;
  readonly #variableNames = new Map<number, VariableNames>();
  readonly #shortNameOf: (file: string) => string;
  readonly #shortNames = new Map<string, string>();
  readonly #readBudget = new ReadBudget(mostReadsOfAll);
  #memory: TargetMemory;
  #values: ValueRead | undefined;

  /** `limits`: variables are read as far as this; absent: not at all. */
  constructor(target: Target, location: RuntimeLocation, limits: ValueLimits | undefined) {
    this.#memory = target.memory;
    this.#location = location;
    this.#limits = limits;
    this.#shortNameOf = shortFileNamesIn(target, location);
    this.codes = new DumpedCodes(target.memory, location.layout);
  }

  get hasVariables(): boolean {
    return this.#limits !== undefined;
  }

  /** `undefined` when that is no code, or is of the interpreter's own. */
  of({ code: address, instruction }: Pick<Site, 'code' | 'instruction'>): FrameSnapshot | undefined {
    const code = this.codes.at(address);
    if (!code || isInterpretersOwn(code)) return undefined;
    const { layout } = this.#location;
    const { name, qualifiedName, fileName: file, firstLine } = code;
    const offset = instructionOffset(layout.minor, instruction, firstInstructionOf(layout, address));
    const line = lineWithin(layout, code, offset);
    return { kind: 'python', name, qualifiedName, file, shortFile: this.#shortName(file), line, firstLine };
  }

  /** Variables of one thread, or one task, are read in this copy from now on. */
  readValuesIn(memory: TargetMemory): void {
    if (!this.#limits) return;
    this.#memory = memory;
    this.#values = new ValueRead(
      withReadBudget(withReadBudget(memory, this.#readBudget), mostReads),
      this.#location.layout,
      this.#limits,
      this.#values,
    );
  }

  /** The same with its variables, where these are wanted; it is the `position`th, from the innermost. */
  withVariables(shown: FrameSnapshot, frame: Site, position: number): FrameSnapshot {
    if (!this.#values || position >= framesWithVariables) return shown;
    return { ...shown, variables: this.#variables(frame, this.#values) };
  }

  /** What is known of code objects is of others from now on. */
  forgetVariables(): void {
    this.#variableNames.clear();
  }

  #variables(frame: Site, values: ValueRead): Variable[] {
    const { layout } = this.#location;
    let names = this.#variableNames.get(frame.code);
    if (!names) {
      names = readVariableNames(withReadBudget(this.#memory, readsForCode), layout, frame.code);
      this.#variableNames.set(frame.code, names);
    }
    const variables = readVariables(this.#memory, layout, frame.address, names).map(
      ({ name, isArgument, object }) => ({ name, isArgument, value: values.value(object) }),
    );
    return names.inNamespace ? variables.filter(({ value }) => !isDefinition(value.type)) : variables;
  }

  #shortName(file: string): string {
    const short = this.#shortNames.get(file) ?? this.#shortNameOf(file);
    this.#shortNames.set(file, short);
    return short;
  }
}

/** What a module is made of is no news: it is in the source. */
function isDefinition(type: string): boolean {
  return [
    'module',
    'function',
    'type',
    'ABCMeta',
    'EnumMeta',
    'EnumType',
    'builtin_function_or_method',
  ].includes(type);
}
