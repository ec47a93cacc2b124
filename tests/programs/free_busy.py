"""Two threads that run Python all the time, one that waits. Prints their kernel ids, and whether there is a GIL."""
import threading
import sys


def count():
    total = 0
    while True:
        for number in range(1000):
            total += number


def wait():
    threading.Event().wait()


threads = [threading.Thread(target=target, daemon=True) for target in (count, count, wait)]
for thread in threads:
    thread.start()
print('ready', flush=True)
print(*(thread.native_id for thread in threads), sys._is_gil_enabled(), flush=True)
sys.stdin.read()
