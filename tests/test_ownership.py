"""Whose a setting is, by the files of the site and by the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from hugo_llmpapers.childenv import without_keys
from hugo_llmpapers.ownership import owner, split_by_owner, values_in_environment
from hugo_llmpapers.settings import NAMES, THEMES_MAY_SET

TOML = '[params.llmpapers]\nmaxCost = 2\n[params.llmpapers.endpoints]\narxiv = "https://a.example"\n'
YAML = "Params:\n  LLMpapers: # ours\n    maxCost: 2\n    endpoints: {arxiv: 'https://a.example'}\n"
JSON = '{"params": {"llmPapers": {"MAXCOST": 2, "endpoints": {"ARXIV": "https://a.example"}}}}'
INNER = '[llmpapers]\nmaxCost = 2\nendpoints.arxiv = "https://a.example"\n'


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hugo.toml", TOML),
        ("hugo.toml", "\ufeff" + TOML),
        ("hugo.toml", 'title = "x"\nparams.llmpapers = { maxCost = 2, endpoints = { arxiv = "https://a.example" } }\n'),
        ("hugo.yaml", YAML),
        ("config.yml", "x: &x {maxCost: 2, endpoints: {arxiv: y}}\nparams: {llmpapers: *x}\n"),
        ("hugo.json", JSON),
        ("config/_default/params.toml", INNER),
        ("config/production/sub/params.toml", INNER),
        ("config/_default/params.ja.toml", INNER),
        ("hugo.toml", TOML.replace("[params", "[languages.ja.params")),
        ("config/_default/languages.toml", TOML.replace("[params", "[ja.params")),
        ("config/_default/languages.ja.toml", TOML),
        ("hugo.yaml", "params:\n  llmpapers:\n    <<: *x\n    count: [\n"),
        ("hugo.toml", "params.llmpapers = { maxCost = "),
    ],
)
def test_what_a_file_of_the_site_sets_is_the_owners(tmp_path: Path, name: str, text: str) -> None:
    """In any format and place; where it cannot be understood, whatever there is."""
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    for language in ("ja", None):
        owns = owner([file], {}, language)
        assert owns("maxcost") and owns("endpoints.arxiv")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hugo.toml", 'cacheDir = "x"\nmodel = "y"\n[params]\ncount = 3\n'),
        ("hugo.toml", f'cacheDir = "x"\n{TOML}'),
        ("hugo.toml", f"# params.llmpapers.cacheDir = 3, model\n{TOML}"),
        ("hugo.yaml", f"cacheDir: x\n{YAML}    # model: x\n"),
        ("hugo.toml", '[languages.en.params.llmpapers]\ncacheDir = "x"\nmodel = "y"\n'),
        ("config/_default/params.en.toml", '[llmpapers]\ncacheDir = "x"\nmodel = "y"\n'),
        ("config/_default/menus.toml", '[llmpapers]\ncacheDir = "x"\nmodel = "y"\n'),
    ],
)
def test_what_stands_elsewhere_in_it_is_not(tmp_path: Path, name: str, text: str) -> None:
    """In a comment, as a setting of Hugo's, for another language."""
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    owns = owner([file], {}, "ja")
    assert not owns("cachedir") and not owns("model") and not owns("endpoints.huggingface")


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
    """Those that Hugo understands."""
    assert list(values_in_environment("endpoints.huggingface", {"PATH": "/bin", name: value})) == ["https://m.example"]
    assert not list(values_in_environment("endpoints.semanticscholar", {name: value}))


def test_a_variable_with_x_between_the_names_may_have_one_in_a_name() -> None:
    """Hugo tells x and X apart."""
    assert owner([], {"HUGOxPARAMSxLLMPAPERSxMAXCOST": "1"}, None)("maxcost")


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
def test_another_variable_says_nothing(environ: dict[str, str]) -> None:
    """A key goes nowhere for it."""
    assert not list(values_in_environment("endpoints.huggingface", environ))


def test_a_themes_settings_count_where_they_do_no_harm() -> None:
    """Entry by entry in a table; each that does not is named."""
    found = {"maxcost": 9, "figurewidth": 640, "count": 2, "new": 1, "endpoints": {"arxiv": "a", "huggingface": "b"}}
    kept, foreign = split_by_owner(found, lambda key: key in {"count", "endpoints", "endpoints.arxiv"})
    assert kept == {"figurewidth": 640, "count": 2, "endpoints": {"arxiv": "a"}}
    assert set(foreign) == {"maxcost", "new", "endpoints.huggingface"}


def test_nothing_that_costs_or_leads_elsewhere_is_a_themes() -> None:
    """A new setting is the owner's until somebody has thought about it."""
    assert {"count", "language", "slug", "model", "fallbackModel", "effort", "summarizer", "summaryInput", "maxCost", "catchUp",
            "timeBudget", "contact", "cacheDir", "endpoints"} == set(NAMES) - THEMES_MAY_SET  # fmt: skip


def test_programs_that_are_started_get_no_key() -> None:
    """Of ours; what Hugo and Go need stays."""
    keys = ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_BASE_URL", "anthropic_api_key", "S2_API_KEY", "HF_TOKEN",
            "HF_HUB_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HUGGINGFACE_TOKEN", "HUGO_LLMPAPERS_TOKEN"]  # fmt: skip
    kept = ["PATH", "HOME", "HTTPS_PROXY", "GOPROXY", "HUGO_PARAMS_LLMPAPERS_COUNT", "HUGO_LLMPAPERS_BRANCH", "GITHUB_TOKEN",
            "HUGO_CACHEDIR", "HUGO_PARAMS_TOKEN", "HF_HOME"]  # fmt: skip
    assert list(without_keys(dict.fromkeys(keys + kept, "x"))) == kept
