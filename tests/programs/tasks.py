"""Tasks of asyncio that wait for one thing each, and what Python itself says of them: a line of JSON, then it stands still within a step.

Arguments: how many tasks sleep.
"""
import asyncio
import concurrent.futures
import gc
import json
import socket
import sys
import threading
import types

FOREVER = 100_000
V = sys.version_info[:2]
tasks = []
keep = []


def name_of(code):
    return getattr(code, "co_qualname", code.co_name)


def chain(coro):
    """[name, line] of all frames, innermost first, as far as objects of Python lead."""
    found = []
    while coro is not None:
        kind = type(coro).__name__
        if kind in ("async_generator_asend", "async_generator_athrow", "coroutine_wrapper", "anext_awaitable"):
            kinds = ("coroutine", "async_generator", "async_generator_asend")
            coro = next(one for one in gc.get_referents(coro) if type(one).__name__ in kinds)
            continue
        prefix = {"coroutine": "cr_", "generator": "gi_", "async_generator": "ag_"}.get(kind)
        if prefix is None:
            break
        frame = getattr(coro, prefix + "frame")
        found.append([name_of(frame.f_code), frame.f_lineno])
        coro = getattr(coro, {"gi_": "gi_yieldfrom"}.get(prefix, prefix + "await"))
    return found[::-1]


def described(task):
    future = {"future": id(keep[0])} if task.get_name() == "pool" else {}
    return {**future, "name": task.get_name(), "frames": chain(task.get_coro()), "id": id(task), "loop": id(task.get_loop())}


def start(name, coro, make=None):
    loop = asyncio.get_running_loop()
    task = make(coro, loop=loop, name=name) if make else loop.create_task(coro)
    task.set_name(name)
    tasks.append(task)
    return task


async def sleeps(seconds=FOREVER):
    await asyncio.sleep(seconds)


async def calls_sleeps():
    one, two, three = 1, 2, 3
    await sleeps()
    return one, two, three


async def waits(awaitable):
    return await awaitable


async def numbers():
    yield 1
    await asyncio.sleep(FOREVER)
    yield 2


async def iterates():
    async for _ in numbers():
        pass


async def sends():
    generator = numbers()
    await generator.asend(None)
    await generator.asend(None)


async def gathers():
    await asyncio.gather(start("gathered-1", sleeps()), start("gathered-2", sleeps()))


async def waits_for():
    await asyncio.wait_for(start("waited-for", sleeps()), FOREVER)


async def shields():
    await asyncio.shield(start("shielded", sleeps()))


async def waits_for_some():
    await asyncio.wait([start("one-of-some", sleeps()), start("other-of-some", sleeps())])


async def groups():
    async with asyncio.TaskGroup() as group:
        tasks.append(group.create_task(sleeps(), name="in-group"))


async def times_out():
    async with asyncio.timeout(FOREVER):
        await asyncio.sleep(FOREVER)


async def holds(lock):
    async with lock:
        pass


async def waits_for_condition(condition):
    async with condition:
        await condition.wait()


async def executes(event):
    await asyncio.get_running_loop().run_in_executor(None, event.wait)


async def gathers_shielded(future):
    await asyncio.gather(asyncio.shield(future))


async def in_thread(event):
    await asyncio.to_thread(event.wait)


async def receives(end):
    await asyncio.get_running_loop().sock_recv(end, 10)


async def reads(end):
    reader, writer = await asyncio.open_connection(sock=end)
    keep.append(writer)
    await reader.readline()


async def runs_child():
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", "import time; time.sleep(100000)")
    keep.append(child)
    await child.wait()


async def many_variables(future):
    a, b, c, d, e, f, g, h, i, j, k, l, m = range(13)
    for _ in [1]:
        [a, b, c, (d, e, {f: await future})]
    return g, h, i, j, k, l, m


async def recursive(depth):
    if depth > 0:
        await recursive(depth - 1)
    else:
        await asyncio.sleep(FOREVER)


class Awaitable:
    def __init__(self, future):
        self.future = future

    def __await__(self):
        return self.future.__await__()


class Iterated:
    """No generator."""

    def __init__(self, future):
        self.iterator = iter(future)

    def __await__(self):
        return self

    def __iter__(self):
        return self

    def __next__(self):
        return next(self.iterator)


