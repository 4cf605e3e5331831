"""An end to waiting for somebody else, whatever they do."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

_T = TypeVar("_T")


def with_timeout(call: Callable[[], _T], seconds: float) -> _T:
    """What `call` gives, or what it raises. Raises TimeoutError when it takes longer; it then goes on unheard.

    HTTP libraries limit each silence only, so that an answer in drops, or a name that is looked up for ever, would take as
    long as they like.
    """
    done: Future[_T] = Future()

    def work() -> None:
        try:
            done.set_result(call())
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            done.set_exception(error)

    threading.Thread(target=work, daemon=True).start()
    return done.result(seconds)
