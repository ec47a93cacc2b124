"""Waits for a line, uses half a second of CPU time and prints its CPU time before and after, again and again."""

import sys
import time

print("ready", flush=True)
for _ in sys.stdin:
    before = time.process_time()
    while time.process_time() < before + 0.5:
        sum(range(100000))
    print(before, time.process_time(), flush=True)
