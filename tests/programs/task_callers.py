"""Tasks that wait for each other in all ways that asyncio has, and stand still.

Up to 3.10 without a TaskGroup.
"""

import asyncio
import sys
import threading

FOREVER = 100_000
started = []


async def leaf_of_gather():
    await asyncio.sleep(FOREVER)


async def gathers():
    await asyncio.gather(leaf_of_gather(), leaf_of_gather())


async def leaf_of_wait_for():
    await asyncio.sleep(FOREVER)


async def waits_for():
    await asyncio.wait_for(leaf_of_wait_for(), FOREVER)


async def leaf_of_wait():
    await asyncio.sleep(FOREVER)


async def waits():
    await asyncio.wait([asyncio.ensure_future(leaf_of_wait())])


async def leaf_of_task():
    await asyncio.sleep(FOREVER)


async def inner_of_task():
    await asyncio.ensure_future(leaf_of_task())


async def awaits_task():
    await inner_of_task()


async def leaf_of_group():
    await asyncio.sleep(FOREVER)


async def groups():
    async with asyncio.TaskGroup() as group:
        group.create_task(leaf_of_group())


async def worker(queue):
    while True:
        await queue.get()


async def asks(queue):
    return await queue.get()


async def client(queue):
    await asks(queue)


async def in_thread(event):
    await asyncio.get_running_loop().run_in_executor(None, event.wait)


async def of_future():
    await asyncio.get_running_loop().create_future()


async def hostile():
    await asyncio.sleep(FOREVER)


of_each_other = {}


async def one_of_two():
    await of_each_other["other"]


async def other_of_two():
    await of_each_other["one"]


def start(coroutine, name=None):
    task = asyncio.ensure_future(coroutine)
    if name is not None:
        task.set_name(name)
    started.append(task)
    return task


async def main():
    event = threading.Event()
    for function in (gathers, waits_for, waits, awaits_task, of_future):
        start(function())
    if sys.version_info >= (3, 11):
        start(groups())
    of_each_other["one"] = start(one_of_two())
    of_each_other["other"] = start(other_of_two())
    for at in range(2):
        start(worker(asyncio.Queue()), "worker-%d" % at)
    start(client(asyncio.Queue()))
    start(in_thread(event))
    start(hostile(), "a\x1b[31m;b\n\u202e" + "x" * 100_000)
    await asyncio.sleep(0.1)
    print("ready", flush=True)
    try:
        await asyncio.sleep(FOREVER)
    finally:
        event.set()


asyncio.run(main())
