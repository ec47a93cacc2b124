"""Two threads that run Python all the time, one that waits. Prints their kernel ids, and whether there is a GIL."""
import sys
import threading
import time


def count():
    total = 0
    while True:
        for number in range(1000):
            total += number


never = threading.Event()


def wait():
    never.wait()


def sleeps(thread):
    """What the kernel says of the thread: until it has begun to wait, it runs."""
    with open('/proc/self/task/%d/stat' % thread.native_id) as stat:
        return stat.read().rpartition(')')[2].split()[0] == 'S'


threads = [threading.Thread(target=target, daemon=True) for target in (count, count, wait)]
for thread in threads:
    thread.start()
while not (never._cond._waiters and sleeps(threads[-1])):
    time.sleep(0.001)
print('ready', flush=True)
print(*(thread.native_id for thread in threads), sys._is_gil_enabled(), flush=True)
sys.stdin.read()
