import { ByteBudget, withByteBudget } from '../../binary/byte-source.js';
import { type Elf, readElf } from '../../binary/elf/elf.js';
import { ByteReader } from '../../bytes/byte-reader.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import { PyglassError } from '../../model/error.js';
import { loadBiases } from '../locate/load-bias.js';
import type { MappedImage } from '../locate/locate.js';

/**
 * `Py_AsyncioModuleDebugOffsets`, from 3.14 on in a section `.AsyncioDebug` of the module `_asyncio`, or of the file
 * into which it is built (CPython Modules/_asynciomodule.c). Thirteen u64:
 *
 *   task         size │ name │ awaited_by │ is_task │ awaited_by_is_set │ coro │ node
 *   interpreter  size │ tasks_head
 *   thread       size │ running_loop │ running_task │ tasks_head
 */
export interface AsyncioDebug {
  readonly task: {
    readonly size: number;
    readonly name: number;
    readonly awaitedBy: number;
    readonly awaitedBySet: number;
    readonly coroutine: number;
    /** Its place in the list of tasks: pointers to the next and the previous place. */
    readonly node: number;
  };
  /** Of an interpreter: head of the list of tasks whose threads have ended. */
  readonly tasksOfInterpreter: number;
  readonly thread: { readonly loop: number; readonly task: number; readonly tasks: number };
}

const fieldCount = 13;
const section = '.AsyncioDebug';
const pageSize = 4096;
/** Headers and the build id lie in there. */
const firstBytes = 2048;
/** Interpreter states take some 300 kB. */
const largestOffset = 1 << 22;
/** Of the headers of the files that are looked at. */
const mostBytes = 32 << 20;

/** `undefined`: asyncio is not loaded (yet), or is older than 3.14. `image`: the file that has Python. */
export function findAsyncioDebug(
  images: readonly MappedImage[],
  memory: TargetMemory,
  image: string,
): AsyncioDebug | undefined {
  const budget = new ByteBudget(mostBytes);
  const isModule = ({ path }: MappedImage) => /\/_asyncio\.[^/]*\.so$/.test(path);
  const candidates = [
    ...images.filter((one) => isModule(one)),
    ...images.filter(
      ({ path }) => path === image || /^(?:lib)?python/i.test(path.slice(path.lastIndexOf('/') + 1)),
    ),
  ];
  for (const candidate of candidates) {
    const found = debugIn(candidate, memory, budget);
    if (found) return found;
  }
  return undefined;
}

function debugIn(image: MappedImage, memory: TargetMemory, budget: ByteBudget): AsyncioDebug | undefined {
  const source = image.open();
  if (!source) return undefined;
  try {
    const elf = readElf(withByteBudget(source, budget));
    const found = elf?.sections.find(({ name }) => name === section);
    if (!elf || !found) return undefined;
    for (const bias of loadBiases(elf.segments, image.mappings)) {
      if (!isLoaded(memory, elf, bias)) continue;
      const bytes = memory.read(found.address + bias, fieldCount * 8);
      const debug = bytes && debugOf(bytes);
      if (debug) return debug;
    }
  } catch (error) {
    if (!(error instanceof PyglassError)) throw error;
  } finally {
    source.close?.();
  }
  return undefined;
}

/** Whether the file is the one in memory, and not another that has come in its place: they begin alike. */
function isLoaded(memory: TargetMemory, { segments, source }: Elf, bias: number): boolean {
  const head = segments.find(({ offset }) => offset === 0);
  const length = Math.min(firstBytes, head?.fileSize ?? 0);
  const page = source.read(0, Math.min(pageSize, head?.fileSize ?? 0))?.subarray(0, length);
  const loaded = head && memory.read(bias + head.address, length);
  return page !== undefined && loaded !== undefined && page.every((byte, at) => byte === loaded[at]);
}

/** `undefined` when these cannot be offsets. */
export function debugOf(bytes: Uint8Array): AsyncioDebug | undefined {
  const reader = new ByteReader(bytes);
  const fields = Array.from({ length: fieldCount }, (_, at) => reader.u64(at * 8));
  if (!fields.every((field) => field > 0 && field < largestOffset)) return undefined;
  const [size, name, awaitedBy, , awaitedBySet, coroutine, node, , tasksOfInterpreter, , ...thread] =
    fields as [number, number, number, number, number, number, number, number, number, ...number[]];
  const isWithin = [name, awaitedBy, awaitedBySet, coroutine, node].every((field) => field < size);
  if (!isWithin) return undefined;
  return {
    task: { size, name, awaitedBy, awaitedBySet, coroutine, node },
    tasksOfInterpreter,
    thread: { loop: thread[0]!, task: thread[1]!, tasks: thread[2]! },
  };
}
