"""Has a request in hand, in a frame of the file and function that waitress has, and is a client of no clock but its own."""
import sys
import time

names = {"time": time, "sys": sys}
source = """
class Task:
    def service(self):
        self.start_time = began
        print("ready", flush=True)
        sys.stdin.read()
"""
exec(compile(source, "/site-packages/waitress/task.py", "exec"), names)

names["began"] = eval(sys.argv[1])
task = names["Task"]()
task.environ = {
    "HTTP_COOKIE": "session=hunter2",
    "QUERY_STRING": "token=hunter2",
    "PATH_INFO": "/report/43210",
    "REQUEST_METHOD": "GET",
}
task.service()
