"""Which version of Hugo brought what this tool depends on, by the history of https://github.com/gohugoio/hugo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Version = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Since:
    """The first release with a feature."""

    version: Version
    commit: str
    """That brought it, in Hugo's repository."""


REQUIRED: Mapping[str, Since] = {
    "config mounts": Since((0, 56, 3), "d7c233afee6a16b1947f60b7e5450e40612997bb"),
    "HUGO_BUILD_NOJSCONFIGINASSETS": Since((0, 78, 0), "3089fc0ba171be14670b19439bc2eab6b077b6c3"),
    "--clock": Since((0, 99, 0), "e77ca3c105bd64c5077d823d2127f6f812a4f681"),
    "new content": Since((0, 112, 0), "241b21b0fd34d91fccb2ce69874110dceae6f926"),
    "HUGO_NOBUILDLOCK": Since((0, 112, 0), "241b21b0fd34d91fccb2ce69874110dceae6f926"),
    "--printPathWarnings": Since((0, 112, 0), "d6197a41fa057cb98da1c3ed0e41c2aef38f2600"),
    "config --format": Since((0, 112, 4), "f86b5f70a60fc3793bc826f2ccd8dcdd62e26b51"),
    "config --lang": Since((0, 112, 6), "0ef29528469975bf2251dea78699dbeac55d02ae"),
}
"""What nothing stands in for."""

OPTIONAL: Mapping[str, Since] = {
    "details shortcode": Since((0, 140, 0), "4f130f6e4f891d7df1029a29336efe9e1475d17f"),
    "config --printZero": Since((0, 141, 0), "5bb1564575f7aad5c9b9d553b4c50e676bff5824"),
    # Before, the flag is one of `hugo` and `hugo server` alone; the variable is for all.
    "new content --noBuildLock": Since((0, 141, 0), "2a7bb1c7c9993b73d5056e2eed2f47deb69cede5"),
    # Before, a mount has `lang`.
    "mounts: sites.matrix": Since((0, 153, 0), "264022a75a8e4d91d7461747eef4d06267cc519f"),
    # Before, environments are mixed unless one is named with `-e`.
    "config without -e": Since((0, 161, 0), "1eea9fba0b7ff174d1e30b2307bef54842f422fc"),
}
"""What there is another way for."""

OLDEST: Version = max(since.version for since in REQUIRED.values())
OLDEST_TESTED: Version = (0, 131, 0)
"""Debian 13 has it; the tests run on it and on the newest."""
EMBEDDED_DETAILS: Version = OPTIONAL["details shortcode"].version


def written(version: Version) -> str:
    """As Hugo writes it: `0.131.0`."""
    return ".".join(map(str, version))
