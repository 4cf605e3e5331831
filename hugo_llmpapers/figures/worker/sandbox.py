"""Takes from this process what it does not need any more: files, network, other processes. Linux only.

Two means of the kernel, each of which holds for the superuser, too, and can never be undone:

- Landlock (Linux 5.13) leaves only the named folders, for reading.
  https://docs.kernel.org/userspace-api/landlock.html
- A seccomp filter (64-bit x86 and ARM) leaves only the listed system calls; the others fail with EPERM. Files are opened for
  reading alone: Landlock before Linux 6.2 lets a file be emptied that may be read (O_TRUNC). Where there is no Landlock, no
  file can be opened at all. https://docs.kernel.org/userspace-api/seccomp_filter.html
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

EVERYTHING = ("files", "network", "processes")
LANDLOCK = 6
"""Version of Landlock whose rights are known here: Linux 6.12."""

_PR_SET_NO_NEW_PRIVS = 38


def close_down(readable: Iterable[Path], *, landlock: int = LANDLOCK) -> tuple[str, ...]:
    """Confines the process for the rest of its life; what is open stays open. Never raises.

    Files below `readable` can still be read where the kernel has Landlock and there is only one thread, as Landlock reaches no
    other; else none can be opened. `landlock` is the latest version of Landlock that may be used, 0 for none. Gives what of
    `EVERYTHING` is still within reach: nothing on a usual Linux, all of it on other systems.
    """
    if sys.platform != "linux":
        return EVERYTHING
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        # Also a condition of the rest for everybody but the superuser.
        if _prctl(libc, _PR_SET_NO_NEW_PRIVS, 1) != 0:
            return EVERYTHING
        folders_only = landlock > 0 and _has_one_thread() and _landlock(libc, readable, landlock)
        filtered = _filter(libc, opens=folders_only)
    except (OSError, AttributeError):  # a C library without these functions
        return EVERYTHING
    if filtered:
        return ()
    return ("network", "processes") if folders_only else EVERYTHING


def _has_one_thread() -> bool:
    try:
        return len(list(Path("/proc/self/task").iterdir())) == 1  # threads of C, too
    except OSError:
        return False


def _prctl(libc: ctypes.CDLL, option: int, *arguments: int) -> int:
    padded = (*arguments, *(0,) * (4 - len(arguments)))
    return int(libc.prctl(ctypes.c_int(option), *map(ctypes.c_ulong, padded)))


def _syscall(libc: ctypes.CDLL, number: int, *arguments: int | ctypes.Array[ctypes.c_char] | None) -> int:
    """The kernel's answer; negative for a failure."""
    libc.syscall.restype = ctypes.c_long
    typed = (ctypes.c_long(each) if isinstance(each, int) else each for each in arguments)
    return int(libc.syscall(ctypes.c_long(number), *typed))


# Landlock. The numbers of its system calls are the same on every kind of machine.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION = 1
_PATH_BENEATH = 1
_READ = 1 << 2 | 1 << 3
"""To read files, and to list folders."""
_RIGHTS_BY_VERSION = {1: (1 << 13) - 1, 2: 1 << 13, 3: 1 << 14, 5: 1 << 15}
"""What of a file each version can refuse: all is, but for `_READ` below the named folders."""
_TCP = 3
_SCOPES = 3
"""Abstract sockets of others, and signals to others."""


def _landlock(libc: ctypes.CDLL, readable: Iterable[Path], latest: int) -> bool:
    version = min(latest, _syscall(libc, _CREATE_RULESET, None, 0, _VERSION))
    if version < 1:
        return False
    rights = sum(bits for since, bits in _RIGHTS_BY_VERSION.items() if since <= version)
    attributes = struct.pack("=Q", rights)
    attributes += struct.pack("=Q", _TCP) if version >= 4 else b""
    attributes += struct.pack("=Q", _SCOPES) if version >= 6 else b""
    size = len(attributes)
    ruleset = _syscall(libc, _CREATE_RULESET, ctypes.create_string_buffer(attributes, size), size, 0)
    if ruleset < 0:
        return False
    try:
        for folder in readable:
            _allow(libc, ruleset, folder)
        return _syscall(libc, _RESTRICT_SELF, ruleset, 0) == 0
    finally:
        os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, folder: Path) -> None:
    """A folder that there is not, or that the kernel refuses, is not readable: less than was asked for."""
    try:
        opened = os.open(folder, os.O_PATH | os.O_CLOEXEC | os.O_DIRECTORY)
    except OSError:
        return
    try:
        rule = struct.pack("=Qi", _READ, opened)
        _syscall(libc, _ADD_RULE, ruleset, _PATH_BENEATH, ctypes.create_string_buffer(rule, len(rule)), 0)
    finally:
        os.close(opened)


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
"""What Python and MuPDF do with memory, threads, clocks and what is open already; none of it changes a file. Numbers on
x86-64 and on ARM, of Linux's asm/unistd_64.h and asm-generic/unistd.h; None where it has only the newer form."""


