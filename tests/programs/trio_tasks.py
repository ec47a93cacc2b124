"""Has tasks of trio that each wait for something known, and prints all: id, name, parent, what for, and frames, the innermost first."""
import json
import sys

import trio

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 3
FOREVER = 100_000
kinds = {}


async def sleeps(seconds):
    await trio.sleep(seconds)


async def sleeps_forever():
    await trio.sleep_forever()


async def event(one):
    await one.wait()


async def lock(one):
    async with one:
        pass


async def semaphore(one):
    await one.acquire()


async def receives(channel):
    async for _ in channel:
        pass


async def sends(channel):
    await channel.send(1)


async def listens(listener):
    await listener.accept()


async def reads(file):
    await trio.lowlevel.wait_readable(file)


async def in_nursery():
    async with trio.open_nursery() as nursery:
        nursery.start_soon(sleeps, FOREVER)


async def shields(scope):
    try:
        await trio.sleep_forever()
    finally:
        with trio.CancelScope(shield=True):
            await trio.sleep(FOREVER)


async def cancelled():
    with trio.CancelScope() as scope:
        scope.cancel()
        with trio.CancelScope(shield=True):
            await trio.sleep(FOREVER)


async def recursive(left):
    if left > 0:
        await recursive(left - 1)
    else:
        await trio.sleep(FOREVER)


def stack(coro):
    found = []
    while coro is not None:
        frame = getattr(coro, "cr_frame", None) or getattr(coro, "gi_frame", None) or getattr(coro, "ag_frame", None)
        if frame is None:
            # What an async generator gives to await; it is seen through by its referents.
            import gc

            inner = [one for one in gc.get_referents(coro) if hasattr(one, "ag_frame")]
            coro = inner[0] if inner else None
            continue
        found.append([frame.f_code.co_name, frame.f_lineno])
        coro = next(
            (getattr(coro, name) for name in ("cr_await", "gi_yieldfrom", "ag_await") if hasattr(coro, name)), None
        )
    return found[::-1]


def says():
    """Runs while the loop of trio waits for no task: as a function of the loop."""
    runner = trio._core._run.GLOBAL_RUN_CONTEXT.runner
    found = []
    for task in runner.tasks:
        parent = task.parent_nursery and task.parent_nursery.parent_task
        running = task is main
        found.append(
            {
                "id": id(task),
                "name": task.name,
                "parent": id(parent) if parent else 0,
                "state": "running" if running else "waiting",
                "frames": [] if running else stack(task.coro),
            }
        )
    print("ready", json.dumps(found), sep="\n", flush=True)
    sys.stdin.readline()


async def run():
    global main
    main = trio.lowlevel.current_task()
    held, event_, none = trio.Lock(), trio.Event(), trio.Semaphore(0)
    await held.acquire()
    sending, receiving = trio.open_memory_channel(0)
    other_sending, other_receiving = trio.open_memory_channel(0)
    (listener,) = await trio.open_tcp_listeners(0, host="127.0.0.1")
    ends = trio.socket.socketpair()
    async with trio.open_nursery() as nursery:
        for number in range(COUNT):
            nursery.start_soon(sleeps, FOREVER, name="sleeper-%d" % number)
        nursery.start_soon(sleeps_forever, name="sleeps_forever")
        nursery.start_soon(event, event_, name="event")
        nursery.start_soon(lock, held, name="lock")
        nursery.start_soon(semaphore, none, name="semaphore")
        nursery.start_soon(receives, receiving, name="receives")
        nursery.start_soon(sends, other_sending, name="sends")
        nursery.start_soon(listens, listener, name="listens")
        nursery.start_soon(reads, ends[0], name="reads")
        nursery.start_soon(in_nursery, name="in_nursery")
        nursery.start_soon(cancelled, name="cancelled")
        nursery.start_soon(recursive, 30, name="recursive")
        await trio.testing.wait_all_tasks_blocked()
        says()


import trio.testing

trio.run(run)
