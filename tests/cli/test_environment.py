"""Environment variables as users paste them into a host's form, and as the libraries read them."""

from __future__ import annotations

import random
from pathlib import Path

import anthropic
import httpx
import pytest

from hugo_llmpapers import errors
from hugo_llmpapers.cli.environment import check_certificates, clean
from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.summaries import client
from hugo_llmpapers.web.cache import Cache
from hugo_llmpapers.web.client import Web
from tests.web.test_client import NOW

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture
def environ(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment without this machine's proxies and certificates."""
    for name in (*PROXIES, "SSL_CERT_FILE", "SSL_CERT_DIR", "ANTHROPIC_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_blanks_and_line_ends_are_stripped() -> None:
    """Only from variables that are read. An empty value is removed unless it is a setting."""
    found = {
        "ANTHROPIC_BASE_URL": " http://localhost:1\r\n",
        "ANTHROPIC_AUTH_TOKEN": "\n",
        "S2_API_KEY": "k\n",
        "HF_TOKEN": "\tk",
        "https_proxy": "http://p:1 ",
        "SSL_CERT_FILE": "/x\n",
        "HUGO_PARAMS_LLMPAPERS_ENDPOINTS_ARXIV": "http://localhost:1\n",
        "HUGO_PARAMS_LLMPAPERS_CONTACT": " ",
        "PS1": "$ ",
    }
    clean(found)
    assert found == {
        "ANTHROPIC_BASE_URL": "http://localhost:1",
        "S2_API_KEY": "k",
        "HF_TOKEN": "k",
        "https_proxy": "http://p:1",
        "SSL_CERT_FILE": "/x",
        "HUGO_PARAMS_LLMPAPERS_ENDPOINTS_ARXIV": "http://localhost:1",
        "HUGO_PARAMS_LLMPAPERS_CONTACT": "",
        "PS1": "$ ",
    }


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("localhost, .a.org *.b.org", "localhost,.a.org,.b.org"),
        ("[::1],::1,[fd00::1]:80", "::1,::1,fd00::1"),
        ("fd00::/8,10.0.0.0/8,fe80::1%eth0", "10.0.0.0/8"),
        ("*", "*"),
        ("a.org:80,a.org:99999,http://[,[", "a.org:80"),
    ],
)
def test_entries_of_no_proxy(written: str, kept: str) -> None:
    """Those that httpx accepts are kept."""
    found = {"NO_PROXY": written}
    clean(found)
    assert found["NO_PROXY"] == kept


def test_no_entry_of_no_proxy_breaks_a_client(environ: pytest.MonkeyPatch) -> None:
    """Neither ours nor the SDK's, whatever the variable holds."""
    dice = random.Random(9)
    written = ["fd00::/8", "[::1]", "::1/128", "xn--a", "例え.jp", "a..b", "-", "_x", "http://", "a@b"]
    written += ["".join(dice.choices("ab.*:[]/01-_@%é, ", k=dice.randint(1, 9))) for _ in range(40)]
    for one in written:
        found = {"NO_PROXY": one}
        clean(found)
        environ.setenv("NO_PROXY", found.get("NO_PROXY", ""))
        httpx.Client(verify=False).close()
        anthropic.DefaultHttpxClient(verify=False).close()


def test_a_socks_proxy_needs_socksio(environ: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The message does not show the password in the proxy's URL."""
    pytest.importorskip("httpx")
    environ.setenv("ALL_PROXY", "socks5://me:hush@127.0.0.1:9")
    for made in (lambda: Web(Cache(tmp_path), NOW, user_agent="x"), lambda: client.connect("key")):
        with pytest.raises(SetupError, match="socksio") as failed:
            made()
        assert "hush" not in failed.value.message + failed.value.remedy


@pytest.mark.parametrize("content", [None, "", "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n"])
def test_certificates_that_cannot_be_read(environ: pytest.MonkeyPatch, tmp_path: Path, content: str | None) -> None:
    """A missing, empty or broken file gives a message from both clients."""
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    environ.setenv("SSL_CERT_FILE", str(file))
    for made in (lambda: Web(Cache(tmp_path), NOW, user_agent="x"), lambda: client.connect("key")):
        with pytest.raises(SetupError, match="certificates") as failed:
            made()
        assert "SSL_CERT_FILE" in failed.value.remedy


def test_missing_certificates_are_reported_with_their_variable(tmp_path: Path) -> None:
    """SSL_CERT_DIR counts only if SSL_CERT_FILE is not set, and may name several folders."""
    (tmp_path / "ca.pem").touch()
    check_certificates({})
    check_certificates({"SSL_CERT_FILE": str(tmp_path / "ca.pem"), "SSL_CERT_DIR": "/nowhere"})
    check_certificates({"SSL_CERT_DIR": str(tmp_path)})
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        with pytest.raises(SetupError, match=f"{name} names .*nowhere"):
            check_certificates({name: str(tmp_path / "nowhere")})


@pytest.mark.parametrize("url", ["http://a:b", "http://\udcff", "localhost:1"])
def test_an_invalid_base_url(environ: pytest.MonkeyPatch, url: str) -> None:
    """Whatever the SDK raises of it."""
    environ.setenv("ANTHROPIC_BASE_URL", url)
    with pytest.raises(SetupError, match="ANTHROPIC_BASE_URL is not a valid URL"):
        client.connect("key")


def test_an_os_error_is_one_line() -> None:
    """With the file, if there is one."""
    with pytest.raises(OSError, match="nowhere") as raised:
        Path("nowhere/at/all").read_bytes()
    assert errors.from_os_error(raised.value).message == "nowhere/at/all cannot be used: No such file or directory."
    assert errors.from_os_error(OSError(24, "Too many open files")).message.endswith("Too many open files.")