@dataclass(frozen=True, slots=True)
class Machine:
    """Numbers of one kind of machine."""

    audit: int
    """AUDIT_ARCH_… of linux/audit.h."""
    seccomp: int
    clone: int
    tgkill: int
    opening: tuple[tuple[int, int], ...]
    """Calls that open a file, each with the place of its flags among the arguments."""
    allowed: tuple[int, ...]


MACHINES = {
    "x86_64": Machine(0xC000003E, 317, 56, 234, ((2, 1), (257, 2)), tuple(x86 for x86, _ in _CALLS.values())),
    "aarch64": Machine(
        0xC00000B7, 277, 220, 131, ((56, 2),), tuple(arm for _, arm in _CALLS.values() if arm is not None)
    ),
}

_SET_MODE_FILTER, _ALL_THREADS = 1, 1
_CLONE_THREAD = 0x10000
_X32 = 0x40000000
"""System calls of a second kind that 64-bit x86 has begin here."""
_RECENT = 424
"""From here on numbers are the same everywhere, and C libraries expect that an older kernel has none of them: clone3."""
_LOAD, _EQUAL, _AT_LEAST, _HAS_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _AUDIT, _FIRST_ARGUMENT = 0, 4, 16
_ARGUMENT_BYTES = 8
_WRITING = 0o1 | 0o2 | 0o100 | 0o1000 | 0o20000000
"""O_WRONLY, O_RDWR, O_CREAT, O_TRUNC and what O_TMPFILE adds: the same on both kinds of machine (asm-generic/fcntl.h). Only
the lower half of the argument is looked at: the kernel takes the flags as an int."""
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000
_EPERM, _ENOSYS = 1, 38

Instruction = tuple[int, int, int, int]
"""Code, steps to skip if true, steps to skip if false, operand: `struct sock_filter` of linux/filter.h."""


def program(machine: Machine, pid: int, *, opens: bool) -> Iterator[Instruction]:
    """The filter: what the kernel runs at each system call. `opens`: files may be opened for reading, as far as Landlock lets
    them; never to be written, made or emptied.

    New threads are allowed, new processes are not; signals go to `pid` only, which is the process itself.
    """
    allow, refuse = (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE | _EPERM)
    yield from ((_LOAD, 0, 0, _AUDIT), (_EQUAL, 1, 0, machine.audit), refuse)
    yield (_LOAD, 0, 0, _NUMBER)
    yield from ((_AT_LEAST, 0, 1, _X32), refuse)
    for number in machine.allowed:
        yield from ((_EQUAL, 0, 1, number), allow)
    conditions = [(machine.clone, 0, (_HAS_BIT, 0, 1, _CLONE_THREAD)), (machine.tgkill, 0, (_EQUAL, 0, 1, pid))]
    if opens:
        conditions += [(number, place, (_HAS_BIT, 1, 0, _WRITING)) for number, place in machine.opening]
    for number, place, test in conditions:
        argument = _FIRST_ARGUMENT + _ARGUMENT_BYTES * place
        yield from ((_EQUAL, 0, 4, number), (_LOAD, 0, 0, argument), test, allow, refuse)
    yield from ((_AT_LEAST, 0, 1, _RECENT), (_RETURN, 0, 0, _REFUSE | _ENOSYS), refuse)


def _filter(libc: ctypes.CDLL, *, opens: bool) -> bool:
    machine = MACHINES.get(os.uname().machine)
    # A 32-bit Python on a 64-bit kernel has other numbers.
    if machine is None or sys.maxsize <= 1 << 32:
        return False
    steps = b"".join(struct.pack("=HBBI", *step) for step in program(machine, os.getpid(), opens=opens))
    code = ctypes.create_string_buffer(steps, len(steps))
    header = struct.pack("@HP", len(steps) // 8, ctypes.addressof(code))
    described = ctypes.create_string_buffer(header, len(header))
    return _syscall(libc, machine.seccomp, _SET_MODE_FILTER, _ALL_THREADS, described) == 0
