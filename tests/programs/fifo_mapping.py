"""Maps a file in the folder of its first argument, and puts what waits for ever where the kernel says that the file was."""
import mmap
import os
import sys

path = os.path.join(sys.argv[1], "a_python.so")
with open(path, "wb+") as file:
    file.write(bytes(4096))
    file.flush()
    mapped = mmap.mmap(file.fileno(), 4096, prot=mmap.PROT_READ, flags=mmap.MAP_PRIVATE)
os.unlink(path)
kind = sys.argv[2]
if kind == "fifo":
    os.mkfifo(path + " (deleted)")
elif kind == "link to a fifo":
    os.mkfifo(os.path.join(sys.argv[1], "fifo"))
    os.symlink("fifo", path + " (deleted)")
else:
    os.symlink("/dev/tty", path + " (deleted)")
print("ready", flush=True)
sys.stdin.read()
