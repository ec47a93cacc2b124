"""Prints src/cpython/asyncio/layouts/pythonX_Y.ts: `python3.12 tools/generate-asyncio.py > src/cpython/asyncio/layouts/python3_12.ts`.

The structs of tasks and futures are in no header, so this Python is asked: it makes objects of which the fields are
known, and looks where in their bytes these are.
"""
import asyncio
import contextvars
import ctypes
import json
import sys
import types
import weakref

import _asyncio

minor = sys.version_info[1]
free_threaded = "t" in sys.abiflags
WORD = 8
HEADER = object.__basicsize__


def raw(address, size):
    return ctypes.string_at(address, size)


def body(thing):
    """The bytes of an object, without what lies before it for the collector."""
    base = type(thing).__basicsize__
    return raw(id(thing), base)


def words(data):
    return [int.from_bytes(data[at : at + WORD], "little") for at in range(0, len(data) - WORD + 1, WORD)]


def where(data, value, start=0, mask=~0):
    found = [at * WORD for at, word in enumerate(words(data)) if word & mask == value and at * WORD >= start]
    assert len(found) == 1, found
    return found[0]


def single(data, at):
    return int.from_bytes(data[at : at + 4], "little")


def bits(images, at):
    before, after, again = (single(image, at) for image in images)
    changed = before ^ after
    return after == again and changed != 0 and changed & (changed - 1) == 0


class Iterator:
    """What is awaited, and is no generator."""

    def __await__(self):
        return self

    def __iter__(self):
        return self

    def __next__(self):
        return None


async def shallow(awaited):
    await awaited


async def deep(awaited):
    first, second, third = 1, 2, 3
    for _ in [1, 2]:
        [first, second, third, (first, await awaited)]


@types.coroutine
def yields():
    yield


def frame_fields():
    """How a suspended frame is found, and what it awaits."""
    one, two = Iterator(), Iterator()
    flat, tall = shallow(one), deep(two)
    new = shallow(one)
    fields = {}
    states = {"created": new}
    plain = yields()
    # Two await, one yields; one has not begun.
    fresh = body(new)
    flat.send(None)
    tall.send(None)
    next(plain)
    size = type(flat).__basicsize__ + 40 * WORD
    if minor <= 10:
        fields["frame"] = where(body(flat), id(flat.cr_frame))
        fields["embedded"] = -1
        frames = [raw(id(coro.cr_frame), 640) for coro in (flat, tall)]
    else:
        fields["frame"] = -1
        code_at = {11: 32}.get(minor, 0)
        starts = []
        for coro in (flat, tall):
            found = enumerate(words(raw(id(coro), 240)))
            starts.append({at * WORD - code_at for at, word in found if word & ~7 == id(coro.cr_code)})
        # In 3.11 the code stands before the frame, too.
        starts = [max(starts[0] & starts[1])]
        fields["embedded"] = starts[0]
        frames = [raw(id(coro) + starts[0], 640) for coro in (flat, tall)]
    addresses = [id(coro.cr_frame) if minor <= 10 else id(coro) + fields["embedded"] for coro in (flat, tall)]
    tops = []
    for data, awaited in zip(frames, (one, two)):
        found = [at * WORD for at, word in enumerate(words(data)) if word & ~7 == id(awaited)]
        # The argument, then what is awaited; what lies behind the frame is of others.
        assert len(found) >= 2, found
        tops.append(found[1])
    # From 3.15 something else lies above it.
    above = 2 if minor >= 15 else 1
    fields["awaitedBelowEnd"] = above * WORD
    if minor <= 9 or minor >= 14:
        pairs = [
            {at * WORD for at, word in enumerate(words(data)) if word == address + top + above * WORD}
            for data, address, top in zip(frames, addresses, tops)
        ]
        fields["stackEnd"] = only(pairs)
    elif minor == 10:
        fields["stackEnd"] = -1
    else:
        fields["stackEnd"] = -1
    if minor == 10:
        # From the beginning of the value stack, which is a pointer in the frame.
        options = []
        for data, address, top in zip(frames, addresses, tops):
            here = set()
            for at, word in enumerate(words(data)):
                count = (address + top + WORD - word) // WORD
                if 1 <= count <= 8 and (address + top + WORD - word) % WORD == 0:
                    for depth in range(HEADER, 200, 4):
                        if int.from_bytes(data[depth : depth + 4], "little", signed=True) == count:
                            here.add((at * WORD, depth))
            options.append(here)
        # The base of the stack and its depth lie together.
        both = sorted(options[0] & options[1])
        fields["stackBase"], fields["stackDepth"] = both[0]
        assert len(both) == 1, both
    elif 11 <= minor <= 13:
        options = []
        for data, top in zip(frames, tops):
            here = set()
            for local in range(64, 97, 8):
                count = (top + WORD - local) // WORD
                for at in range(0, local, 4):
                    if int.from_bytes(data[at : at + 4], "little") == count:
                        here.add((local, at))
            options.append(here)
        both = sorted(options[0] & options[1])
        assert len(both) == 1, both
        fields["stackBase"], fields["stackDepth"] = -1, both[0][1]
    else:
        fields["stackBase"], fields["stackDepth"] = -1, -1
    fields.update(state_fields(flat, plain))
    for coro in (new, flat, tall):
        coro.close()
    plain.close()
    return fields


