"""A small SMTP server that keeps the mails it takes (RFC 5321, without extensions)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from queue import Queue
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread


@dataclass
class MailServer:
    """A listening server; recipients in `unknown` are refused."""

    url: str = ""
    unknown: set[str] = field(default_factory=set)
    taken: Queue[tuple[str, EmailMessage]] = field(default_factory=Queue)


class Conversation(StreamRequestHandler):
    """One client's commands, in order."""

    kept: MailServer

    def handle(self) -> None:
        self.wfile.write(b"220 sink\r\n")
        recipient = ""
        while line := self.rfile.readline().decode().strip():
            verb = line.split(" ")[0].upper()
            if verb == "RCPT":
                recipient = line.partition("<")[2].partition(">")[0]
            if verb == "DATA":
                self.wfile.write(b"354 go on\r\n")
                self.kept.taken.put((recipient, self._message()))
            self.wfile.write(self._answer(verb, recipient))
            if verb == "QUIT":
                return

    def _answer(self, verb: str, recipient: str) -> bytes:
        if verb == "RCPT" and recipient in self.kept.unknown:
            return b"550 nobody here\r\n"
        return b"221 bye\r\n" if verb == "QUIT" else b"250 ok\r\n"

    def _message(self) -> EmailMessage:
        lines = iter(self.rfile.readline, b".\r\n")
        message = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(message, EmailMessage)
        return message


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A server on a free port of this machine."""
    state = MailServer()
    handler = type("Handler", (Conversation,), {"kept": state})
    server = ThreadingTCPServer(("127.0.0.1", 0), handler)
    state.url = f"smtp://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
