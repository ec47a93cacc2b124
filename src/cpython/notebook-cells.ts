import { isPointer, readPointer } from '../memory/pointers.js';
import { withReadBudget } from '../memory/read-budget.js';
import type { TargetMemory } from '../memory/target-memory.js';
import type { Layout } from './layout.js';
import { type DictEntry, dictEntries, dictValue } from './objects/dicts.js';
import { attributeOf } from './objects/instances.js';
import { readInt } from './objects/integers.js';
import { isInstance, TypeFlag } from './objects/type-flags.js';

const mostModules = 50_000;
const mostCells = 50_000;
/** Regions read for one name; a kernel with 3,000 modules and 1,000 cells needs some 5,000. */
const mostReads = 100_000;

/** Files that ipykernel would write a cell to for a debugger, named by a hash of its text. */
const ofKernel = /\/ipykernel_\d+\/\d+\.py$/;
/** What IPython itself calls a cell. */
const ofShell = /^<ipython-input-(\d+)-[0-9a-f]+>$/;

/** Finds the numbers of a notebook's cells by the names of the files that they are compiled as. */
export class NotebookCells {
  readonly #target: TargetMemory;
  readonly #layout: Layout;
  readonly #interpreter: () => number;
  #numbers = 0;

  /** `interpreter`: address of the main one. */
  constructor(memory: TargetMemory, layout: Layout, interpreter: () => number) {
    this.#target = memory;
    this.#layout = layout;
    this.#interpreter = interpreter;
  }

  /**
   * The number of the cell that was last run as this file: the same text run again is the same file. `undefined` when
   * it is no cell, or none that IPython knows.
   */
  numberOf(fileName: string): number | undefined {
    const shell = ofShell.exec(fileName);
    if (shell) return Number(shell[1]);
    if (!ofKernel.test(fileName)) return undefined;
    const memory = withReadBudget(this.#target, mostReads);
    const known = this.#numberIn(memory, fileName);
    if (known !== undefined) return known;
    this.#numbers = this.#findNumbers(memory);
    return this.#numberIn(memory, fileName);
  }

  #numberIn(memory: TargetMemory, fileName: string): number | undefined {
    const entries = dictEntries(memory, this.#layout, this.#numbers, mostCells);
    const number = readInt(memory, this.#layout, dictValue(memory, this.#layout, entries, fileName));
    return number !== undefined && number > 0 ? number : undefined;
  }

  /**
   * The dict from file names to numbers in which IPython looks for tracebacks: of the compiler of the one shell there
   * is.
   *
   *   sys.modules['IPython.core.interactiveshell'].InteractiveShell._instance.compile._filename_map
   */
  #findNumbers(memory: TargetMemory): number {
    const layout = this.#layout;
    const named = (entries: readonly DictEntry[], name: string) => dictValue(memory, layout, entries, name);
    const dictAt = (address: number) =>
      dictEntries(memory, layout, readPointer(memory, address), mostModules);
    const modules = dictAt(this.#interpreter() + layout.interpreter.modules);
    const module = named(modules, 'IPython.core.interactiveshell');
    // PyModuleObject (Include/internal/pycore_moduleobject.h): md_dict follows the object header.
    const shell = isPointer(module) ? named(dictAt(module + layout.object.size), 'InteractiveShell') : 0;
    if (!isPointer(shell) || !isInstance(memory, layout, shell, TypeFlag.type)) return 0;
    const instance = named(dictAt(shell + layout.typeObject.dict), '_instance');
    const compiler = isPointer(instance) ? attributeOf(memory, layout, instance, 'compile') : 0;
    return isPointer(compiler) ? attributeOf(memory, layout, compiler, '_filename_map') : 0;
  }
}
