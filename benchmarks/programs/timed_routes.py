"""
Five routes of known cost, with several frameworks: `timed_routes.py SERVER FRAMEWORK PORT FOLDER TIMES`. FOLDER has the
module `web_servers`. Prints `ready` when it listens, and appends a line to the file TIMES for each request: its path,
and the seconds that the application took for it.
"""
import asyncio
import hashlib
import logging
import os
import sqlite3
import sys
import time

QUERY = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 50000) SELECT sum(x) FROM n"
COMPUTED = 0.01
PIECES = 5
PIECE = 0.006


def computed():
    end = time.thread_time() + COMPUTED
    while time.thread_time() < end:
        hashlib.sha256(b"x" * 1000).hexdigest()
    return "done"


def queried():
    with sqlite3.connect(":memory:") as database:
        return str(database.execute(QUERY).fetchone())


def pieces():
    for _ in range(PIECES):
        time.sleep(PIECE)
        yield b"piece"


async def async_pieces():
    for _ in range(PIECES):
        await asyncio.sleep(PIECE)
        yield b"piece"


def fail():
    time.sleep(0.015)
    raise ValueError("as it is meant")


def note(path, began):
    os.write(times, ("%s %f\n" % (path, time.perf_counter() - began)).encode())


def timed_wsgi(app):
    def timed(environ, start_response):
        began = time.perf_counter()
        body = app(environ, start_response)
        try:
            yield from body
        finally:
            if hasattr(body, "close"):
                body.close()
            note(environ["PATH_INFO"], began)

    return timed


def timed_asgi(app):
    async def timed(scope, receive, send):
        began = time.perf_counter()
        try:
            await app(scope, receive, send)
        finally:
            if scope["type"] == "http":
                note(scope["path"], began)

    return timed


def timed_aiohttp(app):
    from aiohttp import web

    @web.middleware
    async def timed(request, handler):
        began = time.perf_counter()
        try:
            return await handler(request)
        finally:
            note(request.path, began)

    app.middlewares.append(timed)
    return app


def flask_app():
    import flask

    app = flask.Flask("timed")
    app.add_url_rule("/sleep/<int:ms>", "sleep", lambda ms: (time.sleep(ms / 1000), "done")[1])
    app.add_url_rule("/compute", "compute", computed)
    app.add_url_rule("/query", "query", queried)
    app.add_url_rule("/stream", "stream", lambda: flask.Response(pieces()))
    app.add_url_rule("/fail", "fail", fail)
    return app


def postgresql_app():
    import flask
    import pg8000.native

    app = flask.Flask("timed")

    def ask(query):
        connection = pg8000.native.Connection(
            "postgres", unix_sock=os.environ["POSTGRESQL_SOCKET"], database="postgres"
        )
        try:
            return str(connection.run(query))
        finally:
            connection.close()

    app.add_url_rule("/sleep/<int:ms>", "sleep", lambda ms: ask("SELECT pg_sleep(%f)" % (ms / 1000)))
    app.add_url_rule("/compute", "compute", computed)
    app.add_url_rule("/query", "query", lambda: ask(QUERY))
    app.add_url_rule("/stream", "stream", lambda: ask("SELECT generate_series(1, 3000)"))
    app.add_url_rule("/fail", "fail", lambda: ask("SELECT 1 / count(*) FROM pg_sleep(0.015) WHERE false"))
    return app


def django_settings(is_async):
    from django import urls
    from django.conf import settings
    from django.http import HttpResponse, StreamingHttpResponse

    async def sleep_async(_, ms):
        await asyncio.sleep(ms / 1000)
        return HttpResponse("done")

    async def fail_async(_):
        await asyncio.sleep(0.015)
        raise ValueError("as it is meant")

    def sleep(_, ms):
        time.sleep(ms / 1000)
        return HttpResponse("done")

    streamed = async_pieces if is_async else pieces
    patterns = [
        urls.path("sleep/<int:ms>", sleep_async if is_async else sleep),
        urls.path("compute", lambda _: HttpResponse(computed())),
        urls.path("query", lambda _: HttpResponse(queried())),
        urls.path("stream", lambda _: StreamingHttpResponse(streamed())),
        urls.path("fail", fail_async if is_async else lambda _: fail()),
    ]
    settings.configure(
        ROOT_URLCONF=type("Urls", (), {"urlpatterns": patterns}),
        ALLOWED_HOSTS=["*"],
        SECRET_KEY="x",
        LOGGING_CONFIG=None,
    )
    import django

    django.setup()


def django_app():
    django_settings(False)
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


def django_asgi_app():
    django_settings(True)
    from django.core.asgi import get_asgi_application

    return get_asgi_application()


def fastapi_app():
    import fastapi
    from fastapi.responses import StreamingResponse

    app = fastapi.FastAPI()

    @app.get("/sleep/{ms}")
    async def sleep(ms: int):
        await asyncio.sleep(ms / 1000)

    @app.get("/compute")
    async def compute():
        return computed()

    @app.get("/query")
    def query():
        return queried()

    @app.get("/stream")
    async def stream():
        return StreamingResponse(async_pieces())

    @app.get("/fail")
    async def failing():
        await asyncio.sleep(0.015)
        raise ValueError("as it is meant")

    return app


def aiohttp_app():
    from aiohttp import web

    async def sleep(request):
        await asyncio.sleep(int(request.match_info["ms"]) / 1000)
        return web.Response(text="done")

    async def compute(_):
        return web.Response(text=computed())

    async def query(_):
        return web.Response(text=await asyncio.to_thread(queried))

    async def stream(request):
        response = web.StreamResponse()
        await response.prepare(request)
        async for piece in async_pieces():
            await response.write(piece)
        return response

    async def failing(_):
        await asyncio.sleep(0.015)
        raise ValueError("as it is meant")

    app = web.Application()
    handlers = {"/sleep/{ms}": sleep, "/compute": compute, "/query": query, "/stream": stream, "/fail": failing}
    for path, handler in handlers.items():
        app.router.add_get(path, handler)
    return app


if __name__ == "__main__":
    server, framework, port, folder, times = sys.argv[1:]
    times = os.open(times, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    sys.path.insert(0, folder)
    logging.disable(logging.CRITICAL)
    from web_servers import serve

    timed = {"aiohttp": timed_aiohttp, "django_asgi": timed_asgi, "fastapi": timed_asgi}.get(framework, timed_wsgi)
    serve(server, int(port), lambda: timed(globals()[framework + "_app"]()))
