"""Frames between the guard and its children: a flag, a length, and a message in MessagePack."""

import socket
import struct
import time

import msgspec
from msgspec import Struct

HEADER = struct.Struct("!?Q")  # whether the work succeeded; bytes that follow
PAGE = HEADER.pack(1, 0)  # no message: the child is at work and begins another page
LONGEST = 512 * 1024 * 1024  # bytes; the sender of a longer frame has lost its mind

_encoder = msgspec.msgpack.Encoder()


class Limits(Struct, frozen=True, kw_only=True):
    """What the guard grants one child."""

    memory: int  # bytes of address space
    wall: float  # seconds for one original or each of its pages, and of processor time
    niced: bool


class Hello(Struct, frozen=True):
    """The first frame of a child: it is ready."""

    isolated: bool  # no network can be reached from it


def pack(message: object, *, good: bool = True) -> bytearray:
    """Give the whole frame of a message."""
    frame = bytearray(HEADER.size)
    _encoder.encode_into(message, frame, HEADER.size)
    HEADER.pack_into(frame, 0, good, len(frame) - HEADER.size)
    return frame


def receive(line: socket.socket, deadline: float | None = None) -> tuple[bool, bytearray]:
    """Wait for one frame until `deadline` on the monotonic clock. Raises EOFError when the other end is gone."""
    good, length = HEADER.unpack(_exactly(line, HEADER.size, deadline))
    if length > LONGEST:
        raise EOFError
    return good, _exactly(line, length, deadline)


def _exactly(line: socket.socket, length: int, deadline: float | None) -> bytearray:
    buffer = bytearray(length)
    view = memoryview(buffer)
    while view:
        if deadline is not None:
            line.settimeout(max(deadline - time.monotonic(), 1e-3))
        taken = line.recv_into(view)
        if not taken:
            raise EOFError
        view = view[taken:]
    return buffer
