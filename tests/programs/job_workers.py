"""
Workers for jobs: `job_workers.py celery POOL` or `job_workers.py rq KIND`. Prints `ready`; for the line `NUMBER
MILLISECONDS` on its input, enqueues so many jobs of two kinds each. Each job prints its name, and the seconds that it
took.
"""
import os
import sys
import threading
import time


def work(name, milliseconds):
    began = time.perf_counter()
    while time.perf_counter() < began + milliseconds / 1000:
        sum(range(20000))
        time.sleep(0.005)
    os.write(1, ("%s %f\n" % (name, time.perf_counter() - began)).encode())


def first_job(milliseconds, secret=None):
    work("first_job", milliseconds)


def second_job(milliseconds, secret=None):
    work("second_job", milliseconds)


def ready(enqueue):
    def serve():
        for line in sys.stdin:
            number, milliseconds = map(int, line.split())
            for _ in range(number):
                enqueue("first_job", milliseconds)
                enqueue("second_job", milliseconds)

    threading.Thread(target=serve, daemon=True).start()
    os.write(1, b"ready\n")


def run_celery(pool):
    import celery
    from celery.signals import worker_ready

    app = celery.Celery("shop", broker="memory://", set_as_current=True)
    app.conf.worker_redirect_stdouts = False
    app.conf.worker_hijack_root_logger = False
    jobs = {run.__name__: app.task(name="shop." + run.__name__)(run) for run in (first_job, second_job)}

    @worker_ready.connect(weak=False)
    def is_ready(**_):
        ready(lambda name, milliseconds: jobs[name].delay(milliseconds, secret="hunter2"))

    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "critical"]
    app.worker_main(["-q", "worker", "--pool", pool, "--concurrency", "2"] + quiet)


def run_rq(kind):
    import rq
    from fakeredis import TcpFakeServer
    from redis import Redis

    # A thread of a worker would be missing in what it forks.
    server = TcpFakeServer(("127.0.0.1", 0))
    port = server.server_address[1]
    if os.fork() == 0:
        server.serve_forever()
    server.server_close()
    connection = Redis(port=port)
    # The server, which is no Redis, answers otherwise.
    connection.set_response_callback("CLIENT INFO", lambda *_, **__: {"addr": ""})
    queue = rq.Queue("jobs", connection=connection)
    sys.modules["job_workers"] = sys.modules["__main__"]
    ready(lambda name, milliseconds: queue.enqueue("job_workers." + name, milliseconds, secret="hunter2"))
    getattr(rq, kind)([queue], connection=connection).work(logging_level="CRITICAL")


if __name__ == "__main__":
    library, kind = sys.argv[1:]
    {"celery": run_celery, "rq": run_rq}[library](kind)
