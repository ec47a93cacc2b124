"""Runs itself again in the same process, with arguments as long as before, once a line comes; then computes."""
import os
import sys
import time


def second_program():
    while True:
        time.perf_counter()


if sys.argv[1] == 'one':
    print('ready', flush=True)
    sys.stdin.readline()
    os.execv(sys.executable, [sys.executable, sys.argv[0], 'two'])
second_program()
