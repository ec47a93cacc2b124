"""Counts how much work it gets done in a while, once for each line that comes in. Arguments: depth, further threads that wait."""
import sys
import threading
from time import perf_counter

depth, others = int(sys.argv[1]), int(sys.argv[2])
stop = threading.Event()


def wait():
    stop.wait()


for _ in range(others):
    threading.Thread(target=wait, daemon=True).start()


def leaf():
    x = 0
    for i in range(200):
        x += i
    return x


def descend(left):
    if left == 0:
        return leaf()
    return descend(left - 1)


def count(seconds):
    done = 0
    until = perf_counter() + seconds
    while perf_counter() < until:
        for _ in range(20):
            descend(depth - 2)
        done += 20
    return done


count(0.5)
print('ready', flush=True)
for line in sys.stdin:
    print(count(float(line)), flush=True)
