"""A hundred tasks of trio at once, and how long those of each kind took by this program's own clock.

Argument: scale. Begins when a line comes, and then prints {function: seconds}.
"""

import json
import sys
import time

import trio

KIND = 25
seconds = {}
scale = float(sys.argv[1])


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
    await trio.sleep(length)


@measured
async def waits_for(event):
    await event.wait()


@measured
async def takes(channel):
    await channel.receive()


@measured
async def computes(length):
    until = time.perf_counter() + length
    while time.perf_counter() < until:
        spin(0.001)
        await trio.sleep(0.02)


def spin(length):
    until = time.perf_counter() + length
    while time.perf_counter() < until:
        pass


async def begins(after, function, args):
    """At times of their own, so that what is not seen of one is seen of another."""
    await trio.sleep(after)
    await function(*args)


async def sets(event, after):
    await trio.sleep(after)
    event.set()


async def gives(channel):
    for _ in range(KIND):
        await trio.sleep(scale * 0.07)
        await channel.send(None)


async def waits():
    await trio.sleep(1000)


async def main():
    async with trio.open_nursery() as nursery:
        # By this it is seen that tasks are recorded.
        nursery.start_soon(waits)
        await trio.sleep(0)
        print("ready", flush=True)
        # Beside the loop, so that this is seen to be one.
        await trio.to_thread.run_sync(sys.stdin.readline)
        give, take = trio.open_memory_channel(0)
        events = [trio.Event() for _ in range(KIND)]
        handlers = [(sleeps, (scale * (0.25 + at / 30),)) for at in range(KIND)]
        handlers += [(waits_for, (event,)) for event in events]
        handlers += [(takes, (take,)) for _ in range(KIND)]
        handlers += [(computes, (scale * (0.5 + at / 50),)) for at in range(KIND)]
        async with trio.open_nursery() as inner:
            for at, (function, args) in enumerate(handlers):
                # Those that begin early are not those that end early.
                after = scale * (at * 7 % KIND) / 50
                inner.start_soon(begins, after, function, args, name="handler-%d" % at)
            inner.start_soon(gives, give)
            for at, event in enumerate(events):
                inner.start_soon(sets, event, scale * (0.5 + at / 20))
        nursery.cancel_scope.cancel()


trio.run(main)
print(json.dumps(seconds), flush=True)
sys.stdin.readline()
