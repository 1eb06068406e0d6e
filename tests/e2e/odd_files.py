"""Files that are not the images they seem to be, and images of every kind that must work."""

import io
import pathlib
import struct
import zlib

from PIL import Image

SIZE = (40, 30)


def picture(mode: str = "RGB", size=SIZE) -> Image.Image:
    """A picture with structure in it, the same each time."""
    width, height = size
    pixels = Image.new("RGB", size)
    pixels.putdata(
        [
            (x * 255 // width, y * 255 // height, (x * y) % 256)
            for y in range(height)
            for x in range(width)
        ]
    )
    return pixels.convert(mode)


def encoded(image: Image.Image, kind: str, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_bomb(width: int = 20_000, height: int = 20_000) -> bytes:
    """A valid black-and-white PNG of 400 million pixels in about 50 kB."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width + 7) // 8 + 1) * height, 9)
    chunks = png_chunk(b"IHDR", header) + png_chunk(b"IDAT", rows) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def jpeg_of_claimed_size(width: int, height: int) -> bytes:
    """A small JPEG whose header says something else."""
    data = bytearray(encoded(picture(), "JPEG"))
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def jpeg_with_bad_huffman_table() -> bytes:
    data = bytearray(encoded(picture(), "JPEG"))
    table = data.index(b"\xff\xc4")
    data[table + 5 : table + 21] = b"\xff" * 16  # 255 codes of each length: more than there are
    return bytes(data)


def png_with_bad_checksum() -> bytes:
    data = bytearray(encoded(picture(), "PNG"))
    at = data.index(b"IDAT") + 20
    data[at] ^= 0xFF
    return bytes(data)


def bad_files() -> dict[str, tuple[bytes, str]]:
    """Contents and the reason code they must be rejected with, by file name."""
    jpeg = encoded(picture(size=(100, 100)), "JPEG")
    png = encoded(picture(size=(100, 100)), "PNG")
    webp = encoded(picture(size=(100, 100)), "WEBP")
    gif = encoded(picture(size=(100, 100)), "GIF")
    bmp = encoded(picture(size=(100, 100)), "BMP")
    tiff = encoded(picture(size=(100, 100)), "TIFF", compression="tiff_lzw")
    return {
        "empty.jpg": (b"", "empty_file"),
        "text.jpg": (b"I am not a picture.\n" * 20, "unsupported_format"),
        "film.jpg": (b"\0\0\0\x14ftypqt  \0\0\2\0qt  " + bytes(80), "unsupported_format"),
        "raw.jpg": (b"\0\0\0\x18ftypcrx \0\0\0\1crx isom" + bytes(80), "unsupported_format"),
        "truncated.jpg": (jpeg[: len(jpeg) // 2], "truncated"),
        "truncated.png": (png[: len(png) // 2], "truncated"),
        "truncated.webp": (webp[: len(webp) // 2], "truncated"),
        "truncated.gif": (gif[: len(gif) // 2], "truncated"),
        "truncated.bmp": (bmp[: len(bmp) // 2], "truncated"),
        "truncated.tif": (tiff[: len(tiff) // 2], "truncated"),
        "head only.jpg": (jpeg[:11], "truncated"),
        "damaged.jpg": (jpeg_with_bad_huffman_table(), "corrupt"),
        "damaged.png": (png_with_bad_checksum(), "corrupt"),
        "wide.jpg": (jpeg_of_claimed_size(65_500, 65_500), "too_many_pixels"),
        "bomb.png": (png_bomb(), "too_many_pixels"),
    }


def good_files() -> dict[str, bytes]:
    """One image of each kind that must give a row."""
    transparent = picture("RGBA")
    transparent.putalpha(picture("L"))
    sixteen = Image.new("I;16", SIZE, 40_000)
    return {
        "one pixel.jpg": encoded(picture(size=(1, 1)), "JPEG"),
        "grey.jpg": encoded(picture("L"), "JPEG"),
        "cmyk.jpg": encoded(picture("CMYK"), "JPEG"),
        "progressive.jpeg": encoded(picture(), "JPEG", progressive=True),
        "palette.png": encoded(picture("P"), "PNG"),
        "sixteen bits.png": encoded(sixteen, "PNG"),
        "transparent.png": encoded(transparent, "PNG"),
        "lossy.webp": encoded(picture(), "WEBP"),
        "lossless.webp": encoded(picture(), "WEBP", lossless=True),
        "palette.gif": encoded(picture("P"), "GIF"),
        "rows.bmp": encoded(picture(), "BMP"),
        "strips.tif": encoded(picture("CMYK"), "TIFF"),
        "packed.tiff": encoded(picture(), "TIFF", compression="tiff_lzw"),
        "a gif by another name.jpg": encoded(picture(), "GIF"),
        "SHOUTED.JPG": encoded(picture(), "JPEG"),
    }


def write_files(folder: pathlib.Path, files: dict[str, bytes]) -> pathlib.Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder
