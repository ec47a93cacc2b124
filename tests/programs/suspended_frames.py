"""Waits inside a generator that another one delegates to, and inside a coroutine that another one awaits: frames on the heap."""
import asyncio
import sys
import threading

entered = threading.Barrier(3)


def hold():
    entered.wait()
    threading.Event().wait()


def inner():
    yield 1
    hold()


def outer():
    yield from inner()


def consume():
    for _ in outer():
        pass


async def child():
    hold()


async def parent():
    await child()


def run_coroutine():
    asyncio.new_event_loop().run_until_complete(parent())


for target in (consume, run_coroutine):
    threading.Thread(target=target, daemon=True).start()
entered.wait()
print('ready', flush=True)
sys.stdin.read()
