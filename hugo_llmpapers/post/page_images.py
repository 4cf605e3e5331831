"""Check that the images of a post appear on its built page, and find out why not: themes look for them in different ways."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from hugo_llmpapers.post.html_reader import Page
from hugo_llmpapers.site import files as site_files
from hugo_llmpapers.site import hugo
from hugo_llmpapers.site.site import Site
from hugo_llmpapers.site.visibility import Shortcoming, ignored, without_resources

_RENDER_HOOKS = ("layouts/_markup/render-image.html", "layouts/_default/_markup/render-image.html")


def missing_images(page: Page, name: str, files: Mapping[str, bytes], site: Site) -> Shortcoming | None:
    """Return why images that the text of the post `name` shows are not on its page; None if they all are."""
    text = files[site.index_name].decode()
    # Themes resize and convert images, so only the beginning of the name is known.
    images = {
        file: page.images(file.partition(".")[0]) for file in files if file.endswith(".png") and f"({file})" in text
    }
    missing = [file for file, found in images.items() if not any(found.values())]
    if not missing:
        return None
    if (reason := ignored(site, name, missing[0]) or without_resources(site, text)) is not None:
        return reason
    problem = f"The site does not show {', '.join(missing)}."
    if all(images.values()):
        problem = (
            f"The page looks for {', '.join(missing)} where there is nothing, as at {next(iter(images[missing[0]]))}."
        )
    return Shortcoming(problem, _remedy(page, site))


def reads_page_bundles(module_dirs: Iterable[Path]) -> bool:
    """Whether templates look for images beside the page only if its front matter has `usePageBundles: true`."""
    return any("usePageBundles" in site_files.read_text(file) for file in site_files.list_templates(module_dirs))


def _remedy(page: Page, site: Site) -> str:
    modules = hugo.modules(site.hugo)
    hook = next((f for m in modules for path in _RENDER_HOOKS if (f := m.find(path)) is not None), None)
    if page.location.file.name != "index.html":
        return "Let the archetype say `url: {{ $post.name }}`, so that the page is in the folder of its images."
    if reads_page_bundles(module.folder for module in modules):
        return "Let the archetype say `usePageBundles: true`, without which the theme does not look beside the page."
    if hook is not None:
        return f"Check {hook}, which puts images on the site's pages."
    return "Check that the site's templates show images of page bundles."
