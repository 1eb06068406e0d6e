"""A page of `pomona report`, and the data beside it, as docs/format/report.md has them."""

import base64
import html
import io
import json
import pathlib
import re

import numpy as np
import pyarrow as pa
import pyarrow.fs
import pyarrow.parquet as pq

DATA_FILES = ["classes", "compare", "compare_labels", "confusion", "coverage", "duplicates",
              "mistakes", "points", "provenance", "rejects", "reliability", "remarks",
              "unknown"]  # fmt: skip


class Page:
    def __init__(self, path, filesystem: pa.fs.FileSystem | None = None):
        self.path = str(path)
        self.filesystem = filesystem or pa.fs.LocalFileSystem()
        with self.filesystem.open_input_file(self.path) as file:
            self.html = file.read().decode()
        data = re.search(r'id="report-data">(.*?)</script>', self.html, re.DOTALL)
        self.text = data[1]
        self.data = json.loads(self.text)

    def __getitem__(self, section):
        return self.data[section]

    def numbers(self, text: str, kind: str) -> np.ndarray:
        return np.frombuffer(base64.b64decode(text), dtype=np.dtype(kind).newbyteorder("<"))

    def of_points(self, key: str, kind: str) -> list | None:
        text = self["points"][key]
        return None if text is None else self.numbers(text, kind).tolist()

    def paths(self) -> list[str]:
        return [self["points"]["prefix"] + path for path in self["points"]["paths"]]

    def names(self, key: str, names: str = "labels") -> list[str | None]:
        """Of points."""
        return [None if i < 0 else self[names][i] for i in self.of_points(key, "i4")]

    def remarks(self, section: str) -> str:
        return "\n".join(r["text"] for r in self["remarks"] if r["section"] == section)

    def title(self) -> str:
        return html.unescape(re.search(r"<title>(.*?)</title>", self.html, re.DOTALL)[1])

    def policy(self) -> str:
        return re.search(r'Content-Security-Policy" content="([^"]*)"', self.html)[1]

    def data_file(self, name: str, folder: str | None = None) -> pa.Table:
        folder = folder or self.path.removesuffix(".html")
        with self.filesystem.open_input_file(f"{folder}/{name}.parquet") as file:
            return pq.read_table(file)

    def thumbnail(self, k: int):
        """Picture k, from its sheet."""
        from PIL import Image

        thumbnails = self["thumbnails"]
        side, columns, per_sheet = (thumbnails[x] for x in ("side", "columns", "per_sheet"))
        sheet = thumbnails["sheets"][k // per_sheet].removeprefix("data:image/webp;base64,")
        cell = k % per_sheet
        left, top = cell % columns * side, cell // columns * side
        image = Image.open(io.BytesIO(base64.b64decode(sheet))).convert("RGB")
        return image.crop((left, top, left + side, top + side))


def report(pomona, features, output: pathlib.Path, *options, **more) -> Page:
    """Makes a page and reads it."""
    pomona.ok("report", features, output, "--quiet", *options, **more)
    return Page(output)
