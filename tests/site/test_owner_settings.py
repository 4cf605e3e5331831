"""Settings of the owner and of themes, in files and in the environment."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.site.config.config_files import config_files, own_config, split_by_owner
from hugo_llmpapers.site.config.settings import SETTINGS, THEMES_MAY_SET
from hugo_llmpapers.site.config.tables import values_in_environment
from hugo_llmpapers.site.hugo import Configuration, Hugo, config
from hugo_llmpapers.site.programs import without_keys
from tests.tool import hugo_program

THEME = """
[outputFormats.Search]
mediaType = "application/json"
[params]
llmpapers = { maxCost = 9, effort = "max", figureWidth = 640, endpoints = { arxiv = "https://t.example" } }
[languages.en.params.llmpapers]
maxCost = 50
count = 50
[languages.ja.params.llmpapers]
count = 50
"""
OWNERS = {"maxcost": 0.02, "count": 1}
TOML = """
theme = "stranger"
[languages.en]
[languages.ja.params.llmpapers]
count = 2
[outputs]
home = ["HTML", "Search"]
[languages.ja.outputs]
section = ["HTML", "Search"]
[params.llmpapers]
maxCost = 0.02
count = 1
"""
YAML = """
theme: [stranger]
languages: {en: {weight: 1}, ja: {params: {llmpapers: {count: 2}}}}
x: "<<: no merge key"
base: &base {maxCost: 0.02}
params:
  llmpapers:
    <<: *base
    count: 1
"""


def _site(root: Path, files: dict[str, str], environ: dict[str, str]) -> Hugo:
    for name, text in {"themes/stranger/hugo.toml": THEME, **files}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    known = {name: value for name, value in os.environ.items() if not name.startswith("HUGO")}
    return Hugo(Path(hugo_program()), root, environ=known | environ)


def _split(site: Hugo, language: str | None) -> tuple[dict[str, Any], tuple[str, ...]]:
    merged = config(site, language)
    own = own_config(site, merged, language)
    return split_by_owner(merged.values["params"]["llmpapers"], own.values.get("params", {}).get("llmpapers", {}))


@pytest.mark.parametrize("files", [{"hugo.toml": TOML}, {"hugo.yaml": YAML}, {"config/_default/hugo.yaml": YAML}])
def test_the_owners_value_counts(tmp_path: Path, files: dict[str, str]) -> None:
    """Over a theme's for one language, which Hugo prefers; in files of any format, as Hugo reads them."""
    site = _site(tmp_path, files, {})
    kept, foreign = _split(site, "en")
    assert {key: kept[key] for key in OWNERS} == OWNERS
    assert kept.keys() == {*OWNERS, "figurewidth"} and "endpoints.arxiv" in foreign
    assert _split(site, "ja")[0]["count"] == 2


@pytest.mark.parametrize(
    "environ",
    [
        {"HUGO_PARAMS_LLMPAPERS_COUNT": "3"},
        {"HUGO_PARAMS": '{"llmpapers": {"count": 3}}'},
        {"HUGO_PARAMS_LLMPAPERS": '{"count": 3}'},
        {"HUGOxTHEME": "stranger", "HUGO_PARAMS_LLMPAPERS_COUNT": "3"},
        {"HUGO_LANGUAGES": '{"en": {"params": {"llmpapers": {"count": 3}}}}'},
    ],
    ids=str,
)
def test_a_variable_makes_one_setting_the_owners(tmp_path: Path, environ: dict[str, str]) -> None:
    """The one that it sets; it makes no other value of a theme's count."""
    kept, _ = _split(_site(tmp_path, {"hugo.toml": TOML}, environ), "en")
    assert str(kept["count"]) == "3" and kept.get("maxcost", 0.02) == 0.02  # one for the table replaces it
    assert not {"effort", "endpoints"} & kept.keys()


def test_a_file_that_hugo_does_not_read_is_ignored(tmp_path: Path) -> None:
    """An older config.toml beside hugo.toml, or another format of it."""
    stale = "[params.llmpapers]\neffort = 'low'\nmodel = 'x'\n"
    site = _site(tmp_path, {"hugo.toml": TOML, "config.toml": stale, "hugo.yaml": YAML}, {})
    assert _split(site, "en")[0].keys() == {*OWNERS, "figurewidth"}
    assert list(config_files(site)) == [tmp_path / "hugo.toml"]
    named = replace(site, config="config.toml,hugo.toml")
    assert list(config_files(named)) == [tmp_path / "hugo.toml", tmp_path / "config.toml"]


def test_without_a_theme_hugo_is_not_run_again(tmp_path: Path) -> None:
    """All is the owner's."""
    site = _site(tmp_path, {"hugo.toml": "[params.llmpapers]\ncount = 2\n"}, {})
    merged = config(site)
    assert own_config(site, merged, None) is merged


