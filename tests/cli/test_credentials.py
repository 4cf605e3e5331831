"""Credentials for Claude, and who is sent which key."""

from __future__ import annotations

from pathlib import Path

import pytest

from hugo_llmpapers.cli.credentials import has_credentials, key_for, key_receivers, withheld
from hugo_llmpapers.site.config.settings import Endpoints, Settings
from hugo_llmpapers.web.loopback import is_private


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, False),
        ({"notes.txt": "x"}, False),
        ({"configs/notes.txt": "x", "credentials/default.json": "{}"}, False),
        ({"configs/work.json": "{}"}, False),
        ({"configs/default.json": "{}"}, True),
        ({"configs/work.json": "{}", "active_config": "work\n"}, True),
        ({"configs/default.json": "{}", "active_config": "work"}, False),
    ],
)
def test_only_the_active_profile_of_the_sdk_counts(tmp_path: Path, files: dict[str, str], expected: bool) -> None:
    """With other files in its folder, `summarizer = "auto"` still means excerpts."""
    folder = tmp_path / ".config" / "anthropic"
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    assert has_credentials({"HOME": str(tmp_path)}) is expected
    assert has_credentials({"HOME": "/nowhere", "ANTHROPIC_CONFIG_DIR": str(folder)}) is expected
    assert has_credentials({"HOME": str(tmp_path), "ANTHROPIC_API_KEY": "sk-x"})


VARIABLE = "HUGO_PARAMS_LLMPAPERS_ENDPOINTS_HUGGINGFACE"


@pytest.mark.parametrize(
    ("url", "environ", "sent"),
    [
        (Endpoints().huggingface, {}, True),
        ("https://mirror.example", {VARIABLE: "https://mirror.example/"}, True),
        ("https://mirror.example", {"HUGOxPARAMSxLLMPAPERSxENDPOINTSxHUGGINGFACE": "https://mirror.example"}, True),
        ("http://127.0.0.1:8000", {VARIABLE: "http://127.0.0.1:8000"}, True),
        ("http://[::1]:8000", {VARIABLE: "http://[::1]:8000"}, True),
        ("https://mirror.example", {}, False),
        ("http://127.0.0.1:8000", {}, False),
        ("https://mirror.example", {VARIABLE: "https://other.example"}, False),
        ("http://mirror.example", {VARIABLE: "http://mirror.example"}, False),
        ("http://huggingface.co", {}, False),
        ("https://huggingface.co.mirror.example", {}, False),
    ],
)
def test_a_key_is_sent_only_where_the_environment_says(url: str, environ: dict[str, str], sent: bool) -> None:
    """Or to the service's usual host; over HTTPS, or on this machine."""
    settings = Settings(endpoints=Endpoints(huggingface=url))
    assert (withheld("huggingface", settings, environ) is None) is sent
    assert key_for("HF_TOKEN", "huggingface", settings, environ | {"HF_TOKEN": "hf_x"}) == ("hf_x" if sent else "")


@pytest.mark.parametrize(
    ("url", "private"),
    [
        ("https://x.example", True), ("http://localhost:1", True), ("http://LOCALHOST", True), ("http://127.0.0.1", True), ("http://[::1]:9/", True),
        ("http://x.example", False), ("http://localhost.example", False), ("http://127.0.0.1.example", False), ("http://[", False),
        ("http://127.0.0.1@x.example", False), ("http://0.0.0.0", False), ("http://192.168.1.2", False), ("", False), ("ftp://x.example", False),
    ],
)  # fmt: skip
def test_only_this_machine_is_private_without_encryption(url: str, private: bool) -> None:
    """By its usual names."""
    assert is_private(url) is private


def test_receivers_of_keys_are_shown_without_passwords() -> None:
    """For `doctor`."""
    receivers = key_receivers(Settings(), {"ANTHROPIC_BASE_URL": "https://me:hush@proxy.example/path"})
    assert receivers["ANTHROPIC_API_KEY"] == "https://proxy.example"
    assert receivers["HF_TOKEN"] == "https://huggingface.co"
    assert key_receivers(Settings(), {})["ANTHROPIC_AUTH_TOKEN"] == "https://api.anthropic.com"
