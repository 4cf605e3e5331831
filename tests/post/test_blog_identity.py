"""What identifies a blog in every clone of its repository, and what git cannot tell."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from hugo_llmpapers.post.blog_identity import is_unique, normalized, of_site
from hugo_llmpapers.site import git

ENVIRON = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}


def _git(folder: Path, *args: str) -> None:
    who = ["-c", "user.name=Ada Kiesel", "-c", "user.email=ada@example.org", "-c", "protocol.file.allow=always"]
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["git", "-C", str(folder), *who, *args], check=True, capture_output=True, env=ENVIRON)


def _repository(folder: Path, *addresses: str) -> Path:
    _git(folder, "init", "-q", "-b", "main")
    (folder / "file").write_text(folder.name, encoding="utf-8")
    _git(folder, "add", "-A")
    for message in ("one", "two"):
        _git(folder, "commit", "-q", "--allow-empty", "-m", message)
    for number, address in enumerate(addresses):
        _git(folder, "remote", "add", "origin" if number == 0 else f"a{number}", address)
    return folder


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/ada/blog",
        "https://github.com/ada/blog.git/",
        "https://GitHub.com:443/ada/blog.git",
        "https://x-access-token:v1.5c3b6b@github.com/ada/blog",  # Netlify's, another in each build
        "git@github.com:ada/blog.git",
        "github.com:ada/blog",
        "ssh://git@github.com/ada/blog.git",
        "git://github.com/ada/blog.git",
    ],
)
def test_urls_of_one_repository_are_normalized_alike(address: str) -> None:
    """With and without a password, which is never included."""
    assert normalized(address) == "github.com/ada/blog"


def test_other_repositories_differ() -> None:
    """In name, host, port or folder; an invalid URL raises nothing."""
    others = (
        *("https://github.com/ada/blog2", "https://github.com/bob/blog", "https://git.example/ada/blog"),
        *("http://git.example:3000/ada/blog", "http://git.example:4000/ada/blog", "/srv/git/blog.git", "C:/git/blog"),
        *("../blog", "https://[::1/ada/blog", "https://github.com:x/ada/blog", "", ":"),
    )
    assert len({normalized(one) for one in others}) >= len(others) - 1
    assert normalized("file:///srv/git/blog.git") == normalized("/srv/git/blog.git/")


def test_a_clone_is_the_same_blog(tmp_path: Path) -> None:
    """Wherever it is, with whatever URL of the repository, also in a subfolder."""
    root = _repository(tmp_path / "a", "git@github.com:ada/blog.git")
    for clone, address, *depth in (("b", "https://secret:7@github.com/ada/blog", "--depth=1"), ("c", "ssh://github.com/ada/blog")):  # fmt: skip
        _git(tmp_path, "clone", "-q", *depth, root.as_uri(), clone)
        _git(tmp_path / clone, "remote", "set-url", "origin", address)
    found = {of_site(tmp_path / clone, ENVIRON) for clone in "abc"}
    assert found == {("github.com/ada/blog", ".")}
    for clone in "abc":
        (tmp_path / clone / "sites" / "one").mkdir(parents=True)
    assert {of_site(tmp_path / clone / "sites" / "one", ENVIRON) for clone in "abc"} == {
        ("github.com/ada/blog", "sites/one")
    }


def test_without_a_remote_the_first_commit_identifies_it(tmp_path: Path) -> None:
    """Unless the clone is shallow or empty: then its folder does."""
    root = _repository(tmp_path / "a")
    _git(tmp_path, "clone", "-q", root.as_uri(), "deep")
    _git(tmp_path, "clone", "-q", "--depth=1", root.as_uri(), "shallow")
    for clone in ("deep", "shallow"):
        _git(tmp_path / clone, "remote", "remove", "origin")
    _git(tmp_path / "empty", "init", "-q")
    assert of_site(tmp_path / "deep", ENVIRON) == of_site(root, ENVIRON)
    for alone in ("shallow", "empty"):
        assert of_site(tmp_path / alone, ENVIRON) == ("", (tmp_path / alone).resolve().as_posix())


def test_a_site_outside_git_is_identified_by_its_folder(tmp_path: Path) -> None:
    """Whatever the environment: two folders are two blogs."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    hosts = {**ENVIRON, "REPOSITORY_URL": "https://t:s@github.com/ada/blog"}
    found = [of_site(tmp_path / name, environ) for name in ("a", "b") for environ in (ENVIRON, hosts)]
    assert len(set(found)) == 4
    assert "t:s" not in str(found)


