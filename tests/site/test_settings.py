"""What the owner may write under params.llmpapers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.site.config.config_files import set_by
from hugo_llmpapers.site.config.settings import SETTINGS, THEMES_MAY_SET, ReadSettings, SetBy, Settings, read
from tests.conftest import ROOT


def _reading(site: dict[str, Any], flags: dict[str, Any] | None = None) -> ReadSettings:
    return read({k.lower(): v for k, v in site.items()}, flags or {}, lambda key: SetBy(f"hugo.toml: {key}"))


def _read(site: dict[str, Any], flags: dict[str, Any] | None = None) -> tuple[Settings, Mapping[str, str]]:
    reading = _reading(site, flags)
    if reading.problems:
        raise reading.problems[0]
    return reading.settings, reading.origins


def test_nothing_set_is_the_default() -> None:
    """Each has the origin "default"."""
    settings, origins = _read({})
    assert settings == Settings()
    assert set(origins.values()) == {"default"}
    assert set(origins) == set(SETTINGS)


@pytest.mark.parametrize(
    ("key", "value", "field", "means"),
    [
        ("count", 3, "count", 3),
        ("count", "3", "count", 3),
        ("count", 3.0, "count", 3),
        ("figures", "false", "figures", False),
        ("maxCost", "0.25", "max_cost", 0.25),
        ("maxCost", 1, "max_cost", 1.0),
        ("keywords", "[agents, RAG]", "keywords", ("agents", "RAG")),
        ("exclude", "survey, medical imaging", "exclude", ("survey", "medical imaging")),
        ("sources", ["huggingface", "arxiv"], "sources", ("huggingface", "arxiv")),
        ("fallbackModel", "", "fallback_model", None),
        ("effort", "low", "effort", "low"),
        ("language", "zh-cn", "language", "zh-cn"),
        ("language", ["en"], "language", "en"),
        ("section", "blog/papers", "section", "blog/papers"),
        ("weekdays", ["mon", "fri"], "weekdays", ("mon", "fri")),
    ],
)
def test_values_as_files_and_variables_give_them(key: str, value: Any, field: str, means: Any) -> None:
    """From the environment everything is a string."""
    settings, origins = _read({key: value})
    assert getattr(settings, field) == means
    assert origins[key] == f"hugo.toml: {key}"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("count", 0),
        ("count", True),
        ("count", 2.5),
        ("count", "five"),
        ("count", 51),
        ("figures", "yes"),
        ("figures", 1),
        ("maxCost", -1),
        ("maxCost", "cheap"),
        ("maxCost", float("nan")),
        ("sources", []),
        ("sources", ["reddit"]),
        ("keywords", ['a" OR "b']),
        ("keywords", [1]),
        ("keywords", []),
        ("categories", ["cs.CL OR all:x"]),
        ("slug", "../evil"),
        ("archetype", "a/b"),
        ("section", "../posts"),
        ("language", ["ja", "e n"]),
        ("figureWidth", 10),
        ("figureLicense", "free"),
        ("windowDays", 31),
        ("contact", "me\r\nx-evil: 1"),
        ("endpoints", {"arxiv": "https://x.example/path"}),
        ("weekdays", ["Monday"]),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_is_allowed(key: str, value: Any) -> None:
    """The key, its place and the allowed values are in the message."""
    with pytest.raises(SetupError) as refused:
        _read({key: value})
    assert refused.value.message.startswith(f"hugo.toml: {key}: {key} = ")
    assert refused.value.remedy.startswith(f"{key} must be ")


def test_a_misspelt_key_gets_a_suggestion() -> None:
    """Unknown settings are errors, as they would silently do nothing."""
    with pytest.raises(SetupError) as refused:
        _read({"windowDay": 3})
    assert "windowday" in refused.value.message
    assert refused.value.remedy == "Did you mean `windowDays`?"


def test_an_unknown_service_is_named() -> None:
    """The others count."""
    reading = _reading({"endpoints": {"bing": "https://x.example", "arxiv": "https://y.example"}})
    (problem,) = reading.problems
    assert problem.message == "hugo.toml: endpoints.bing: `endpoints` has no service `bing`."
    assert problem.remedy.startswith("The services are: arxiv, ")
    assert reading.settings.endpoints.arxiv == "https://y.example"


def test_a_key_belongs_into_the_environment() -> None:
    """A misspelt setting that sounds like one is still a misspelt setting."""
    keys, misspelt = _reading({"anthropicApiKey": "sk-1", "keyword": "LLM"}).problems
    assert keys.remedy == "Keys are read from the environment only: export ANTHROPIC_API_KEY."
    assert "sk-1" not in keys.message + keys.remedy
    assert misspelt.remedy == "Did you mean `keywords`?"


@pytest.mark.parametrize(
    ("name", "text", "key", "place", "spelling"),
    [
        ("hugo.yaml", "params:\n  llmpapers:\n    anthropicApiKey: x\n", "anthropicapikey", (3, 5), "anthropicApiKey"),
        ("hugo.yaml", "params:\n  llmpapers:\n    endpoints:\n      openAI: x\n", "endpoints.openai", (4, 7), "openAI"),
        ("hugo.toml", "[params.llmpapers]\nendpoints.openAI = 'x'\n", "endpoints.openai", (2, 1), "openAI"),
        ("hugo.toml", "[params.llmpapers]\nendpoints = {openAI = 'x'}\n", "endpoints.openai", (2, 1), "openAI"),
        ("hugo.toml", "[params.llmpapers.endpoints]\nopenAI = 'x'\n", "endpoints.openai", (2, 1), "openAI"),
    ],
)
def test_a_line_keeps_its_spelling(
    tmp_path: Path, name: str, text: str, key: str, place: tuple[int, int], spelling: str
) -> None:
    """Hugo prints keys in lower case. A variable for another service sets nothing here."""
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    found = set_by(key, [file], {"HUGO_PARAMS_LLMPAPERS_ENDPOINTS_ARXIVPDF": "y"}, {})
    assert (found.location, found.spelling) == ((file, *place), spelling)


def test_flags_win() -> None:
    """They are the origin of the value."""
    settings, origins = _read({"count": 3, "maxCost": 1}, {"count": 2, "max_cost": None})
    assert (settings.count, settings.max_cost) == (2, 1.0)
    assert (origins["count"], origins["maxCost"]) == ("--count", "hugo.toml: maxCost")


def test_every_field_has_a_name_and_every_name_is_documented() -> None:
    """In the README's table and in the example site's configuration."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    example = (ROOT / "hugo-example" / "hugo.toml").read_text(encoding="utf-8")
    for name in SETTINGS:
        assert f"`{name}`" in readme or f"`{name}." in readme
        assert f"# {name} = " in example or f"[params.llmpapers.{name}]" in example


