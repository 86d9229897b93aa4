"""Deliveries: how many notices a second leave for a web receiver on loopback."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import insert

from benchmarks.measures import Figure, seconds
from benchmarks.offices import CLUSTERS, SCHOOLS, START, an_office, fill
from casework.contacts import add_contact
from casework.delivery import deliver
from casework.office import Office
from casework.sweep import sweep
from models import ContactKind
from models.tables import PEOPLE, ROLE_GRANTS
from notifications.channels import Channels, open_channels


def measure(kind: str, size: int) -> Iterator[Figure]:
    """Yield the seconds that 1,000 notices take; ``size`` cases are due at once."""
    with an_office(kind) as office, _receiver() as port, TemporaryDirectory() as folder:
        settings = {"BIHUAN_ALLOW_HOSTS": f"127.0.0.1:{port}"}
        channels = open_channels(settings, Path(folder))
        people = _owners(office, channels, port)
        fill(office, size, due=size)
        sweep(office, as_of=START, ran_at=START)
        taken = seconds(lambda: _send_all(office, channels))
    note = f"{size:,} cases overdue, {people} owners, digests of about {size // people}"
    yield Figure(f"seconds for 1,000 notices, {kind}", taken / size * 1_000, "s", 1.0, note)


def _send_all(office: Office, channels: Channels) -> None:
    done = deliver(office, channels, as_of=START, owner="bench")
    if not done.sent:
        message = f"nothing left: {done}"
        raise AssertionError(message)


def _owners(office: Office, channels: Channels, port: int) -> int:
    """Give every school an owner of its own who is reached at the receiver."""
    schools = range(1000, 1000 + CLUSTERS * SCHOOLS)
    with office.writing() as connection:
        people = [{"id": n, "code": f"owner{n}", "name": f"owner{n}"} for n in schools if n > 1000]
        connection.execute(insert(PEOPLE), people)
        grants = [
            {"person_id": each["id"], "role": "owner", "organisation_id": each["id"]}
            for each in people
        ]
        connection.execute(insert(ROLE_GRANTS), grants)
    for code in ["owner", *(str(each["code"]) for each in people)]:
        url = f"http://127.0.0.1:{port}/{code}"
        add_contact(office, channels.keys, code, ContactKind.WEBHOOK, url, by="admin", at=START)
    return len(schools)


@contextmanager
def _receiver() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Receiver)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


class _Receiver(BaseHTTPRequestHandler):
    """Takes everything."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Say nothing."""
