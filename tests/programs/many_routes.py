"""
Many routes, each with a function of its own, which is named after it: `many_routes.py KIND SERVER PORT ROUTES`. KIND is
`flask`, `pool` (plain functions of FastAPI) or `tasks` (coroutines of FastAPI). Prints `ready` when it listens. Route
`/at/N` calls `of_N`, which works and waits by turns for the milliseconds of its path: `/at/N/MS`.
"""
import logging
import sys
import time

PLAIN = """
def of_{n}(ms):
    end = time.perf_counter() + ms / 1000
    while time.perf_counter() < end:
        sum(range(2000))
        time.sleep(0.001)
    return "done"
"""
COROUTINE = """
async def of_{n}(ms):
    end = time.perf_counter() + ms / 1000
    while time.perf_counter() < end:
        sum(range(2000))
        await asyncio.sleep(0.002)
    return "done"
"""
PLAIN_ENDPOINT = """
def endpoint_{n}(ms: int):
    return of_{n}(ms)
"""
COROUTINE_ENDPOINT = """
async def endpoint_{n}(ms: int):
    return await of_{n}(ms)
"""


def endpoints(count, marker, endpoint):
    import asyncio

    names = {"time": time, "asyncio": asyncio}
    for n in range(count):
        exec(compile((marker + endpoint).format(n=n), "many_routes_app.py", "exec"), names)
    return [names["endpoint_%d" % n] for n in range(count)]


def flask_app(count):
    import flask

    app = flask.Flask("many")
    for n, endpoint in enumerate(endpoints(count, PLAIN, PLAIN_ENDPOINT)):
        app.add_url_rule("/at/%d/<int:ms>" % n, str(n), endpoint)
    return app


def pool_app(count, parts=(PLAIN, PLAIN_ENDPOINT)):
    import fastapi

    app = fastapi.FastAPI()
    for n, endpoint in enumerate(endpoints(count, *parts)):
        app.get("/at/%d/{ms}" % n)(endpoint)
    return app


def tasks_app(count):
    return pool_app(count, (COROUTINE, COROUTINE_ENDPOINT))


if __name__ == "__main__":
    kind, server, port, count = sys.argv[1:]
    logging.disable(logging.CRITICAL)
    from web_servers import serve

    serve(server, int(port), lambda: globals()[kind + "_app"](int(count)))