def test_the_examples_comments_show_the_defaults() -> None:
    """What is commented out there is what holds without it."""
    import tomllib

    example = (ROOT / "hugo-example" / "hugo.toml").read_text(encoding="utf-8")
    section = example[example.index("[params.llmpapers]") :]
    shown = tomllib.loads(re.sub(r"^# (?=[\w.]+ = |\[)", "", section, flags=re.MULTILINE))["params"]["llmpapers"]
    settings, _ = _read({key: value for key, value in shown.items() if key not in {"language", "section"}})
    assert settings == Settings()


def test_all_problems_are_reported_and_the_rest_counts() -> None:
    """Every unknown key and every invalid value, for which the default is used."""
    reading = _reading({"count": 0, "windowDays": "soon", "slug": "papers", "colour": "red", "modle": "x"})
    assert [problem.message for problem in reading.problems] == [
        "hugo.toml: colour: params.llmpapers has no setting `colour`.",
        "hugo.toml: modle: params.llmpapers has no setting `modle`.",
        "hugo.toml: count: count = 0 is invalid.",
        'hugo.toml: windowDays: windowDays = "soon" is invalid.',
    ]
    assert all(problem.remedy for problem in reading.problems)
    assert (reading.settings.count, reading.settings.window_days, reading.settings.slug) == (5, 5, "papers")
    assert (reading.origins["count"], reading.origins["slug"]) == ("default", "hugo.toml: slug")


@pytest.mark.parametrize("url", ["http://[x", "http://x:99999", "http://:80", "http://a\x07b", "http://x y"])
def test_an_invalid_endpoint_is_refused(url: str) -> None:
    """Before any request."""
    (problem,) = read({"endpoints": {"arxiv": url}}, {}, SetBy).problems
    assert "endpoints" in problem.message


def test_a_password_in_an_endpoint_is_not_repeated() -> None:
    """Even if the rest of it is invalid."""
    (problem,) = read({"endpoints": {"arxiv": "https://me:secret@x.example/path"}}, {}, SetBy).problems
    assert "secret" not in problem.message + problem.remedy
    assert "x.example/path" in problem.message


@pytest.mark.parametrize(
    ("name", "value"), [("count", "1" * 5000), ("maxcost", 10**400), ("maxcost", "1" * 5000), ("count", 10**400)]
)
def test_a_number_beyond_all_is_refused(name: str, value: object) -> None:
    """As any other that is too large."""
    (problem,) = read({name: value}, {}, SetBy).problems
    assert problem.remedy


def test_the_readme_says_of_each_setting_what_it_can_do_at_the_worst() -> None:
    """Each key has a row; a theme neither pays nor deletes nor sends, and what it may not set is not used."""
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("\n## Security\n")[2].partition("\n## ")[0]
    rows = [row.strip("| ").split(" | ") for row in section.splitlines() if row.startswith("| `")]
    assert all(len(row) == 3 for row in rows)
    worst = {name: row[1] for row in rows for name in re.findall(r"`(\w+)`", row[0])}
    assert set(worst) - {"mainSections"} == set(SETTINGS)
    assert {name for name, said in worst.items() if said == "not used"} == set(SETTINGS) - THEMES_MAY_SET
    assert not [said for said in worst.values() if re.search(r"\b(pay|paid|delet|key goes|send|sent)", said)]