@pytest.mark.parametrize(
    "host",
    [
        {"REPOSITORY_URL": "https://x-access-token:v1.5c3b6b@github.com/ada/blog"},
        {"GITHUB_REPOSITORY": "ada/blog", "GITHUB_SERVER_URL": "https://github.com"},
        {"CI_PROJECT_URL": "https://github.com/ada/blog"},
    ],
)
def test_without_git_the_hosts_variables_identify_it(tmp_path: Path, host: dict[str, str]) -> None:
    """With the same result as for a repository that git reads."""
    root = _repository(tmp_path / "a", "git@github.com:ada/blog.git")
    refused = {**ENVIRON, **host, "GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}
    assert of_site(root, refused) == of_site(root, ENVIRON) == ("github.com/ada/blog", ".")


def test_clones_of_one_starter_are_different_blogs(tmp_path: Path) -> None:
    """Without a remote, or each with its own."""
    start = _repository(tmp_path / "start", "../origin.git")
    for name in ("a", "b"):
        shutil.copytree(start, tmp_path / name / "blog")
    found = [of_site(tmp_path / name / "blog", ENVIRON) for name in ("a", "b")]
    assert found[0] != found[1]
    for name in ("a", "b"):
        subprocess.run(["git", "-C", str(tmp_path / name / "blog"), "remote", "remove", "origin"], check=True)
    found = [of_site(tmp_path / name / "blog", ENVIRON, f"https://{name}.example/") for name in ("a", "b")]
    assert found[0] != found[1]


def test_a_repository_of_another_user_is_identified_by_its_remote(tmp_path: Path) -> None:
    """Also without variables of a host."""
    root = _repository(tmp_path / "a", "git@github.com:ada/blog.git")
    assert of_site(root, {**ENVIRON, "GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"})[0] == "github.com/ada/blog"


@pytest.mark.parametrize(
    ("base_url", "own"),
    [
        *((url, True) for url in ("https://ada.example/", "http://ada.github.io/blog/", "https://ada.example/blog")),
        *((url, False) for url in ("/", "", "https://example.org/", "http://localhost:1313/", "//", "blog.example")),
        *((url, False) for url in ("http://127.0.0.1/", "https://[::1/", "/blog/", "https://machine/")),
    ],
)
def test_which_base_urls_are_unique(base_url: str, *, own: bool) -> None:
    """Those with a registered name."""
    assert is_unique(base_url) == own


def test_without_history_nothing_is_refused(tmp_path: Path) -> None:
    """Without a repository, without a commit, without git."""
    git.check_history(tmp_path, ENVIRON)
    _git(tmp_path / "empty", "init", "-q")
    git.check_history(tmp_path / "empty", ENVIRON)
    _repository(tmp_path / "a")
    git.check_history(tmp_path / "a", ENVIRON)
    git.check_history(tmp_path / "a", {"PATH": "/nonexistent"})


def _ownership(_root: Path) -> dict[str, str]:
    return {**ENVIRON, "GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}


def _without_head(root: Path) -> dict[str, str]:
    (root / ".git" / "HEAD").unlink()
    return ENVIRON


def _without_objects(root: Path) -> dict[str, str]:
    for path in (root / ".git" / "objects").rglob("*"):
        if path.is_file():
            path.unlink()
    return ENVIRON


def _crash(root: Path) -> dict[str, str]:
    program = root.parent / "bin" / "git"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nkill -SEGV $$\n", encoding="utf-8")
    program.chmod(0o755)
    return {**ENVIRON, "PATH": f"{program.parent}:{ENVIRON['PATH']}"}


@pytest.mark.skipif(os.name != "posix", reason="owners and scripts")
@pytest.mark.parametrize("damage", [_ownership, _without_head, _without_objects, _crash])
def test_a_repository_that_git_refuses_is_an_error(tmp_path: Path, damage: object) -> None:
    """Deleted posts are unknown; the message says why, with a remedy."""
    root = _repository(tmp_path / "a")
    assert callable(damage)
    environ = damage(root)
    with pytest.raises(git.HistoryUnreadable) as caught:
        git.names_in_history(environ, root)
    assert caught.value.message.isprintable() and caught.value.remedy.isprintable()
    if damage is _ownership:
        assert "dubious ownership" in caught.value.message
        assert f"git config --global --add safe.directory {root}" in caught.value.remedy


@pytest.mark.skipif(os.name != "posix", reason="the program is a script")
def test_git_times_out_only_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each further call would take as long again."""
    root = _repository(tmp_path / "a")
    program, called = tmp_path / "bin" / "git", tmp_path / "called"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho . >> {called}\nsleep 60\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(git, "_TIMEOUT_S", 1.0)
    environ = {**ENVIRON, "PATH": f"{program.parent}:{ENVIRON['PATH']}"}
    for _ in range(3):
        with pytest.raises(git.HistoryUnreadable, match="did not answer within 1 s"):
            git.check_history(root, environ)
    assert called.read_text(encoding="utf-8") == ".\n"


def test_deleted_posts_are_looked_up_in_the_repository_of_the_content(tmp_path: Path) -> None:
    """Content may be in its own repository, also through a link."""
    site, content = _repository(tmp_path / "site"), _repository(tmp_path / "content")
    (content / "posts" / "old").mkdir(parents=True)
    (content / "posts" / "old" / "index.md").write_text("x", encoding="utf-8")
    _git(content, "add", "-A")
    _git(content, "commit", "-q", "-m", "a post")
    _git(content, "rm", "-q", "-r", "posts")
    _git(content, "commit", "-q", "-m", "no post")
    (site / "content").symlink_to(content)
    (tmp_path / "outside").mkdir()
    for folder in (content / "posts", site / "content" / "posts"):
        assert {"old", "old/index.md"} <= git.names_in_history(ENVIRON, folder)
    assert git.names_in_history(ENVIRON, tmp_path / "outside" / "posts") == frozenset()
