"""Takes files, network and other processes away from the current process. Linux only.

Two kernel features, which also bind the superuser and cannot be undone:

- Landlock (Linux 5.13) refuses access to files. https://docs.kernel.org/userspace-api/landlock.html
- A seccomp filter (64-bit x86 and ARM) allows only listed system calls; the others fail with EPERM. No file can be opened.
  https://docs.kernel.org/userspace-api/seccomp_filter.html
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

EVERYTHING = ("files", "network", "processes")

_PR_SET_NO_NEW_PRIVS = 38


def close_down() -> tuple[str, ...]:
    """Confine the process for the rest of its life; open files stay open. Never raises.

    Return what of `EVERYTHING` can still be reached: usually nothing on Linux, and everything on other systems.
    """
    if sys.platform != "linux":
        return EVERYTHING
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        # Required for the rest, unless the user is the superuser.
        if libc.prctl(_PR_SET_NO_NEW_PRIVS, *map(ctypes.c_ulong, (1, 0, 0, 0))) != 0:
            return EVERYTHING
        no_files = _restrict_files(libc)
        if _restrict_calls(libc):
            return ()
    except (OSError, AttributeError):  # a C library without these functions
        return EVERYTHING
    return ("network", "processes") if no_files else EVERYTHING


def _syscall(libc: ctypes.CDLL, number: int, *arguments: int | ctypes.Array[ctypes.c_char] | None) -> int:
    """Return the kernel's result; it is negative for an error."""
    libc.syscall.restype = ctypes.c_long
    typed = (ctypes.c_long(each) if isinstance(each, int) else each for each in arguments)
    return int(libc.syscall(ctypes.c_long(number), *typed))


# Landlock's system calls have the same numbers on all machines.
_CREATE_RULESET, _RESTRICT_SELF = 444, 446
_VERSION_FLAG = 1
_RIGHTS_BY_VERSION = {1: (1 << 13) - 1, 2: 1 << 13, 3: 1 << 14, 5: 1 << 15}
"""All file access rights that a version of Landlock can refuse."""
_TCP = 3
_SCOPES = 3
"""Abstract sockets of other processes, and signals to them."""


def _restrict_files(libc: ctypes.CDLL) -> bool:
    """Refuse access to all files through Landlock. Return False if the kernel has none, or if there are several threads:
    Landlock would bind only one.
    """
    version = _syscall(libc, _CREATE_RULESET, None, 0, _VERSION_FLAG)
    if version < 1 or len(list(Path("/proc/self/task").iterdir())) > 1:
        return False
    attributes = struct.pack("=Q", sum(bits for since, bits in _RIGHTS_BY_VERSION.items() if since <= version))
    attributes += struct.pack("=Q", _TCP) if version >= 4 else b""
    attributes += struct.pack("=Q", _SCOPES) if version >= 6 else b""
    size = len(attributes)
    ruleset = _syscall(libc, _CREATE_RULESET, ctypes.create_string_buffer(attributes, size), size, 0)
    if ruleset < 0:
        return False
    restricted = _syscall(libc, _RESTRICT_SELF, ruleset, 0) == 0
    os.close(ruleset)
    return restricted


