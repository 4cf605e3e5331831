"""Whether the post's pictures are on its page, and if not, why: themes look for them in ways of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from hugo_llmpapers.post.html_reader import Shown
from hugo_llmpapers.site import files as site_files
from hugo_llmpapers.site import hugo
from hugo_llmpapers.site.modules import Module
from hugo_llmpapers.site.site import Site
from hugo_llmpapers.site.visibility import Shortcoming, ignored, without_resources


def pictures_lost(page: Shown, name: str, files: Mapping[str, bytes], site: Site) -> Iterator[Shortcoming]:
    """What a reader would miss of the pictures that the post's text shows; nothing where all are there."""
    text = files[site.index_name].decode()
    named = [file for file in files if file.endswith(".png") and f"({file})" in text]
    # Themes resize and convert, so the name's beginning is all that one can ask for.
    addresses = {file: page.files(file.partition(".")[0]) for file in named}
    absent = [file for file, found in addresses.items() if not found]
    broken = {
        file: found[0][0]
        for file, found in addresses.items()
        if found and not any(target is None or target.is_file() for _, target in found)
    }
    if not absent and not broken:
        return
    lost = [file for file in named if file in absent or file in broken]
    if (lack := ignored(site, name, lost[0]) or without_resources(site, text)) is not None:
        yield lack
        return
    modules = hugo.modules(site.hugo)
    if not absent:
        problem = f"The page looks for {', '.join(lost)} where there is nothing, as at {broken[lost[0]]}."
    else:
        problem = f"The site does not show {', '.join(lost)}."
    yield Shortcoming(problem, _remedy(page, modules))


def reads_page_bundles(module_dirs: Iterable[Path]) -> bool:
    """Whether templates look for pictures beside the page only where its front matter has `usePageBundles: true`."""
    templates = (file for folder in module_dirs for file in site_files.regular(folder / "layouts", ".html"))
    return any("usePageBundles" in site_files.text(file) for file in templates)


def _remedy(page: Shown, modules: Sequence[Module]) -> str:
    hook = next((f for m in modules for path in _HOOKS if (f := m.find(path)) is not None), None)
    if page.place.file.name != "index.html":
        return "Let the archetype say `url: {{ $post.name }}`, so that the page stands where its pictures are."
    if reads_page_bundles(module.folder for module in modules):
        return "Let the archetype say `usePageBundles: true`, without which the theme does not look beside the page."
    if hook is not None:
        return f"Check {hook}, which puts pictures on the site's pages."
    return "Check that the site's templates show pictures of page bundles."


_HOOKS = ("layouts/_markup/render-image.html", "layouts/_default/_markup/render-image.html")
