"""A WSGI application; each process that loads it says so."""


def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"hello\n"]


print("ready", flush=True)