def test_a_site_that_hugo_cannot_read_without_its_theme_is_refused(tmp_path: Path) -> None:
    """Rather than a theme's settings taken for the owner's."""
    theme = '[mediaTypes."text/x-own"]\nsuffixes = ["own"]\n'
    own = 'theme = "stranger"\n[outputFormats.Own]\nmediaType = "text/x-own"\n'
    site = _site(tmp_path, {"hugo.toml": own, "themes/stranger/hugo.toml": theme}, {})
    merged = Configuration({"theme": ["stranger"], "params": {"llmpapers": {"effort": "low"}}}, prints_zero_values=True)
    with pytest.raises(SetupError, match="without its theme and modules") as refused:
        own_config(site, merged, None)
    assert "text/x-own" in refused.value.message and "media type" in refused.value.remedy


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HUGO_PARAMS_LLMPAPERS_ENDPOINTS_HUGGINGFACE", "https://m.example"),
        ("HUGOxPARAMSxLLMPAPERSxENDPOINTSxHUGGINGFACE", "https://m.example"),
        ("HUGO_Params_llmpapers_Endpoints_huggingFace", "https://m.example"),
        ("HUGO_LANGUAGES_JA_PARAMS_LLMPAPERS_ENDPOINTS_HUGGINGFACE", "https://m.example"),
        ("HUGO_PARAMS_LLMPAPERS_ENDPOINTS", '{"huggingFace": "https://m.example"}'),
        ("HUGO_PARAMS_LLMPAPERS", '{"endpoints": {"huggingface": "https://m.example"}}'),
        ("HUGO_PARAMS", '{"llmpapers": {"endpoints": {"huggingface": "https://m.example"}}}'),
    ],
)
def test_a_variable_is_found_in_any_spelling(name: str, value: str) -> None:
    """Every one that Hugo accepts."""
    assert list(values_in_environment("endpoints.huggingface", {"PATH": "/bin", name: value})) == ["https://m.example"]
    assert not list(values_in_environment("endpoints.semanticscholar", {name: value}))


@pytest.mark.parametrize(
    "environ",
    [
        {"hugo_params_llmpapers_endpoints_huggingface": "x"},
        {"HUGO_PARAMS_LLMPAPERS_ENDPOINTS_HUGGINGFACE_X": "x"},
        {"HUGO_PARAMS_LLMPAPERS_ENDPOINTS_ARXIV": "x"},
        {"HUGO_PARAMS_OTHER": "llmpapers"},
        {"HUGO_PARAMS": '{"endpoints": {"huggingface": "x"}}'},
        {"HUGO_PARAMS": "{" * 5000},
        {"HUGO": "x", "HUGO_": "x", "HUGO_LANGUAGES": "x"},
    ],
    ids=str,
)  # fmt: skip
def test_other_variables_do_not_count(environ: dict[str, str]) -> None:
    """No API key is sent because of it."""
    assert not list(values_in_environment("endpoints.huggingface", environ))


def test_a_theme_may_set_what_is_harmless() -> None:
    """Entry by entry in a table; each that does not is named."""
    found = {"maxcost": 9, "figurewidth": 640, "count": 2, "new": 1, "endpoints": {"arxiv": "a", "huggingface": "b"}}
    owners = {"count": 2, "maxcost": 0.5, "endpoints": {"arxiv": "a"}}
    kept, foreign = split_by_owner(found, owners)
    assert kept == owners | {"figurewidth": 640}
    assert set(foreign) == {"maxcost", "new", "endpoints.huggingface"}
    assert split_by_owner({}, owners) == (owners, ())


def test_only_the_owner_sets_costs_and_destinations() -> None:
    """A new setting is the owner's until somebody has thought about it."""
    assert {"count", "language", "section", "slug", "model", "fallbackModel", "effort", "summarizer", "summaryInput", "maxCost", "catchUp",
            "timeBudget", "contact", "cacheDir", "endpoints"} == set(SETTINGS) - THEMES_MAY_SET  # fmt: skip


def test_programs_that_are_started_get_no_key() -> None:
    """Of ours; what Hugo and Go need stays."""
    keys = ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_BASE_URL", "anthropic_api_key", "S2_API_KEY", "HF_TOKEN",
            "HF_HUB_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HUGGINGFACE_TOKEN", "HUGO_LLMPAPERS_TOKEN"]  # fmt: skip
    kept = ["PATH", "HOME", "HTTPS_PROXY", "GOPROXY", "HUGO_PARAMS_LLMPAPERS_COUNT", "HUGO_LLMPAPERS_BRANCH", "GITHUB_TOKEN",
            "HUGO_CACHEDIR", "HUGO_PARAMS_TOKEN", "HF_HOME"]  # fmt: skip
    assert list(without_keys(dict.fromkeys(keys + kept, "x"))) == kept