_CALLS: dict[str, tuple[int, int | None]] = {
    "read": (0, 63), "write": (1, 64), "readv": (19, 65), "writev": (20, 66), "pread64": (17, 67), "close": (3, 57),
    "lseek": (8, 62), "fstat": (5, 80), "newfstatat": (262, 79), "statx": (332, 291), "faccessat": (269, 48),
    "getdents64": (217, 61), "getcwd": (79, 17), "ppoll": (271, 73), "mmap": (9, 222), "mprotect": (10, 226),
    "munmap": (11, 215), "mremap": (25, 216), "brk": (12, 214), "madvise": (28, 233), "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139), "sigaltstack": (131, 132), "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123), "futex": (202, 98), "set_robust_list": (273, 99), "rseq": (334, 293),
    "membarrier": (324, 283), "exit": (60, 93), "exit_group": (231, 94), "restart_syscall": (219, 128),
    "nanosleep": (35, 101), "clock_nanosleep": (230, 115), "clock_gettime": (228, 113), "clock_getres": (229, 114),
    "gettimeofday": (96, 169), "getrusage": (98, 165), "getrandom": (318, 278), "getpid": (39, 172),
    "gettid": (186, 178), "getuid": (102, 174), "geteuid": (107, 175), "getgid": (104, 176), "getegid": (108, 177),
    "uname": (63, 160), "sysinfo": (99, 179), "stat": (4, None), "lstat": (6, None), "access": (21, None),
    "poll": (7, None), "time": (201, None),
}  # fmt: skip
"""What Python and MuPDF use for memory, threads, clocks and open files; none of it changes a file. The numbers are those of
x86-64 (Linux's asm/unistd_64.h) and ARM (asm-generic/unistd.h, without the older calls)."""


@dataclass(frozen=True, slots=True)
class Machine:
    """The numbers of a machine type."""

    audit: int
    """AUDIT_ARCH_… of linux/audit.h."""
    seccomp: int
    clone: int
    tgkill: int
    allowed: tuple[int, ...]


MACHINES = {
    "x86_64": Machine(0xC000003E, 317, 56, 234, tuple(x86 for x86, _ in _CALLS.values())),
    "aarch64": Machine(0xC00000B7, 277, 220, 131, tuple(arm for _, arm in _CALLS.values() if arm is not None)),
}

_SET_MODE_FILTER, _ALL_THREADS = 1, 1
_CLONE_THREAD = 0x10000
_X32 = 0x40000000
"""From here on: system calls of a second ABI of 64-bit x86."""
_RECENT = 424
"""From here on, numbers are the same on all machines. C libraries expect ENOSYS from old kernels, as for clone3."""
_LOAD, _EQUAL, _AT_LEAST, _HAS_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _AUDIT, _FIRST_ARGUMENT = 0, 4, 16
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000
_EPERM, _ENOSYS = 1, 38

Instruction = tuple[int, int, int, int]
"""Code, steps to skip if true, steps to skip if false, operand: `struct sock_filter` of linux/filter.h."""


def program(machine: Machine, pid: int) -> Iterator[Instruction]:
    """Yield the filter program that the kernel runs at each system call.

    New threads are allowed, new processes are not. Signals can only be sent to `pid`, the process itself.
    """
    allow, refuse = (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE | _EPERM)
    yield from ((_LOAD, 0, 0, _AUDIT), (_EQUAL, 1, 0, machine.audit), refuse)
    yield (_LOAD, 0, 0, _NUMBER)
    yield from ((_AT_LEAST, 0, 1, _X32), refuse)
    for number in machine.allowed:
        yield from ((_EQUAL, 0, 1, number), allow)
    for number, test in ((machine.clone, (_HAS_BIT, 0, 1, _CLONE_THREAD)), (machine.tgkill, (_EQUAL, 0, 1, pid))):
        yield from ((_EQUAL, 0, 4, number), (_LOAD, 0, 0, _FIRST_ARGUMENT), test, allow, refuse)
    yield from ((_AT_LEAST, 0, 1, _RECENT), (_RETURN, 0, 0, _REFUSE | _ENOSYS), refuse)


def _restrict_calls(libc: ctypes.CDLL) -> bool:
    """Install the seccomp filter for all threads. Return False if the kernel or the machine does not support it."""
    machine = MACHINES.get(os.uname().machine)
    # A 32-bit Python on a 64-bit kernel has other numbers.
    if machine is None or sys.maxsize <= 1 << 32:
        return False
    steps = b"".join(struct.pack("=HBBI", *step) for step in program(machine, os.getpid()))
    code = ctypes.create_string_buffer(steps, len(steps))
    header = struct.pack("@HP", len(steps) // 8, ctypes.addressof(code))
    argument = ctypes.create_string_buffer(header, len(header))
    return _syscall(libc, machine.seccomp, _SET_MODE_FILTER, _ALL_THREADS, argument) == 0