@types.coroutine
def generator_based(future):
    yield from future


async def awaits_wrapper(coro):
    class Wrapped:
        def __await__(self):
            return coro.__await__()

    await Wrapped()


async def waits_next(generator):
    await anext(generator, None)


async def eager():
    await asyncio.sleep(FOREVER)


async def cancelled():
    try:
        await asyncio.sleep(FOREVER)
    except asyncio.CancelledError:
        await asyncio.sleep(FOREVER)


async def yields_once():
    await asyncio.sleep(0)


def other_loop(ready):
    async def main():
        task = asyncio.get_running_loop().create_task(sleeps())
        task.set_name("in-other-thread")
        tasks.append(task)
        asyncio.current_task().set_name("main-of-other-thread")
        tasks.append(asyncio.current_task())
        asyncio.get_running_loop().call_later(0.05, ready.set)
        await asyncio.sleep(FOREVER)

    asyncio.run(main())


async def start_all(count):
    loop = asyncio.get_running_loop()
    for number in range(count):
        start("sleeper-%d" % number, calls_sleeps())
    done = start("awaited", sleeps())
    start("awaits-task", waits(done))
    start("future", waits(loop.create_future()))
    for coro in (iterates, sends, gathers, waits_for, shields, waits_for_some, cancelled):
        start(coro.__name__, coro())
    lock, event, condition, semaphore = asyncio.Lock(), asyncio.Event(), asyncio.Condition(), asyncio.Semaphore(1)
    await lock.acquire()
    await semaphore.acquire()
    start("lock", holds(lock))
    start("event", waits(event.wait()))
    start("condition", waits_for_condition(condition))
    start("semaphore", holds(semaphore))
    full = asyncio.Queue(1)
    full.put_nowait(1)
    start("queue-get", waits(asyncio.Queue().get()))
    start("queue-put", waits(full.put(2)))
    start("queue-join", waits(full.join()))
    stop = threading.Event()
    keep.append(concurrent.futures.ThreadPoolExecutor(1).submit(stop.wait))
    start("pool", gathers_shielded(asyncio.wrap_future(keep[0])))
    start("executor", executes(stop))
    left, right = socket.socketpair()
    left.setblocking(False)
    start("socket", receives(left))
    other_left, other_right = socket.socketpair()
    keep.extend((left, right, other_right))
    start("stream", reads(other_left))
    start("child", runs_child())
    start("many-variables", many_variables(loop.create_future()))
    start("recursive", recursive(100))
    start("awaitable", waits(Awaitable(loop.create_future())))
    start("iterated", waits(Iterated(loop.create_future())))
    start("generator-based", waits(generator_based(loop.create_future())))
    start("wrapper", awaits_wrapper(sleeps()))
    start("python-future", waits(asyncio.futures._PyFuture(loop=loop)))
    start("python-task", sleeps(), make=asyncio.tasks._PyTask)
    start("python-awaits-task", waits(tasks[-1]), make=asyncio.tasks._PyTask)
    if V >= (3, 9):
        start("to-thread", in_thread(stop))
    if V >= (3, 10):
        start("anext", waits_next(numbers_waiting()))
    if V >= (3, 11):
        start("groups", groups())
        start("times-out", times_out())
        start("barrier", waits(asyncio.Barrier(2).wait()))
    if V >= (3, 12):
        tasks.append(asyncio.Task(eager(), loop=loop, name="eager", eager_start=True))


async def numbers_waiting():
    await asyncio.sleep(FOREVER)
    yield 1


async def main():
    asyncio.current_task().set_name("main")
    tasks.append(asyncio.current_task())
    await start_all(int(sys.argv[1]))
    ready = threading.Event()
    threading.Thread(target=other_loop, args=(ready,), daemon=True).start()
    ready.wait()
    # Streams and child processes take some steps to get to their wait.
    while len(keep) < 6:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    next(one for one in tasks if one.get_name() == "cancelled").cancel()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    start("ready", yields_once())
    await asyncio.sleep(0)
    start("new", sleeps())
    print("ready")
    print(json.dumps([described(task) for task in tasks if not task.done()]), flush=True)
    sys.stdin.readline()


sys.setrecursionlimit(5000)
asyncio.run(main())
