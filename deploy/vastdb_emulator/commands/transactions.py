"""Beginning, committing and rolling back, and the probe for the server's version."""

from __future__ import annotations

from deploy.vastdb_emulator.commands.call import Call
from deploy.vastdb_emulator.transport.messages import Response


def begin(call: Call) -> Response:
    """Open a transaction; the second header is where the SDK reads which node answered."""
    number = call.server.transactions.begin()
    return Response(headers={"tabular-txid": str(number), "x-vast-rcf-id": "E1:emulator"})


def commit(call: Call) -> Response:
    """Make the transaction's changes visible to those that begin from now on."""
    call.server.transactions.commit(call.txid)
    return Response()


def rollback(call: Call) -> Response:
    """Forget the transaction's changes."""
    call.server.transactions.rollback(call.txid)
    return Response()


def probe(call: Call) -> Response:
    """Say that a transaction is open; the version is in a header of every answer."""
    if not call.request.flag("tabular-get-vast-version"):
        call.server.transactions.view(call.txid)
    return Response()
