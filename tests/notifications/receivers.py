"""Real receivers on loopback: a web server that misbehaves as told, and an SMTP server."""

import json
import logging
from contextlib import contextmanager
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import create_server
from threading import Event, Thread

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

# The server of a test tells whom it serves; what we log is what tests look at.
logging.getLogger("mail.log").setLevel(logging.CRITICAL)


class Receiver:
    """Keeps what was POSTed: path, headers and JSON. ``answer`` says how it behaves."""

    def __init__(self, port):
        self.got, self.bodies, self.answer, self.port = [], [], answer(), port
        self.done = Event()
        self.address = f"127.0.0.1:{port}"
        self.url = f"http://{self.address}/hook"

    @property
    def keys(self):
        return [key for _, _, body in self.got for key in body["keys"]]


def answer(status=200, body=b"{}", headers=(), *, length=None):
    """An answer; ``length`` is promised when it is not the body's."""

    def give(handler):
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers:
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return give


def hang(receiver):
    """Take the request and say nothing until the test is over."""
    return lambda _handler: receiver.done.wait(60)


def dribble(receiver):
    """Answer 200 and then a byte now and then until the test is over."""

    def give(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        while not receiver.done.wait(0.02):
            handler.wfile.write(b" ")

    return give


def hang_up(handler):
    """Close the connection where the answer should be."""
    handler.close_connection = True


@contextmanager
def receiving():
    """A web server on a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.bodies.append(body)
            receiver.got.append((self.path, dict(self.headers), json.loads(body)))
            receiver.answer(self)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver = Receiver(server.server_port)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        receiver.done.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Post:
    def __init__(self):
        self.mails, self.refused = [], set()

    # aiosmtpd calls them by the names of SMTP's commands.
    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 — see above
        if address in self.refused:
            return f"550 no such user {address}"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 — see above
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.mails.append((envelope.rcpt_tos, mail))
        return "250 OK"


@contextmanager
def catching_mail(**options):
    """An SMTP server; its ``mails`` are (recipients, message), ``refused`` addresses get a 550."""
    post = _Post()
    with create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(post, hostname="127.0.0.1", port=port, **options)
    controller.start()
    post.port = port
    try:
        yield post
    finally:
        controller.stop()


def only_with(user, password):
    """An authenticator that takes one login."""

    def check(_server, _session, _envelope, _mechanism, login):
        given = (login.login, login.password)
        return AuthResult(success=given == (user.encode(), password.encode()), handled=False)

    return check
