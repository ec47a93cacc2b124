"""Two hundred handlers at once, and how long those of each kind took by this program's own clock.

Begins when a line comes, and then prints {function: seconds}.
"""

import asyncio
import json
import sys
import time

KIND = 40
seconds = {}


def measured(function):
    async def measure(*args):
        began = time.perf_counter()
        try:
            return await function(*args)
        finally:
            took = time.perf_counter() - began
            seconds[function.__name__] = seconds.get(function.__name__, 0) + took

    return measure


@measured
async def sleeps(length):
    await asyncio.sleep(length)


@measured
async def locks(lock, length):
    async with lock:
        await asyncio.sleep(length)


@measured
async def takes(queue):
    await queue.get()


@measured
async def awaits_future(loop, length):
    future = loop.create_future()
    loop.call_later(length, future.set_result, None)
    await future


@measured
async def computes(length):
    until = time.perf_counter() + length
    while time.perf_counter() < until:
        spin(0.0005)
        await asyncio.sleep(0.02)


def spin(length):
    until = time.perf_counter() + length
    while time.perf_counter() < until:
        pass


async def begins(after, handler):
    """At times of their own, so that what is not seen of one is seen of another."""
    await asyncio.sleep(after)
    await handler


async def gives(queue, count, length):
    for _ in range(count):
        await asyncio.sleep(length)
        queue.put_nowait(None)


async def waits():
    await asyncio.sleep(1000)


async def main(scale):
    loop = asyncio.get_running_loop()
    # By this it is seen that tasks are recorded.
    waiting = loop.create_task(waits())
    await asyncio.sleep(0)
    lock = asyncio.Lock()
    queue = asyncio.Queue()
    handlers = [sleeps(scale * (0.25 + at / 50)) for at in range(KIND)]
    handlers += [locks(lock, scale * 0.035) for _ in range(KIND)]
    handlers += [takes(queue) for _ in range(KIND)]
    handlers += [awaits_future(loop, scale * (0.2 + at / 50)) for at in range(KIND)]
    handlers += [computes(scale * (0.5 + at / 80)) for at in range(KIND)]
    print("ready", flush=True)
    sys.stdin.readline()
    # Those that begin early are not those that end early.
    handlers = [begins(scale * (at * 7 % KIND) / 80, handler) for at, handler in enumerate(handlers)]
    tasks = [loop.create_task(handler) for handler in handlers]
    for at, task in enumerate(tasks):
        task.set_name("handler-%d" % at)
    await asyncio.gather(gives(queue, KIND, scale * 0.035), *tasks)
    waiting.cancel()


asyncio.run(main(float(sys.argv[1])))
print(json.dumps(seconds), flush=True)
sys.stdin.readline()
