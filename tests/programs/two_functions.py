"""Runs until it is killed, in two functions, and says its CPU time when it is asked."""

import sys
import threading
import time


def spin(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        sum(range(200))


def wait(seconds):
    time.sleep(seconds)


def answer():
    for _ in sys.stdin:
        print(time.process_time(), flush=True)


threading.Thread(target=answer, daemon=True).start()
print("ready", flush=True)
while True:
    spin(0.01)
    wait(0.02)
