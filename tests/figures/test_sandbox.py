"""What code that runs inside a PDF worker can reach: it is tried, in a process that was closed down as a worker is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from hugo_llmpapers.figures.worker import sandbox
from hugo_llmpapers.figures.worker.pool import Workers
from hugo_llmpapers.figures.worker.sandbox import MACHINES, Instruction, Machine
from tests.figures.papers import one_figure

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has Landlock and seccomp")

TRIES = {
    "parent's environment": "read(f'/proc/{PARENT}/environ')",
    "parent's memory": "read(f'/proc/{PARENT}/mem')",
    "own environment": "read('/proc/self/environ')",
    "a key in HOME": "read(os.environ['KEPT'] + '/key')",
    "names in HOME": "os.listdir(os.environ['KEPT'])",
    "a file of the system": "read('/etc/passwd')",
    "a new file": "open(os.environ['KEPT'] + '/new', 'w')",
    "a new folder": "os.mkdir(os.environ['KEPT'] + '/folder')",
    "a link": "os.symlink('/etc/passwd', os.environ['KEPT'] + '/link')",
    "another name": "os.rename(os.environ['KEPT'] + '/key', os.environ['KEPT'] + '/taken')",
    "a file's end": "os.unlink(os.environ['KEPT'] + '/key')",
    "a file's mode": "os.chmod(os.environ['KEPT'] + '/key', 0o777)",
    "a file's content": "os.truncate(os.environ['KEPT'] + '/key', 0)",
    "a file of the package": "open(main.__file__)",
    "emptying a file": "os.open(os.environ['KEPT'] + '/key', os.O_RDONLY | os.O_TRUNC)",
    "a file without a name": "os.open(os.environ['KEPT'], os.O_TMPFILE | os.O_RDWR)",
    "opening by number": "number({'x86_64': 2, 'aarch64': 56}, *OPEN[machine], ctypes.c_long(0))",
    "a module of Python": "importlib.import_module('colorsys')",
    "internet": "socket.socket(socket.AF_INET)",
    "local sockets": "socket.socket(socket.AF_UNIX)",
    "a pair of sockets": "socket.socketpair()",
    "a program in its place": "os.execv(sys.executable, ['python'])",
    "a program": "os.posix_spawn(sys.executable, ['python', '-c', ''], {})",
    "a process": "os.fork() or os._exit(0)",
    "a signal to the parent": "os.kill(PARENT, 0)",
    "a signal to a group": "os.killpg(0, 0)",
    "a handle of the parent": "os.pidfd_open(PARENT)",
    "the parent's limits": "resource.prlimit(PARENT, resource.RLIMIT_CPU)",
    "the parent's priority": "os.setpriority(os.PRIO_PROCESS, PARENT, 19)",
    "a file in memory": "os.memfd_create('x')",
    "a terminal": "os.open('/dev/tty', os.O_RDWR)",
    "ptrace": "call('ptrace', 16, PARENT, 0, 0)",
    "process_vm_readv": "call('process_vm_readv', PARENT, 0, 0, 0, 0, 0)",
    "mount": "call('mount', 0, 0, 0, 0, 0)",
    "unshare": "call('unshare', 0x10000000)",
    "setns": "call('setns', 0, 0)",
    "keyctl": "number({'x86_64': 250, 'aarch64': 219}, 0, -3, 0)",
    "bpf": "number({'x86_64': 321, 'aarch64': 280}, 0, 0, 0)",
    "io_uring": "number({'x86_64': 425, 'aarch64': 425}, 8, buffer)",
    "openat2": "number({'x86_64': 437, 'aarch64': 437}, -100, b'/etc/passwd', buffer, 24)",
}

FILES = {
    name: TRIES[name]
    for name in (
        "a key in HOME",
        "names in HOME",
        "a file of the system",
        "a new file",
        "a new folder",
        "another name",
        "a file's end",
        "a file of the package",
        "opening by number",
    )
}

SCRIPT = """
import ctypes, importlib, json, os, platform, resource, socket, sys
from hugo_llmpapers.figures.worker import main, sandbox
from hugo_llmpapers.figures.worker.options import Limits

how, user, tries, pdf = sys.argv[1], sys.argv[2], json.loads(sys.argv[3]), sys.argv[4]
content = open(pdf, 'rb').read()
libc = ctypes.CDLL(None, use_errno=True)
machine = platform.machine()
PARENT = os.getppid()
buffer = ctypes.create_string_buffer(256)
PLACE = (os.environ['KEPT'] + '/key').encode()
OPEN = {'x86_64': (PLACE,), 'aarch64': (-100, PLACE)}

def read(path):
    return open(path, 'rb').read(20)

def call(name, *arguments):
    return done(getattr(libc, name)(*map(ctypes.c_long, arguments)))

def number(numbers, *arguments):
    return done(libc.syscall(numbers[machine], *arguments))

def done(result):
    if result == -1:
        raise OSError(ctypes.get_errno(), 'refused')
    return result

main.preload_modules()
if user == 'other':
    os.setgroups([])
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)
if how == 'seccomp alone':
    sandbox._restrict_files = lambda _: False
elif how == 'landlock alone':
    sandbox._restrict_calls = lambda _: False
left = sandbox.close_down()
found = {}
for name, expression in tries.items():
    try:
        found[name] = repr(eval(expression))
    except OSError as error:
        found[name] = type(error).__name__ if error.errno != 38 else 'ENOSYS'
    except ImportError:
        found[name] = 'PermissionError'
