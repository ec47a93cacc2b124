"""Calls down to a depth over and over, and tells in shared memory how often and for how long, so that others can see it.

Arguments: depth, threads that do this, further threads that only wait. File 3 holds, for each busy thread, three numbers of
8 bytes: rounds, nanoseconds in `left`, nanoseconds in `right`. Prints `ready`.
"""
import mmap
import sys
import threading
from time import perf_counter_ns

depth, busy, waiting = (int(word) for word in sys.argv[1:])
cells = memoryview(mmap.mmap(3, 24 * busy)).cast('Q')
stop = threading.Event()


def wait():
    stop.wait()


def leaf():
    x = 0
    for i in range(200):
        x += i
    return x


def nothing():
    return 0


def descend(left):
    if left == 0:
        return leaf()
    return descend(left - 1)


def descend_only(left):
    if left == 0:
        return nothing()
    return descend_only(left - 1)


# Both end `depth` frames deep: `<module>`, `count`, this one, those that descend, and the last one. On the left most time is in the
# leaf, where the stack stands still; on the right it never does.
def left(levels):
    for _ in range(10):
        descend(levels)


def right(levels):
    for _ in range(30):
        descend_only(levels)


def count(thread):
    at = 3 * thread
    levels = depth - 5
    rounds = in_left = in_right = 0
    begin = perf_counter_ns()
    while True:
        left(levels)
        middle = perf_counter_ns()
        right(levels)
        end = perf_counter_ns()
        in_left += middle - begin
        in_right += end - middle
        rounds += 1
        cells[at] = rounds
        cells[at + 1] = in_left
        cells[at + 2] = in_right
        begin = end


for _ in range(waiting):
    threading.Thread(target=wait, daemon=True).start()
print('ready', flush=True)
for number in range(1, busy):
    threading.Thread(target=count, args=(number,), daemon=True).start()
count(0)
