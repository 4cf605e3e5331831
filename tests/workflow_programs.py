"""Stand-ins for the programs that the workflow's steps call."""

from __future__ import annotations

from tests.tool import COMMAND

CLOCK = "2026-02-27T07:17:00+09:00"
TOOL = """#!/bin/bash
# The tool as far as the workflow sees it: writes a post unless it is there, prints its path, or ends with a code.
[ "$1" = cache ] && echo "$HOME/kept" && exit 0
printf '%s\\n' "$@" >>"$WORLD/asked-tool"
echo "hugo-llmpapers: told on stderr" >&2
[ "${STUB_CODE:-0}" = 0 ] || exit "$STUB_CODE"
[ -z "$STUB_NOTHING" ] || exit 0
day=${STUB_DAY:-2026-02-27}
folder=$PWD/content/posts/llm-papers-$day
mkdir -p "$folder"
[ -f "$folder/index.md" ] || printf 'post of %s\\n' "$day" >"$folder/index.md"
eval "$STUB_EVIL"
echo "$folder/index.md"
[ -z "$STUB_SECOND" ] || { echo 'second language' >"$folder/index.en.md" && echo "$folder/index.en.md"; }
"""
REAL = f"""#!/bin/sh
command=$1; shift
[ "$command" = new ] && set -- --clock {CLOCK} "$@"
exec {COMMAND} "$command" "$@"
"""
GH = '''#!{python}
"""`gh pr list`, `gh pr create` and `gh api` for branches, on a list of pull requests in a file."""
import json, os, pathlib, subprocess, sys
world = pathlib.Path(os.environ["WORLD"])
args = sys.argv[1:]
with (world / "asked-gh").open("a") as asked:
    asked.write(json.dumps(args) + "\\n")
assert os.environ["GH_TOKEN"], "not signed in"
flags = dict(zip(args[2::2], args[3::2]))
if args[0] == "api" and (args[1] == "graphql" or args[1] == "--paginate"):
    wanted = "ref-rule.json" if args[1] == "graphql" else args[2].rpartition("/")[2].replace("%2F", "-") + "-rules.json"
    if (world / "no-rules").exists():
        print('{{"message": "Resource not accessible by integration"}}')
        sys.exit("gh: Resource not accessible by integration (HTTP 403)")
    answer = world / wanted
    text = answer.read_text() if answer.exists() else "[]" if "rules.json" in wanted else '{{"data": {{"repository": {{"ref": null}}}}}}'
    sys.exit(subprocess.run(["jq", "--raw-output", args[args.index("--jq") + 1]], input=text, encoding="utf-8").returncode)
if args[0] == "api":
    git = ["git", "-C", str(world / "origin.git")]
    match args[1].removeprefix("repos/ada/blog/").split("/", 1), flags["--jq"]:
        case ["git", refs], ".[].ref":
            git += ["for-each-ref", "--format=%(refname)", refs.removeprefix("matching-") + "*"]
        case ["compare", branches], ".ahead_by":
            git += ["rev-list", "--count", branches.replace("...", "..")]
    sys.exit(subprocess.run(git).returncode)
pulls = json.loads((world / "pulls.json").read_text())
if args[:2] == ["pr", "create"]:
    if (world / "no-pulls").exists():
        sys.exit("GitHub Actions is not permitted to create or approve pull requests")
    pulls.append({{"state": "OPEN", "headRefName": flags["--head"], "baseRefName": flags["--base"], "isCrossRepository": False}})
    (world / "pulls.json").write_text(json.dumps(pulls))
    sys.exit()
assert args[:2] == ["pr", "list"], args
states = {{"open": ["OPEN"], "closed": ["CLOSED", "MERGED"]}}[flags["--state"]]
found = [
    pull for pull in pulls
    if pull["state"] in states
    and flags.get("--head") in (None, pull["headRefName"])
    and flags.get("--base") in (None, pull["baseRefName"])
][:int(flags.get("--limit", 30))]
sys.exit(subprocess.run(["jq", "--raw-output", flags["--jq"]], input=json.dumps(found), encoding="utf-8").returncode)
'''
