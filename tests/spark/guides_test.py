"""What the documentation shows of Spark runs as it stands, but for the bucket's name."""

import sys

import pytest
from conftest import TESTS

sys.path.append(str(TESTS / "python"))
import guides  # noqa: E402

PAGES = {
    page: [block for block in guides.blocks(page) if guides.needs_spark(page, block)]
    for page in guides.PAGES
}
pytestmark = pytest.mark.spark4  # the other has no client for S3 here


@pytest.mark.parametrize("page", [page for page in PAGES if PAGES[page]], ids=guides.name)
def test_the_blocks_of_a_page_run(page, spark, s3, some_images, monkeypatch):
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)  # a block sets it
    s3.put_folder(some_images, "photos")
    blocks = [block.replace("//bucket/", f"//{s3.bucket}/") for block in PAGES[page]]
    guides.run(page, blocks, {"spark": spark})


def test_the_guide_has_blocks():
    assert {"README.md", "docs/guides/spark.md"} <= {
        guides.name(page) for page in PAGES if PAGES[page]
    }
