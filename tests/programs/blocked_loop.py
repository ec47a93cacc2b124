"""
An event loop that some steps block, for 2 s, and many short steps that look like them, for 1 s. Then prints, as JSON,
how long each step was that blocked it, in seconds, and each short one that took long since others had the processor.
"""
import asyncio
import json
import sys
import time

took = []
delayed = []


def blocking():
    begin = time.perf_counter()
    time.sleep(0.12)
    took.append(time.perf_counter() - begin)


async def handler():
    while True:
        blocking()
        await asyncio.sleep(0.1)


def short():
    end = time.perf_counter() + 0.002
    while time.perf_counter() < end:
        pass


async def many():
    """Never longer than 2 ms of work between two of its awaits, and nothing else in between."""
    while True:
        begin = time.perf_counter()
        short()
        seconds = time.perf_counter() - begin
        if seconds > 0.03:
            delayed.append(seconds)
        await asyncio.sleep(0)


async def main():
    for kind in sys.argv[1:]:
        tasks = [asyncio.ensure_future(many() if kind == "many" else handler()) for _ in range(1)]
        await asyncio.sleep(1 if kind == "many" else 2)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


print("ready", flush=True)
sys.stdin.readline()
asyncio.run(main()) if sys.version_info >= (3, 7) else asyncio.get_event_loop().run_until_complete(main())
print(json.dumps([took, delayed]), flush=True)
sys.stdin.readline()