def state_fields(awaiting, yielding):
    """From 3.11 a byte of the coroutine is the state of its frame."""
    if minor <= 10:
        return {"state": -1, "created": -1, "suspended": -1, "awaiting": -1, "executing": -1}
    seen = {}

    async def looks():
        seen["executing"] = body(seen["self"])
        await Iterator()

    coro = looks()
    seen["self"] = coro
    seen["created"] = body(coro)
    coro.send(None)
    seen["awaiting"] = body(coro)
    seen["yielding"] = body(yielding)
    candidates = []
    for at in range(HEADER, len(seen["created"])):
        values = [seen[name][at] for name in ("created", "awaiting", "executing")]
        signed = [value - 256 if value > 127 else value for value in values]
        if len(set(values)) == 3 and all(-4 <= value <= 5 for value in signed):
            candidates.append((at, signed))
    assert len(candidates) == 1, candidates
    at, (created, awaiting_, executing) = candidates[0]
    suspended = seen["yielding"][at]
    suspended = suspended - 256 if suspended > 127 else suspended
    coro.close()
    return {
        "state": at,
        "created": created & 255,
        "suspended": suspended & 255,
        "awaiting": awaiting_ & 255,
        "executing": executing & 255,
    }


def only(sets):
    both = set.intersection(*sets)
    assert len(both) == 1, both
    return both.pop()


def future_fields(loop):
    future = _asyncio.Future(loop=loop)
    fields = {"loop": where(body(future), id(loop))}

    def first(_):
        pass

    def second(_):
        pass

    future.add_done_callback(first)
    fields["callback"] = where(body(future), id(first))
    before = body(future)
    future.add_done_callback(second)
    # The list of the others is made now.
    added = [at * WORD for at, (a, b) in enumerate(zip(words(before), words(body(future)))) if a != b and at * WORD >= HEADER]
    assert len(added) == 1, added
    fields["callbacks"] = added[0]
    finished, cancelled = _asyncio.Future(loop=loop), _asyncio.Future(loop=loop)
    result = object()
    finished.set_result(result)
    cancelled.cancel()
    fields["result"] = where(body(finished), id(result))
    datas = [body(_asyncio.Future(loop=loop)), body(cancelled), body(finished)]
    found = [at for at in range(HEADER, len(datas[0])) if [data[at] for data in datas] == [0, 1, 2]]
    assert len(found) == 1, found
    fields["state"] = found[0]
    return fields


def task_fields(loop):
    async def waits(future):
        await future

    async def first():
        pass

    fields = {}
    coro = waits(loop.create_future())
    name = "a name %d" % id(coro)
    task = _asyncio.Task(coro, loop=loop, name=name)
    fields["size"] = _asyncio.Task.__basicsize__
    fields["coroutine"] = where(body(task), id(coro))
    fields["name"] = where(body(task), id(name))
    # Before it began, to cancel it sets a bit, and from 3.11 counts.
    images = [body(task)]
    for _ in range(2):
        task.cancel()
        images.append(body(task))
    flags = [at for at in range(HEADER, len(images[0]), 4) if [single(image, at) for image in images] == [0, 1, 1]]
    counts = [at for at in range(HEADER, len(images[0]), 4) if [single(image, at) for image in images] == [0, 1, 2]]
    if not flags:
        # Together with another bit in one int.
        flags = [at for at in range(HEADER, len(images[0]), 4) if at not in counts and bits(images, at)]
    assert len(flags) == 1 and len(counts) == (1 if minor >= 11 else 0), (flags, counts)
    fields["mustCancel"] = flags[0]
    fields["mustCancelBit"] = single(images[1], flags[0]) ^ single(images[0], flags[0])
    fields["cancels"] = counts[0] if counts else -1
    loop.run_until_complete(asyncio.gather(task, return_exceptions=True))

    # What it waits for, once it has run.
    future = loop.create_future()
    waiting = waits(future)
    task = _asyncio.Task(waiting, loop=loop)
    loop.call_soon(loop.stop)
    loop.run_forever()
    fields["waiter"] = where(body(task), id(future))
    # What wakes it is called when the future is done.
    offsets = future_fields(loop)
    callback = int.from_bytes(body(future)[offsets["callback"] :][:WORD], "little")
    kind = ctypes.cast(callback, ctypes.py_object).value
    fields["wakeup"] = where(raw(id(kind), 64), id(task))
    wakeup_type = type(kind).__name__
    future.set_result(None)
    loop.run_until_complete(task)
    return fields, wakeup_type


