"""What a reading child gives up for good before it sees anything from outside (Linux)."""

import ctypes
import platform
import resource
import signal
import struct
import time
from contextlib import suppress
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
CLONE_THREAD = 0x00010000

#: System calls refused, by machine: socket, fork, vfork, execve, execveat, io_uring_setup; and the number of clone.
#: Threads stay possible; clone3, whose flags a filter can't see, is "not implemented": libc falls back to clone.
REFUSED = {
    "x86_64": (0xC000003E, (41, 57, 58, 59, 322, 425), 56),
    "aarch64": (0xC00000B7, (198, 221, 281, 425), 220),
}
CLONE3 = 435

_libc = ctypes.CDLL(None, use_errno=True)


def confine(memory: int) -> bool:
    """Live within `memory` bytes of address space, write no file, die with the parent; tell whether network is barred.

    Without the needed kernel support (user namespaces and seccomp both forbidden) everything but that still holds.
    """
    with suppress(OSError):  # not everywhere allowed, and only a preference
        Path("/proc/self/oom_score_adj").write_text("900", encoding="ascii")  # the system kills a reader before a door
    unshared = _leave_network()
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)  # after the namespaces: changed credentials clear it
    for limit, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (_at_most(limit, value),) * 2)
    return _refuse_calls() or unshared


def grant(seconds: float) -> None:
    """Allow so many more seconds of processor time, lest a child outrun a guard that is itself stopped."""
    limit = resource.RLIMIT_CPU
    soft = _at_most(limit, int(time.process_time() + seconds) + 1)
    resource.setrlimit(limit, (soft, resource.getrlimit(limit)[1]))


def _at_most(limit: int, value: int) -> int:
    """Keep to a limit that was set from outside: nobody may raise it."""
    hard = resource.getrlimit(limit)[1]
    return value if hard == resource.RLIM_INFINITY else min(value, hard)


def _leave_network() -> bool:
    """Move to an empty network; root needs no user namespace, and would lose sight of other people's files in one."""
    return any(_libc.unshare(flags) == 0 for flags in (CLONE_NEWNET, CLONE_NEWUSER | CLONE_NEWNET))


def _refuse_calls() -> bool:
    """Install a seccomp filter against sockets, processes and programs, which root's limits would not stop."""
    if platform.machine() not in REFUSED:
        return False
    program = _filter(*REFUSED[platform.machine()])
    buffer = ctypes.create_string_buffer(program)
    prog = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))  # struct sock_fprog
    _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return bool(_libc.prctl(PR_SET_SECCOMP, 2, prog, 0, 0) == 0)


def _filter(arch: int, refused: tuple[int, ...], clone: int) -> bytes:
    """Write the filter in classic BPF over struct seccomp_data: nr at 0, arch at 4, low half of argument 0 at 16."""
    load, equal, above, bits, give = 0x20, 0x15, 0x35, 0x45, 0x06
    allow, refuse, unknown = 0x7FFF0000, 0x00050001, 0x00050026  # SECCOMP_RET_ALLOW, _ERRNO | EPERM, _ERRNO | ENOSYS
    lines = [(load, 0, 0, 4), (equal, 1, 0, arch), (give, 0, 0, refuse), (load, 0, 0, 0)]
    lines += [(above, 0, 1, 0x40000000), (give, 0, 0, refuse)]  # the x32 twins of the same calls
    for number in refused:
        lines += [(equal, 0, 1, number), (give, 0, 0, refuse)]
    lines += [(equal, 0, 1, CLONE3), (give, 0, 0, unknown), (equal, 1, 0, clone), (give, 0, 0, allow)]
    lines += [(load, 0, 0, 16), (bits, 0, 1, CLONE_THREAD), (give, 0, 0, allow), (give, 0, 0, refuse)]
    return b"".join(struct.pack("HBBI", *line) for line in lines)
