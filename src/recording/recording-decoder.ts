import { unzigzag } from '../bytes/byte-sink.js';
import { emptyStack, type FunctionKind, Profile } from '../model/profile.js';
import { addTicks, type Members } from './add-ticks.js';
import { readChildren } from './children-entry.js';
import { ContextDecoder } from './context-decoder.js';
import { type Counted, DecodedSize, mostEntries } from './decoded-size.js';
import { EntryKind, taskRow } from './format.js';
import { IdRanges } from './id-ranges.js';
import { readInfo } from './info-entry.js';
import { readLongSteps } from './long-steps-entry.js';
import { readLosses } from './losses-entry.js';
import { damaged, PayloadCursor } from './payload-cursor.js';
import { forgetRuns, RunBuilder } from './run-builder.js';
import { readText } from './stored-text.js';
import { readTickBatch } from './tick-batch.js';

/** Stands wherever the definition of something was in a block that is lost. */
const lostName = '<lost>';
const functionKinds: readonly FunctionKind[] = ['python', 'c', 'synthetic'];

/**
 * Builds a profile from the payloads of blocks, in order, while they come or afterwards. A payload that is not as it
 * should be is kept as far as it makes sense and counted in `profile.damagedBlocks`; nothing here throws.
 */
export class RecordingDecoder {
  readonly #profile = new Profile();
  readonly #runs = new RunBuilder(this.#profile.runs);
  readonly #suspended = new RunBuilder(this.#profile.suspended.runs);
  /** Rows of tasks are among those of threads, at times of their own. */
  readonly #tasks = new RunBuilder(this.#profile.runs);
  readonly #slots = new Map<number, number>();
  readonly #size = new DecodedSize();
  /** By index; one is dropped when nothing refers to it any more. */
  readonly #strings = new Map<number, string>();
  #stringCount = 0;
  readonly #stringIds = new IdRanges();
  readonly #processIds = new IdRanges();
  readonly #threadIds = new IdRanges();
  readonly #functionIds = new IdRanges();
  readonly #frameIds = new IdRanges();
  readonly #stackIds = new IdRanges();
  readonly #contexts = new ContextDecoder(this.#profile.contexts, this.#size, {
    get: (id) => this.#string(id),
    forget: (id) => this.#strings.delete(this.#stringIds.find(id)),
  });
  readonly #threadMembers: Members = {
    find: (id) => this.#threadIds.find(id),
    // A thread whose definition is lost still belongs to the process in whose tick it was seen.
    lost: (id, process) => this.#lostThread(id, process, {}),
    processOf: (thread) => this.#profile.threads[thread]!.process,
  };
  /** Rows of tasks have ids of threads; what is in their ticks is one. */
  readonly #taskMembers: Members = {
    ...this.#threadMembers,
    lost: (id, process) => this.#lostThread(id, process, { isTask: true }),
  };
  readonly #otherPlaces = new Map<string, number>();
  readonly #lostProcesses = new Map<number, number>();
  readonly #lostThreads = new Map<number, number>();
  #lostFrameIndex = -1;
  #lostStackIndex = -1;
  #endDuration = -1;

  /** `storedBytes`: what the block takes in its file, which bounds how much may come of it. */
  feed(payload: Uint8Array, storedBytes = payload.length): void {
    const cursor = new PayloadCursor(payload);
    this.#size.grow(storedBytes);
    try {
      for (let entries = 0; cursor.left > 0; entries++) {
        if (entries === mostEntries) throw damaged('it has too many entries');
        const kind = cursor.varint();
        this.#entry(kind, new PayloadCursor(cursor.bytes(cursor.varint())));
      }
    } catch {
      this.skipDamaged();
    }
  }

  /** A block could not be read at all. */
  skipDamaged(): void {
    this.#profile.damagedBlocks++;
  }

  /** All that came so far, runs that go on included. Always the same object: it grows with what is fed later. */
  snapshot(): Profile {
    const profile = this.#profile;
    this.#runs.update();
    this.#suspended.update();
    this.#tasks.update();
    profile.duration = Math.max(this.#endDuration, this.#runs.lastTime, this.#tasks.lastTime);
    profile.complete = this.#endDuration >= 0 && profile.damagedBlocks === 0;
    return profile;
  }

  /**
   * Empties the runs of the snapshot, so that the next one holds what came since. Contexts of requests are forgotten
   * with them in time: see `ContextDecoder.forget`.
   */
  forgetRuns(): void {
    forgetRuns(this.#profile.runs, [this.#runs, this.#tasks]);
    forgetRuns(this.#profile.suspended.runs, [this.#suspended]);
    for (const column of Object.values(this.#profile.longSteps)) column.length = 0;
    this.#contexts.forget(this.#profile.runs.context, this.#profile.suspended.runs.context);
  }

  #entry(kind: number, body: PayloadCursor): void {
    switch (kind) {
      case EntryKind.info:
        this.#profile.info = readInfo(body);
        break;
      case EntryKind.strings:
        this.#readStrings(body);
        break;
      case EntryKind.processes:
        this.#readProcesses(body);
        break;
      case EntryKind.threads:
        this.#readThreads(body);
        break;
      case EntryKind.threadNames:
        this.#readThreadNames(body);
        break;
      case EntryKind.functions:
        this.#readFunctions(body);
        break;
      case EntryKind.frames:
        this.#readFrames(body);
        break;
      case EntryKind.stacks:
        this.#readStacks(body);
        break;
      case EntryKind.contexts:
        this.#contexts.read(body);
        break;
      case EntryKind.ticks:
        this.#readBatch(body, this.#runs, this.#threadMembers);
        break;
      case EntryKind.suspendedTicks:
        this.#readSuspended(body);
        break;
      case EntryKind.taskTicks:
        this.#readBatch(body, this.#tasks, this.#taskMembers);
        break;
      case EntryKind.threadEnds:
        this.#readThreadEnds(body);
        break;
      case EntryKind.longSteps:
        body.varint();
        readLongSteps(body, this.#rows('numbers', body, 3), this.#threadIds, this.#profile.longSteps);
        break;
      case EntryKind.losses:
        readLosses(body, this.#profile.losses);
        break;
      case EntryKind.otherThreads:
        this.#readOtherThreads(body);
        break;
      case EntryKind.end:
        this.#endDuration = body.varint();
        break;
      case EntryKind.children:
        this.#profile.children = readChildren(body.bytes(body.left)) ?? this.#profile.children;
        break;
      // Kinds that came later are of no use to this version and are passed over.
    }
  }

  #readStrings(body: PayloadCursor): void {
    const first = body.varint();
    const lengths = body.column(this.#rows('strings', body, 1));
    this.#size.add('characters', Math.max(0, body.left));
    this.#stringIds.add(first, lengths.length, this.#stringCount);
    for (const length of lengths) this.#strings.set(this.#stringCount++, readText(body.bytes(length)));
  }

  #readProcesses(body: PayloadCursor): void {
    const { processes } = this.#profile;
    const first = body.varint();
    const count = this.#rows('objects', body, 4);
    const [pid, parentPid] = [body.ids(count), body.ids(count)];
    const [version, words] = body.columns(count, 2);
    const commandLines = Array.from(words!, (length) => {
      this.#size.add('strings', length);
      return body.column(body.within(length));
    });
    this.#processIds.add(first, count, processes.length);
    for (const [row, words] of commandLines.entries()) {
      processes.push({
        pid: pid[row]!,
        parentPid: parentPid[row]!,
        pythonVersion: this.#string(version![row]!),
        commandLine: Array.from(words, (id) => this.#string(id)),
      });
    }
  }

  #readThreads(body: PayloadCursor): void {
    const { threads } = this.#profile;
    const first = body.varint();
    const count = this.#rows('objects', body, 4);
    const [process, threadId] = [body.column(count), body.ids(count)];
    const [name, interpreter] = [body.column(count), body.ids(count)];
    const kind = body.left > 0 ? body.column(count) : undefined;
    this.#threadIds.add(first, count, threads.length);
    for (let row = 0; row < count; row++) {
      threads.push({
        process: this.#process(process[row]!),
        threadId: threadId[row]!,
        name: this.#string(name[row]!),
        interpreter: interpreter[row]!,
        ...(kind?.[row] === taskRow ? { isTask: true } : {}),
      });
    }
  }

  #readThreadNames(body: PayloadCursor): void {
    body.varint();
    const count = this.#rows('strings', body, 2);
    const [thread, name] = body.columns(count, 2);
    for (let row = 0; row < count; row++) {
      const index = this.#threadIds.find(thread![row]!);
      const info = this.#profile.threads[index];
      if (info) this.#profile.threads[index] = { ...info, name: this.#string(name![row]!) };
    }
  }

  #readFunctions(body: PayloadCursor): void {
    const { functions } = this.#profile;
    const first = body.varint();
    const count = this.#rows('objects', body, 6);
    const [kind, name, qualifiedName, file, shortFile, firstLine] = body.columns(count, 6);
    this.#functionIds.add(first, count, functions.length);
    for (let row = 0; row < count; row++) {
      functions.push({
        kind: functionKinds[kind![row]!] ?? 'synthetic',
        name: this.#string(name![row]!),
        qualifiedName: this.#string(qualifiedName![row]!),
        file: this.#string(file![row]!),
        shortFile: this.#string(shortFile![row]!),
        firstLine: firstLine![row]!,
      });
    }
  }

  #readFrames(body: PayloadCursor): void {
    const { frames } = this.#profile;
    const first = body.varint();
    const count = this.#rows('numbers', body, 2);
    const [step, line] = body.columns(count, 2);
    // Looked up before any row is added: the stand-in for a lost function is a frame as well.
    const rows = new Int32Array(count);
    for (let row = 0, id = 0; row < count; row++) {
      id += unzigzag(step![row]!);
      const index = this.#functionIds.find(id);
      rows[row] = index >= 0 ? index : frames.function.at(this.#lostFrame());
    }
    this.#frameIds.add(first, count, frames.line.length);
    for (const [row, index] of rows.entries()) {
      frames.function.push(index);
      frames.line.push(line![row]!);
    }
  }

  #readStacks(body: PayloadCursor): void {
    const { stacks } = this.#profile;
    const first = body.varint();
    const count = this.#rows('numbers', body, 2);
    const [up, step] = body.columns(count, 2);
    if (first === emptyStack) throw damaged('the empty stack is defined');
    const frames = new Int32Array(count);
    for (let row = 0, id = 0; row < count; row++) {
      id += unzigzag(step![row]!);
      frames[row] = this.#frameIds.find(id);
    }
    const parentOf = (row: number) => (up![row] === 0 ? -1 : first + row - up![row]!);
    const isLost = (id: number, row: number) =>
      id < 0 || (id !== emptyStack && !(id >= first && id < first + row) && this.#stackIds.find(id) < 0);
    // The stand-in is a row of the table too: it must not come between the rows of this entry.
    if (frames.some((frame, row) => frame < 0 || isLost(parentOf(row), row))) this.#lostStack();
    this.#stackIds.add(first, count, stacks.parent.length);
    for (const [row, frame] of frames.entries()) {
      // Only what came before can be a parent, so there are no cycles.
      const parent = parentOf(row);
      stacks.parent.push(isLost(parent, row) ? this.#lostStack() : this.#stack(parent));
      stacks.frame.push(frame >= 0 ? frame : this.#lostFrame());
    }
  }

  /** Slots are not defined: one is of the process in whose tick it is first seen. */
  #readSuspended(body: PayloadCursor): void {
    const { processes } = this.#profile.suspended;
    this.#readBatch(body, this.#suspended, {
      find: (id) => this.#slots.get(id) ?? -1,
      lost: (id, process) => {
        this.#size.add('objects', 1);
        this.#slots.set(id, processes.length);
        return processes.push(process) - 1;
      },
      processOf: (slot) => processes[slot]!,
    });
  }

  #readBatch(body: PayloadCursor, runs: RunBuilder, members: Members): void {
    addTicks(readTickBatch(body, this.#size), runs, members, {
      process: (id) => this.#process(id),
      stack: (id) => this.#stack(id),
      context: (id) => this.#contexts.index(id),
    });
  }

  #readThreadEnds(body: PayloadCursor): void {
    body.varint();
    const threads = body.column(this.#rows('numbers', body, 2));
    for (const id of threads) {
      const thread = this.#threadIds.find(id);
      if (thread >= 0) this.#runs.endThread(thread, this.#profile.threads[thread]!.process);
    }
  }

  /** How many rows a table has, each of at least `bytes`; refused when all tables together would be too large. */
  #rows(kind: Counted, body: PayloadCursor, bytes: number): number {
    const count = body.count(bytes);
    this.#size.add(kind, count);
    return count;
  }

  #readOtherThreads(body: PayloadCursor): void {
    const { otherThreads } = this.#profile;
    body.varint();
    const count = this.#rows('numbers', body, 3);
    const [process, name, milliseconds] = body.columns(count, 3);
    for (let row = 0; row < count; row++) {
      const entry = {
        process: this.#process(process![row]!),
        name: this.#string(name![row]!),
        cpu: milliseconds![row]! * 1000,
      };
      // Totals so far: the last one counts.
      const key = `${entry.process} ${entry.name}`;
      const place = this.#otherPlaces.get(key) ?? otherThreads.length;
      this.#otherPlaces.set(key, place);
      otherThreads[place] = entry;
    }
  }

  #string(id: number): string {
    return this.#strings.get(this.#stringIds.find(id)) ?? lostName;
  }

  #stack(id: number): number {
    if (id === emptyStack) return emptyStack;
    const index = this.#stackIds.find(id);
    return index >= 0 ? index : this.#lostStack();
  }

  #process(id: number): number {
    const index = this.#processIds.find(id);
    if (index >= 0) return index;
    const { processes } = this.#profile;
    const known = this.#lostProcesses.get(id) ?? processes.length;
    if (known === processes.length) {
      processes.push({ pid: 0, parentPid: 0, commandLine: [lostName], pythonVersion: '' });
      this.#lostProcesses.set(id, known);
    }
    return known;
  }

  #lostThread(id: number, process: number, kind: { isTask?: true }): number {
    const { threads } = this.#profile;
    const known = this.#lostThreads.get(id);
    if (known !== undefined) return known;
    this.#lostThreads.set(id, threads.length);
    return threads.push({ process, threadId: 0, name: lostName, interpreter: 0, ...kind }) - 1;
  }

  #lostFrame(): number {
    if (this.#lostFrameIndex < 0) {
      const { functions, frames } = this.#profile;
      this.#lostFrameIndex = frames.line.length;
      frames.function.push(functions.length);
      frames.line.push(0);
      functions.push({
        ...{ kind: 'synthetic', name: lostName, qualifiedName: lostName },
        ...{ file: '', shortFile: '', firstLine: 0 },
      });
    }
    return this.#lostFrameIndex;
  }

  #lostStack(): number {
    if (this.#lostStackIndex < 0) {
      const { stacks } = this.#profile;
      const frame = this.#lostFrame();
      this.#lostStackIndex = stacks.parent.length;
      stacks.parent.push(emptyStack);
      stacks.frame.push(frame);
    }
    return this.#lostStackIndex;
  }
}
