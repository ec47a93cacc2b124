/**
 * Where the fields lie that pyglass reads of a CPython build: byte offsets within their structs, on 64-bit.
 *
 * Up to 3.12 a layout is generated from that version's own headers; from 3.13 on it is read from `_Py_DebugOffsets`
 * in the target, with the shape of that table generated from the headers. `-1` means that this version has no such
 * field.
 */
export interface Layout {
  readonly major: number;
  /** As `versions.ts` numbers them: of Python 3 its minor version, of Python 2 a number below 0. */
  readonly minor: number;
  readonly runtime: {
    /** Pointer to the first PyInterpreterState: `_PyRuntime.interpreters.head`; up to 3.6 the static `interp_head`. */
    readonly interpretersHead: number;
    /**
     * Up to 3.11: `_PyRuntime.gilstate.tstate_current`, up to 3.6 `_PyThreadState_Current`: the thread state that holds
     * the GIL.
     */
    readonly gilThreadState: number;
    /** Up to 3.11: the `struct _gil_runtime_state` itself; in 3.6 the statics of ceval_gil.h. */
    readonly gil: number;
    /** Up to 3.8: the `struct _gc_runtime_state` itself; up to 3.6 the static `collecting`. */
    readonly gc: number;
    /** The thread state that called `Py_FinalizeEx`, kept when it is done; up to 3.6 the static `_Py_Finalizing`. */
    readonly finalizing: number;
  };
  readonly interpreter: {
    readonly next: number;
    /** From 3.7. */
    readonly id: number;
    /** First thread state. */
    readonly threadsHead: number;
    /** `sys.modules`, a dict. */
    readonly modules: number;
    /** From 3.12: pointer to `struct _gil_runtime_state` (`ceval.gil`). */
    readonly gil: number;
    /** From 3.9: the `struct _gc_runtime_state` itself. */
    readonly gc: number;
  };
  /** `struct _gil_runtime_state`; of Python 2 the semaphore. */
  readonly gil: {
    readonly size: number;
    /** From 3.12, an int: 1 while it is held. */
    readonly locked: number;
    /** The thread state that took it last. */
    readonly lastHolder: number;
    /** How often a thread took it that was not the last holder; unsigned long. */
    readonly switches: number;
  };
  readonly gc: {
    /** i32, not 0 while the collector runs. */
    readonly collecting: number;
    /** 3.7: the generations, and the pointer to the first of them. */
    readonly generations: number;
    readonly firstGeneration: number;
  };
  readonly threadState: {
    readonly size: number;
    readonly next: number;
    readonly interpreter: number;
    /** Up to 3.10 `frame`; 3.11 and 3.12 `cframe`, a pointer to a _PyCFrame; from 3.13 `current_frame`. */
    readonly frame: number;
    /**
     * Up to 3.10: how many runs of the evaluation loop, and of C functions that guard against recursion, are under
     * way; an int.
     */
    readonly recursionDepth: number;
    /** `pthread_self()`. */
    readonly threadId: number;
    /** From 3.11: the kernel's id, in the target's own pid namespace. */
    readonly nativeThreadId: number;
    /** From 3.11: newest chunk of the data stack on which frames lie. */
    readonly dataStackChunk: number;
  };
  /** 3.11 and 3.12 only: `_PyCFrame.current_frame`. */
  readonly cFrame: { readonly currentFrame: number };
  /** From 3.11: `_PyStackChunk`. */
  readonly stackChunk: { readonly previous: number; readonly size: number; readonly data: number };
  readonly frame: {
    /** sizeof the fixed part: PyFrameObject up to 3.10, _PyInterpreterFrame later (without localsplus). */
    readonly size: number;
    /** `f_back` up to 3.10, `previous` later. */
    readonly previous: number;
    /** `f_code`; from 3.13 `f_executable`, whose two lowest bits are tags from 3.14. */
    readonly code: number;
    /** `f_lasti` (i32) up to 3.10, `prev_instr` in 3.11 and 3.12, `instr_ptr` from 3.13. */
    readonly instruction: number;
    /** A dict. */
    readonly globals: number;
    /** From 3.11, one byte; see Layout.ownerShim. */
    readonly owner: number;
    /** 3.11, one byte: not 0 for a frame that a C function, not the interpreter's loop, began. */
    readonly isEntry: number;
    readonly localsPlus: number;
    /** From 3.14: `stackpointer`. */
    readonly stackPointer: number;
  };
  /**
   * From 3.12: frames whose owner is this or more are marks of the C code and not Python frames. -1: there are none.
   */
  readonly ownerShim: number;
  readonly code: {
    readonly size: number;
    readonly name: number;
    /** From 3.11. */
    readonly qualifiedName: number;
    readonly fileName: number;
    readonly firstLine: number;
    /** `co_lnotab` up to 3.9, `co_linetable` later: a bytes object. */
    readonly lineTable: number;
    /** From 3.11: first instruction, within the code object. */
    readonly instructions: number;
    readonly argCount: number;
    readonly localsPlusNames: number;
    readonly localsPlusKinds: number;
    readonly flags: number;
    /** Slots before the value stack, i32; up to 3.10 without cells and free variables. */
    readonly localCount: number;
    /** Up to 3.10: tuples. */
    readonly cellNames: number;
    readonly freeNames: number;
    /** Up to 3.10: a bytes object. */
    readonly bytecode: number;
    /** Of globals and attributes: a tuple. */
    readonly names: number;
    /** From 3.11: a bytes object. */
    readonly exceptionTable: number;
    /** From 3.11: instructions and caches, two bytes each. */
    readonly unitCount: number;
  };
  readonly object: { readonly size: number; readonly type: number };
  /** `builtin_function_or_method`. */
  readonly cFunction: { readonly definition: number; readonly self: number; readonly module: number };
  /** `method_descriptor`, and from `slot` on `wrapper_descriptor`. */
  readonly descriptor: { readonly type: number; readonly definition: number; readonly slot: number };
  readonly boundMethod: { readonly function: number };
  readonly pythonFunction: { readonly code: number };
  readonly type: {
    readonly name: number;
    readonly flags: number;
    readonly dictOffset: number;
    readonly basicSize: number;
    readonly itemSize: number;
    readonly members: number;
    readonly base: number;
    /** `tp_call`, a null pointer where instances cannot be called. */
    readonly call: number;
    /** `tp_iternext`, a null pointer where instances are no iterators. */
    readonly next: number;
  };
  /** Of types made by a class statement: the keys that their instances' dicts share. */
  readonly heapType: { readonly cachedKeys: number };
  readonly unicode: {
    readonly length: number;
    /** u32 with the bits of `_PyUnicodeObject_State`. */
    readonly state: number;
    /** sizeof PyASCIIObject: where the characters of an ASCII string start. */
    readonly asciiSize: number;
    /** sizeof PyCompactUnicodeObject. */
    readonly compactSize: number;
  };
  readonly bytes: { readonly size: number; readonly data: number };
  readonly dict: {
    readonly used: number;
    readonly keys: number;
    readonly values: number;
  };
  readonly dictKeys: {
    /** Up to 3.10 `dk_size` (i64); from 3.11 `dk_log2_size` (u8). */
    readonly size: number;
    /** From 3.11, u8. */
    readonly log2IndexBytes: number;
    /** From 3.11, u8: 0 general, 1 unicode, 2 split. */
    readonly kind: number;
    readonly entryCount: number;
    /** Where the index table starts. */
    readonly indices: number;
  };
  /** From 3.11: `PyDictValues`; before, the values of a split dict are a bare array. */
  readonly dictValues: {
    /** From 3.13, u8. */
    readonly capacity: number;
    /** From 3.13, u8: 0 when the values lie elsewhere now. */
    readonly valid: number;
    readonly values: number;
  };
  readonly tuple: { readonly size: number; readonly items: number };
  readonly list: { readonly size: number; readonly items: number };
  readonly long: {
    readonly digits: number /** i64 ob_size up to 3.11, u64 lv_tag later */;
    readonly tag: number;
  };
  /** Of code objects and frames: which variables there are. */
  readonly variables: {
    readonly keywordOnlyCount: number;
    /** `f_locals` of the frame: the dict of a frame that is no function's. */
    readonly namespace: number;
  };
  readonly typeObject: {
    readonly dict: number;
    readonly repr: number;
    /** Of types made by a class statement. */
    readonly heapName: number;
    readonly qualifiedName: number;
  };
  /** Of functions and what else is called by a name. */
  readonly callable: {
    readonly functionName: number;
    readonly boundSelf: number;
    readonly generatorName: number;
  };
  readonly set: {
    readonly used: number;
    readonly mask: number;
    readonly table: number;
    /** Within an entry of the table. */
    readonly entryKey: number;
    readonly entryHash: number;
  };
  readonly byteArray: { readonly start: number };
  readonly cell: { readonly value: number };
  readonly float: { readonly value: number };
  readonly complex: { readonly real: number };
  readonly exception: { readonly args: number };
  readonly dictObject: { readonly size: number };
  /** Of Python 2 only. */
  readonly python2?: {
    /**
     * From the runtime, pointer to the semaphore that is the GIL: null while there was never a second thread; -1: not
     * known.
     */
    readonly lock: number;
    /** Of `unicode`: pointer to the characters, and how many bytes each takes, 2 or 4, as the target was built. */
    readonly characters: number;
    readonly characterWidth: number;
    /** Of `dict`: slots of the table less one, and the table. */
    readonly dictMask: number;
    readonly dictTable: number;
    /** Of generators, which have no name of their own. */
    readonly generatorCode: number;
    /** Of an `int`, a C long; what is larger is a `long`. */
    readonly smallInt: number;
    /** Classes without a base, and their instances. */
    readonly className: number;
    readonly classDict: number;
    readonly instanceClass: number;
    readonly instanceDict: number;
  };
  /** Of a free-threaded build only. */
  readonly freeThreading?: {
    /** Of `struct _gil_runtime_state`, an int: not 0 when there is a GIL after all. */
    readonly gilEnabled: number;
    /**
     * Of an object: the owning thread's count of references, u32, and that of all others, i64 with two bits of flags.
     */
    readonly localReferences: number;
    readonly sharedReferences: number;
    /** A byte with flags of the collector: whether it tracks the object. */
    readonly collectorBits: number;
    /** From 3.14, of a code object: pointer to `_PyCodeArray`, a count and pointers to copies of the bytecode. */
    readonly bytecodeCopies: number;
    /** Bits by which the fields of a string's state after `interned` lie higher. */
    readonly stringStateShift: number;
  };
}
