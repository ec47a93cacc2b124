"""Creates and finishes tasks of asyncio as fast as it can; each has two coroutines, with the same number in their names."""
import asyncio

PAIRS = 40
PAIR = """
async def inner_{0}():
    await asyncio.sleep(0)

async def outer_{0}():
    for _ in range({1}):
        await inner_{0}()
"""
for number in range(PAIRS):
    exec(PAIR.format(number, 1 + number % 3))


def started(number):
    return asyncio.get_running_loop().create_task(globals()["outer_%d" % number]())


async def lives(number):
    while True:
        tasks = [started(one) for one in range(number, PAIRS, 4)]
        for one, task in zip(range(number, PAIRS, 4), tasks):
            task.set_name("pair %d" % one)
        await asyncio.gather(*tasks)


async def waits():
    await asyncio.sleep(100_000)


async def main():
    keep = [asyncio.ensure_future(lives(number)) for number in range(4)]
    keep += [asyncio.ensure_future(waits()) for _ in range(20)]
    await asyncio.sleep(0)
    print("ready", flush=True)
    await asyncio.gather(*keep)


asyncio.run(main())
