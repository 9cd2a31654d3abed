"""Whether a bucket exists, and its snapshots."""

from __future__ import annotations

from xml.sax.saxutils import escape

from deploy.vastdb_emulator.commands.call import SNAPSHOTS, Call
from deploy.vastdb_emulator.store import system_tables
from deploy.vastdb_emulator.transport.messages import Response


def head(call: Call) -> Response:
    """Succeed when the bucket exists."""
    call.view.require_bucket(call.bucket)
    return Response()


def create(call: Call) -> Response:
    """Make a bucket; one that exists stays as it is."""
    bucket = call.bucket
    return call.change(lambda catalog: catalog.with_bucket(bucket))


def snapshots(call: Call) -> Response:
    """List the snapshots of a bucket: the system bucket has one, others have none."""
    call.view.require_bucket(call.bucket)
    prefix = call.request.parameters.get("prefix", "")
    names = [f"{SNAPSHOTS}/{name}/" for name in system_tables.SNAPSHOTS.get(call.bucket, ())]
    found = [name for name in names if name.startswith(prefix)]
    entries = "".join(f"<CommonPrefixes><Prefix>{escape(name)}</Prefix></CommonPrefixes>" for name in found)
    return Response(
        body=f"<ListBucketResult><Marker></Marker><IsTruncated>false</IsTruncated>{entries}</ListBucketResult>".encode()
    )
