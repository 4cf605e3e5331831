"""YAML of the site, parsed in a time that its length bounds."""

from __future__ import annotations

import math
import warnings
from itertools import chain
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import MaxDepthExceededError
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import CollectionNode, MappingNode, Node

_MAX_NODES = 100_000
"""Of a document with its aliases expanded."""


class _Constructor(SafeConstructor):
    """Checks the size first, and leaves timestamps strings."""

    def construct_document(self, node: Node) -> Any:
        _count_nodes(node, {})
        return super().construct_document(node)


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", SafeConstructor.construct_yaml_str)


def parse_yaml(text: str) -> Any:
    """Return the value of a YAML 1.2 document. Raises ValueError if it is invalid, nested too deep, or if its aliases or merge
    keys make it huge."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = _Constructor
    yaml.max_depth = 100
    try:
        with warnings.catch_warnings(action="ignore"):  # about an anchor that is used twice, which Hugo accepts
            return yaml.load(text)
    except MaxDepthExceededError:
        raise ValueError("it is nested too deep") from None
    except MarkedYAMLError as error:
        where = f" (at line {error.problem_mark.line + 1})" if error.problem_mark else ""
        raise ValueError(f"{error.problem}{where}") from None
    except Exception as error:  # noqa: BLE001 - for `!!bool x` the parser raises KeyError, for `!!int ""` IndexError
        raise ValueError(next(iter(str(error).splitlines()), type(error).__name__)) from None


def _count_nodes(node: Node, counts: dict[int, float]) -> float:
    """Return the number of nodes with aliases expanded. `counts`: results by the node's id."""
    if not isinstance(node, CollectionNode):
        return 1
    if id(node) not in counts:
        counts[id(node)] = math.inf  # until it is counted: for an alias inside the node that it names
        children = chain.from_iterable(node.value) if isinstance(node, MappingNode) else node.value
        counts[id(node)] = 1 + sum(_count_nodes(child, counts) for child in children)
    if counts[id(node)] > _MAX_NODES:
        raise ValueError("its aliases make it too large")
    return counts[id(node)]
