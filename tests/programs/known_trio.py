"""Has tasks of trio whose stacks and waits are known, each waiting for good: what memory images are recorded of."""
import sys

import trio
import trio.testing

FOREVER = 100_000


async def sleeps(seconds):
    text = 'a local of a task'
    await trio.sleep(seconds)
    return text


async def waits(one):
    await one.wait()


async def locks(lock):
    async with lock:
        pass


async def receives(channel):
    await channel.receive()


async def in_nursery():
    async with trio.open_nursery() as nursery:
        nursery.start_soon(sleeps, FOREVER)


async def main():
    lock = trio.Lock()
    await lock.acquire()
    _, channel = trio.open_memory_channel(0)
    async with trio.open_nursery() as nursery:
        for number in range(3):
            nursery.start_soon(sleeps, FOREVER + number)
        nursery.start_soon(waits, trio.Event())
        nursery.start_soon(locks, lock)
        nursery.start_soon(receives, channel)
        nursery.start_soon(in_nursery)
        await trio.testing.wait_all_tasks_blocked()
        print('ready', flush=True)
        sys.stdin.readline()


trio.run(main)
