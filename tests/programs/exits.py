"""Uses 0.3 s of CPU and ends with the status that the argument says."""
import sys
import time

until = time.process_time() + 0.3
while time.process_time() < until:
    pass
sys.exit(int(sys.argv[1]))
