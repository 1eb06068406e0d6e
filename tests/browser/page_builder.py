"""A report page of any data, put together as `pomona report` does it."""

import base64
import hashlib
import html
import io
import json
import pathlib

import numpy as np
from PIL import Image

PAGE = pathlib.Path(__file__).resolve().parents[2] / "src/pomona/report/page"
POLICY = (
    "default-src 'none'; img-src data: blob: file:; style-src 'sha256-{style}'; "
    "script-src 'sha256-{script}'; base-uri 'none'; form-action 'none'"
)


def encoded(values, kind: str) -> str:
    """Base64 of little-endian numbers; kind is "<f4", "<i4" or "u1"."""
    return base64.b64encode(np.asarray(values, dtype=kind).tobytes()).decode()


def floats(values) -> str:
    return encoded(values, "<f4")


def integers(values) -> str:
    return encoded(values, "<i4")


def sprites(pictures, side: int, columns: int = 16, rows: int = 16) -> list[str]:
    """Sheets of cells, row by row, each picture fitted into its cell and centred on white."""
    sheets, per_sheet = [], columns * rows
    for start in range(0, len(pictures), per_sheet):
        some = pictures[start : start + per_sheet]
        wide = min(columns, len(some))
        sheet = Image.new("RGB", (wide * side, -(-len(some) // columns) * side), "white")
        for k, picture in enumerate(some):
            picture = picture.copy()
            picture.thumbnail((side, side))
            left = k % columns * side + (side - picture.width) // 2
            top = k // columns * side + (side - picture.height) // 2
            sheet.paste(picture, (left, top))
        data = io.BytesIO()
        sheet.save(data, "WEBP", quality=80)
        sheets.append("data:image/webp;base64," + base64.b64encode(data.getvalue()).decode())
    return sheets


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def page(data: dict) -> str:
    """The page of the data: the template with its marks replaced."""
    names = (PAGE / "order.txt").read_text().split()
    script = "\n".join((PAGE / name).read_text() for name in names)
    style = (PAGE / "page.css").read_text()
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in ("<", "\u2028", "\u2029"):
        text = text.replace(character, f"\\u{ord(character):04x}")
    marks = {
        "title": html.escape(data["title"]),
        "policy": POLICY.format(style=_hash(style), script=_hash(script)),
        "style": style,
        "script": script,
        "data": text,
    }
    parts = (PAGE / "page.html").read_text().split("{{")
    for i, part in enumerate(parts[1:], 1):
        name, rest = part.split("}}", 1)
        parts[i] = marks[name] + rest
    return "".join(parts)
