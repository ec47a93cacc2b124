"""
Serves an application with one of several servers and prints `ready` when it listens: `serve(SERVER, PORT, make)`.
"""
import sys


def serve(server, port, make):
    """`make` makes the application, in the process that serves it."""
    kind, _, worker = server.partition("-")
    if kind == "gunicorn":
        serve_gunicorn(worker, port, make)
    else:
        globals()["serve_" + kind](port, make())


output = sys.stdout


def ready():
    output.write("ready\n")
    output.flush()


def serve_werkzeug(port, app):
    from werkzeug.serving import WSGIRequestHandler, make_server

    WSGIRequestHandler.log_request = lambda *_: None
    server = make_server("127.0.0.1", port, app, threaded=True)
    ready()
    server.serve_forever()


def serve_wsgiref(port, app):
    from socketserver import ThreadingMixIn
    from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

    WSGIRequestHandler.log_request = lambda *_: None
    server = type("Server", (ThreadingMixIn, WSGIServer), {})(("127.0.0.1", port), WSGIRequestHandler)
    server.set_app(app)
    ready()
    server.serve_forever()


def serve_runserver(port, app):
    """Django's own, whose command writes to the output too."""
    from django.core.management import execute_from_command_line
    from django.core.management.commands import runserver
    from django.core.servers import basehttp

    runserver.Command.get_handler = lambda *_, **__: app

    begin = basehttp.WSGIServer.serve_forever
    sys.stdout = sys.stderr = open("/dev/null", "w")

    def serve_forever(self):
        ready()
        begin(self)

    basehttp.WSGIServer.serve_forever = serve_forever
    execute_from_command_line(["manage.py", "runserver", "--noreload", "127.0.0.1:%d" % port])


def serve_gunicorn(worker, port, make):
    from gunicorn.app.base import BaseApplication

    classes = {"uvicorn": "uvicorn_worker.UvicornWorker"}
    settings = {
        "bind": "127.0.0.1:%d" % port,
        "worker_class": classes.get(worker, worker),
        "workers": 1,
        "threads": 4 if worker == "gthread" else 1,
        "loglevel": "critical",
        "post_worker_init": lambda _: ready(),
    }

    class Application(BaseApplication):
        def load_config(self):
            for key, value in settings.items():
                self.cfg.set(key, value)

        def load(self):
            return make()

    Application().run()


def serve_waitress(port, app):
    from waitress.server import create_server

    server = create_server(app, host="127.0.0.1", port=port, threads=4)
    ready()
    server.run()


def serve_uvicorn(port, app):
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, *args, **options):
            await super().startup(*args, **options)
            ready()

    Server(uvicorn.Config(app, port=port, log_level="critical", lifespan="off")).run()


def serve_hypercorn(port, app):
    import asyncio

    from hypercorn.asyncio import serve as run
    from hypercorn.config import Config
    from hypercorn.logging import Logger

    class Quiet(Logger):
        async def info(self, message, *_):
            if "Running on" in message:
                ready()

        async def exception(self, *_):
            pass

    config = Config()
    config.bind = ["127.0.0.1:%d" % port]
    config.logger_class = Quiet
    asyncio.run(run(app, config))


def serve_aiohttp(port, app):
    import asyncio

    from aiohttp import web

    async def listen():
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        ready()
        await asyncio.Event().wait()

    asyncio.run(listen())