tasks = {}
limits = Limits()
for task in ('figure', 'debug_pictures', 'text'):
    request = {'task': task, 'width_px': 600, 'pages': 3}
    tasks[task] = main.answer(request, content, limits)
picture = tasks['figure'].pop('png')
tasks['image'] = main.answer({'task': 'image', 'width_px': 300}, picture, limits)
print(json.dumps({'left': left, 'found': found, 'tasks': tasks}, default=str))
"""


def _tried(folder: Path, how: str, user: str = "same", tries: Mapping[str, str] = TRIES) -> dict[str, Any]:
    """Return the results of the attempts, in a process whose parent has a key in its environment."""
    kept = folder / "kept"
    kept.mkdir(mode=0o777)
    kept.chmod(0o777)
    (kept / "key").write_text("hush", encoding="utf-8")
    pdf = one_figure(folder / "paper.pdf")
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, how, user, json.dumps(tries), str(pdf)],
        env={**os.environ, "KEPT": str(kept), "S2_API_KEY": "hush"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert (kept / "key").read_text(encoding="utf-8") == "hush"
    assert [path.name for path in kept.iterdir()] == ["key"]
    result: dict[str, Any] = json.loads(ran.stdout)
    assert result["found"].keys() == tries.keys()
    assert result["tasks"]["figure"]["label"] == "Figure 1"
    assert result["tasks"]["text"]["text"].startswith("A language model")
    assert len(result["tasks"]["debug_pictures"]["pictures"]) == 5
    assert result["tasks"]["image"].keys() == {"png"}
    return result


USERS = [
    "same",
    pytest.param("other", marks=pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="not root")),
]


@linux
@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("how", ["both", "seccomp alone"])
def test_nothing_is_within_reach(tmp_path: Path, how: str, user: str) -> None:
    """Neither keys nor files, network or processes can be reached, and PDFs are read all the same."""
    result = _tried(tmp_path, how, user)
    if result["left"]:
        pytest.skip(f"this kernel leaves {result['left']}")
    assert set(result["found"].values()) <= {"PermissionError", "ENOSYS"}, result["found"]


@linux
def test_files_without_seccomp(tmp_path: Path) -> None:
    """Landlock alone refuses files."""
    result = _tried(tmp_path, "landlock alone", tries=FILES)
    if "files" in result["left"]:
        pytest.skip("this kernel has no Landlock")
    assert result["left"] == ["network", "processes"]
    assert set(result["found"].values()) == {"PermissionError"}, result["found"]


@linux
def test_the_attempts_would_succeed_elsewhere() -> None:
    """A process that is not closed down reads its parent's environment: what the test above refuses is not refused anyhow."""
    read = "import os; print(b'S2_API_KEY=hush' in open(f'/proc/{os.getppid()}/environ', 'rb').read())"
    middle = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {read!r}])"
    ran = subprocess.run(
        [sys.executable, "-c", middle],
        env={**os.environ, "S2_API_KEY": "hush"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert ran.stdout.strip() == "True"


@linux
def test_a_worker_is_closed_down(tmp_path: Path) -> None:
    """The process itself, not only its like: the kernel says so of it."""
    with Workers(1) as workers:
        workers.figure(one_figure(tmp_path / "paper.pdf"))
        if workers.unlimited is None or {"files", "network"} & set(workers.unlimited):
            pytest.skip(f"this kernel leaves {workers.unlimited}")
        (pid,) = workers.pids
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
        environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert (fields["NoNewPrivs"], fields["Seccomp"]) == ("1", "2")
    assert not [entry for entry in environment if entry.startswith((b"HOME=", b"USER", b"XDG_", b"SSH_"))]


@pytest.mark.skipif(sys.platform == "linux", reason="would close down the process of the tests")
def test_other_systems() -> None:
    """Other systems have no sandbox: everything can be reached, and nothing fails."""
    assert sandbox.close_down() == sandbox.EVERYTHING


ALLOW, EPERM, ENOSYS = 0x7FFF0000, 0x00050001, 0x00050026


def _run(steps: tuple[Instruction, ...], number: int, audit: int, *arguments: int) -> int:
    """What the kernel would make of a system call."""
    given = {16 + 8 * place: argument for place, argument in enumerate((*arguments, *(0,) * (6 - len(arguments))))}
    words, register, at = {0: number, 4: audit, **given}, 0, 0
    while True:
        code, if_true, if_false, operand = steps[at]
        at += 1
        if code == 0x20:
            register = words[operand]
        elif code == 0x06:
            return operand
        else:
            holds = {0x15: register == operand, 0x35: register >= operand, 0x45: bool(register & operand)}[code]
            at += if_true if holds else if_false


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)
def test_the_filter(machine: Machine) -> None:
    """On both kinds of machine exactly what is listed gets through, in the machine's own numbers only."""
    steps = tuple(sandbox.program(machine, 77))
    through = {number for number in range(600) if _run(steps, number, machine.audit) == ALLOW}
    assert through == set(machine.allowed)
    assert not {_run(steps, number, machine.audit ^ 0x80) for number in range(600)} - {EPERM}
    assert not {_run(steps, number | 0x40000000, machine.audit) for number in range(600)} - {EPERM}
    assert {_run(steps, number, machine.audit) for number in range(424, 600)} == {ENOSYS}
    thread, process = 0x3D0F00, 0x1200011
    assert [_run(steps, machine.clone, machine.audit, flags) for flags in (thread, process)] == [ALLOW, EPERM]
    assert [_run(steps, machine.tgkill, machine.audit, pid) for pid in (77, 78, 1)] == [ALLOW, EPERM, EPERM]
