"""Four threads that are busy at once, each with functions of its own and one that all share. Each measures
its own time, by a clock that needs no system call: at those the scheduler likes to take a processor away."""
import json
import sys
import threading
from time import perf_counter

NAMES = ('north', 'east', 'south', 'west')


def shared():
    total = 0
    for number in range(150):
        total += number
    return total


def own(count):
    total = 0
    for number in range(count):
        total += number * number
    return total


def named(function, name):
    return type(function)(function.__code__.replace(co_name=name, co_qualname=name), globals(), name)


def work(do, name, times, barrier):
    barrier.wait()
    spent = times[name]
    while not STOP:
        begin = perf_counter()
        for _ in range(20):
            shared()
        middle = perf_counter()
        for _ in range(20):
            do(300)
        end = perf_counter()
        spent['shared'] += middle - begin
        spent[name] += end - middle


STOP = []
times = {name: {'shared': 0.0, name: 0.0} for name in NAMES}
barrier = threading.Barrier(len(NAMES) + 1)
threads = [threading.Thread(target=work, args=(named(own, name), name, times, barrier)) for name in NAMES]
for thread in threads:
    thread.start()
barrier.wait()
print('ready', flush=True)
for line in sys.stdin:
    if line != 'begin\n':
        break
    for spent in times.values():
        spent.update(dict.fromkeys(spent, 0.0))
STOP.append(True)
for thread in threads:
    thread.join()
whole = sum(sum(spent.values()) for spent in times.values())
shares = {name: times[name][name] / whole for name in NAMES}
shares['shared'] = sum(spent['shared'] for spent in times.values()) / whole
print(json.dumps(shares), flush=True)
