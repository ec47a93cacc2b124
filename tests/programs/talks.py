"""Prints to both outputs, looks whether there is anything to read, computes until told to end by a signal or for a second."""
import signal
import sys
import time

print('said on output', flush=True)
print('said on error', file=sys.stderr, flush=True)
print('read %r' % sys.stdin.read(), flush=True)


def interrupted(*_):
    print('interrupted', flush=True)
    sys.exit(3)


signal.signal(signal.SIGINT, interrupted)


def compute(seconds):
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        pass


compute(float(sys.argv[1]))
sys.exit(7)
