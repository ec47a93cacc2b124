"""Prints the address of a large buffer, then writes what it is told into its own memory: lines of JSON, [address, hexadecimal bytes] each."""
import ctypes
import json
import sys

buffer = ctypes.create_string_buffer(16 << 20)
print("ready", flush=True)
print(ctypes.addressof(buffer), flush=True)
for line in sys.stdin:
    for address, data in json.loads(line):
        ctypes.memmove(address, bytes.fromhex(data), len(data) // 2)
    print("done", flush=True)
