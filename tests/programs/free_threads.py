"""Threads whose bytecode is their own by now, each blocked at another depth; prints where each stands as it says itself, by kernel id."""
import json
import sys
import threading

started = threading.Semaphore(0)
lock = threading.Lock()
lock.acquire()


class Thing:
    def __init__(self, number):
        self.number = number
        self.text = 'thing %d' % number


def spin(number):
    total = 0
    for index in range(number % 7 + 3):
        total += index if index % 2 else -index
    return total


def items(thing):
    for index in range(3):
        yield index + spin(thing.number)


def step(thing, depth):
    values = {'depth': depth, 'list': [depth, str(depth)], 'set': {depth}}
    if depth % 2:
        inside = (depth, 0.5)
        return values and step(thing, depth - 1)
    for item in items(thing):
        if depth > 0:
            return item and step(thing, depth - 1)
        started.release(), lock.acquire()


def worker(number):
    thing = Thing(number)
    for _ in range(3000):
        spin(number)
    step(thing, number)


threads = [threading.Thread(target=worker, args=(number,), daemon=True) for number in range(6)]
for thread in threads:
    thread.start()
for thread in threads:
    started.acquire()
frames = sys._current_frames()
stacks = {}
for thread in threads:
    frame = frames[thread.ident]
    stack = []
    while frame:
        stack.append([frame.f_code.co_name, frame.f_lineno])
        frame = frame.f_back
    stacks[thread.native_id] = stack
print('ready', flush=True)
print(json.dumps(stacks), flush=True)
sys.stdin.read()
