"""A time limit for any call."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

_T = TypeVar("_T")


def with_timeout(call: Callable[[], _T], seconds: float) -> _T:
    """Return or raise the call's result. Raises TimeoutError after `seconds`; the call then continues in its thread.

    HTTP libraries limit only the time between two parts of an answer, and no name resolution.
    """
    result: Future[_T] = Future()

    def work() -> None:
        try:
            result.set_result(call())
        except BaseException as error:  # noqa: BLE001 - raised in the waiting thread
            result.set_exception(error)

    threading.Thread(target=work, daemon=True).start()
    return result.result(seconds)
