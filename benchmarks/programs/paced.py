"""One of many programs on a machine: wakes once a second and computes for 3 ms.

Prints `ready`; on a line of input, a number, does the same work so many times and prints what CPU time that took,
nanoseconds. The argument is for who looks for it by its command line.
"""
import gc
import select
import sys
from time import perf_counter, thread_time_ns

WORDS = [str(number * 7919 % 1000) for number in range(200)]


def count(depth):
    return 1 if depth == 0 else 1 + count(depth - 1)


def tally():
    seen = {}
    for word in WORDS:
        seen[word] = seen.get(word, 0) + len(word)
    return seen


def unit():
    for _ in range(10):
        count(20)
        sorted(tally().items())


def asked(line):
    times = int(line)
    began = thread_time_ns()
    for _ in range(times):
        unit()
    print(thread_time_ns() - began, flush=True)


def wake():
    end = perf_counter() + 0.003
    while perf_counter() < end:
        pass


# A collection in one half of a pair and not in the other would be a difference that nobody made.
gc.disable()
print('ready', flush=True)
while True:
    if select.select([sys.stdin], [], [], 1)[0]:
        text = sys.stdin.readline()
        if not text:
            break
        asked(text)
    else:
        wake()
