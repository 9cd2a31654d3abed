"""One media job inside its own process: takes a request, keeps to its limits, sends a report, ends."""

from __future__ import annotations

import importlib
import os
import resource
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec

from domain.media.inspection import Inspection
from processors.media.limits import Limits
from processors.media.rejections import MediaRejected, RejectionCode
from processors.media.results import MediaResult
from processors.media.settings import RenderSettings

RENDER = "processors.media.render:render"
GRACE_SECONDS = 5
"""Between the signal that the processor time is used up and the kill."""


class JobRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What the job is to do; paths are absolute."""

    source: str
    out_dir: str
    name: str
    limits: Limits
    settings: RenderSettings


class Finished(msgspec.Struct, frozen=True, tag=True):
    """The job made its pictures."""

    result: MediaResult


class Rejected(msgspec.Struct, frozen=True, tag=True):
    """The job found out itself that the file gives no pictures."""

    code: RejectionCode
    message: str
    inspection: Inspection | None = None


Report = Finished | Rejected
Render = Callable[..., MediaResult]

_encoder = msgspec.msgpack.Encoder(enc_hook=str)
_decoder = msgspec.msgpack.Decoder(Report, dec_hook=lambda kind, value: kind(value))


def decoded_report(encoded: bytes) -> Report:
    """The report in these bytes. Raises msgspec.DecodeError when they hold none."""
    report: Report = _decoder.decode(encoded)
    return report


def warmed(entry: str) -> Render:
    """The function that jobs call, `module:function`, with its libraries loaded and its tables baked."""
    module_name, _, function_name = entry.partition(":")
    module = importlib.import_module(module_name)
    warm = getattr(module, "warm", None)
    if warm is not None:
        warm()
    function: Render = getattr(module, function_name)
    return function


def perform(request: JobRequest, render: Render, report_fd: int) -> None:
    """Runs the job within its limits and writes its report; an unforeseen error is reported, then raised."""
    os.chdir(request.out_dir)
    tempfile.tempdir = request.out_dir
    confine(request.limits)
    try:
        _send(_report_of(request, render), report_fd)
    except Exception as error:
        _send(Rejected(RejectionCode.CRASHED, f"{type(error).__name__}: {error}"), report_fd)
        raise


def confine(limits: Limits) -> None:
    """Sets this process's limits for good; they hold whatever a decoder does."""
    memory_bytes = _mapped_bytes() + limits.memory_bytes
    for kind, soft, hard in (
        (resource.RLIMIT_AS, memory_bytes, memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + GRACE_SECONDS),
        (resource.RLIMIT_FSIZE, limits.output_bytes, limits.output_bytes),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        resource.setrlimit(kind, (soft, hard))


def _report_of(request: JobRequest, render: Render) -> Report:
    try:
        result = render(
            Path(request.source),
            Path(request.out_dir),
            name=request.name,
            limits=request.limits,
            settings=request.settings,
        )
    except MediaRejected as rejected:
        return Rejected(rejected.code, rejected.message, rejected.inspection)
    except MemoryError:
        allowed = request.limits.memory_bytes
        message = f"{request.name} needs more than the {allowed} bytes of memory that a job has."
        return Rejected(RejectionCode.OUT_OF_MEMORY, message)
    return Finished(result)


def _mapped_bytes() -> int:
    """Address space this process has already; 0 where the system does not tell."""
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[0]) * resource.getpagesize() if statm.exists() else 0


def _send(report: Report, report_fd: int) -> None:
    remaining = memoryview(_encoder.encode(report))
    while remaining:
        remaining = remaining[os.write(report_fd, remaining) :]
