"""What the documentation shows runs as it stands. (tests/spark has the blocks that need Spark.)"""

import shutil
import subprocess

import conftest
import guides
import pytest

PAGES = {
    page: [
        block
        for block in guides.blocks(page)
        if not guides.needs_spark(page, block) and not guides.needs_server(block)
    ]
    for page in guides.PAGES
}


@pytest.fixture(scope="module")
def folder(images, tmp_path_factory):
    """photos/ with a lemon, and tables made of it by the names that the guides use."""
    folder = tmp_path_factory.mktemp("guides")
    shutil.copytree(images, folder / "photos")
    for fruit in ("Lemon", "Lychee"):
        (folder / "photos" / fruit).mkdir(exist_ok=True)
        shutil.copy(next(images.rglob("*.jpg")), folder / "photos" / fruit / "12_100.jpg")
    for command in (
        ["extract", "photos", "features"],
        ["pca", "features", "OUTPUT"],
        ["map", "features", "map"],
    ):
        subprocess.run([conftest.COMMAND, *command, "--quiet"], cwd=folder, check=True)
    return folder


@pytest.mark.parametrize("page", [page for page in PAGES if PAGES[page]], ids=guides.name)
def test_the_blocks_of_a_page_run(page, folder, monkeypatch):
    monkeypatch.chdir(folder)
    guides.run(page, PAGES[page], {})


def test_the_pages_have_blocks():
    with_blocks = {guides.name(page) for page in PAGES if PAGES[page]}
    assert {"README.md", "docs/guides/python.md", "docs/format/pca.md"} <= with_blocks