def awaited_by(loop):
    """From 3.14 a future has who awaits it: one, or a set."""
    if minor < 14:
        return {"awaitedBy": -1, "awaitedBySet": -1}

    async def waits(future):
        await future

    future = _asyncio.Future(loop=loop)
    before = body(future)
    first = loop.create_task(waits(future))
    loop.call_soon(loop.stop)
    loop.run_forever()
    one = body(future)
    at = where(one, id(first), HEADER)
    second = loop.create_task(waits(future))
    loop.call_soon(loop.stop)
    loop.run_forever()
    differ = [i for i, (a, b) in enumerate(zip(one, body(future))) if a != b and b == 1 and a == 0 and not at <= i < at + 8]
    assert len(differ) == 1, differ
    future.set_result(None)
    loop.run_until_complete(asyncio.gather(first, second))
    return {"awaitedBy": at, "awaitedBySet": differ[0]}


def other_fields(loop):
    fields = {}
    future = _asyncio.Future(loop=loop)
    iterator = iter(future)
    fields["futureOfIterator"] = where(raw(id(iterator), HEADER + 8), id(future))

    class Thing:
        pass

    thing = Thing()
    reference = weakref.ref(thing)
    fields["weakReference"] = where(raw(id(reference), HEADER + 24), id(thing))

    async def agen():
        yield 1

    gen = agen()
    send = gen.__anext__()
    fields["asyncGenerator"] = where(raw(id(send), HEADER + 24), id(gen))
    throw = gen.athrow(ValueError)
    assert where(raw(id(throw), HEADER + 24), id(gen)) == fields["asyncGenerator"]

    async def coro():
        pass

    wrapped = coro()
    wrapper = wrapped.__await__()
    fields["wrapped"] = where(raw(id(wrapper), HEADER + 8), id(wrapped))
    if minor >= 10:
        other = agen()
        default = object()
        step = anext(other, default)
        assert words(raw(id(step), HEADER + 16))[HEADER // WORD + 1] == id(default)
        fields["wrapped"] = HEADER
        step.close() if hasattr(step, "close") else None
    wrapper.close()
    for one in (send, throw):
        one.close()
    outer = "outer"

    def function():
        return outer

    fields["closure"] = where(raw(id(function), type(function).__basicsize__), id(function.__closure__))
    return fields


def thread_fields():
    """Up to 3.12 a thread state's dict has the loop that runs in the thread, from 3.13 the thread state itself."""
    if minor >= 14:
        return {"dict": -1, "loop": -1}
    for name in ("PyThreadState_Get", "PyThreadState_GetDict"):
        getattr(ctypes.pythonapi, name).restype = ctypes.c_void_p
    seen = {}

    async def looks():
        state = ctypes.pythonapi.PyThreadState_Get()
        of_thread = ctypes.pythonapi.PyThreadState_GetDict()
        running = asyncio.get_running_loop()
        if minor >= 13:
            seen.update({"dict": -1, "loop": where(raw(state, 4096), id(running))})
            return
        seen["dict"] = where(raw(state, 288), of_thread)
        kept = ctypes.cast(of_thread, ctypes.py_object).value["__asyncio_running_event_loop__"]
        seen["loop"] = -1 if kept is running else where(raw(id(kept), HEADER + 8), id(running))

    asyncio.get_event_loop_policy().get_event_loop().run_until_complete(looks())
    return seen


def main():
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    task, wakeup_type = task_fields(loop)
    layout = {
        "task": task,
        "future": dict(future_fields(loop), **awaited_by(loop)),
        "generator": frame_fields(),
        "thread": thread_fields(),
        "other": other_fields(loop),
    }
    suffix = "t" if free_threaded else ""
    print("import type { AsyncioLayout } from '../asyncio-layout.js';\n")
    print("/** By tools/generate-asyncio.py, run by CPython %s%s. Not to be edited. */" % (sys.version.split()[0], suffix))
    print("export const asyncio3_%d%s: AsyncioLayout = %s;" % (minor, suffix, json.dumps(layout, indent=2)))
    print(wakeup_type, file=sys.stderr)
    loop.close()


main()
