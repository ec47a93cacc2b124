"""Computes for a while and ends with the status that the argument says."""
import sys
import time

until = time.perf_counter() + 0.3
while time.perf_counter() < until:
    pass
sys.exit(int(sys.argv[1]))
