"""AVIF as Pillow writes it, HEIC as pillow-heif does: {name: encoded bytes}."""

import io
import pathlib

import numpy as np
import pillow_heif
from pictures import picture, save
from PIL import Image, ImageCms


def smooth(width, height, channels=3):
    """Without the noise of picture(): colours that no subsampling changes much."""
    y, x = np.mgrid[0:height, 0:width]
    planes = [127 + 100 * np.sin((x + 2 * y) / (40.0 + 9 * c) + c) for c in range(channels)]
    return np.stack(planes, axis=-1).astype(np.uint8)


def heic(image, **options):
    out = io.BytesIO()
    pillow_heif.from_pillow(image).save(out, quality=90, **options)
    return out.getvalue()


def heic_kinds():
    rgb = Image.fromarray(smooth(120, 90))
    for chroma in (420, 422, 444):
        yield f"heic-{chroma}", heic(rgb, chroma=chroma)
    yield "heic-odd-size", heic(Image.fromarray(smooth(101, 67)))
    yield "heic-lossless-noise", heic(Image.fromarray(picture(64, 48, 3)), chroma=444)
    yield "heic-grey", heic(rgb.convert("L"))
    yield "heic-alpha", heic(Image.fromarray(smooth(120, 90, 4), "RGBA"))
    # pillow-heif makes a turn of the file's own of it.
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        out = io.BytesIO()
        turned = rgb.copy()
        pillow_heif.register_heif_opener()
        turned.save(out, "HEIF", exif=exif.tobytes(), quality=90)
        yield f"heic-orientation-{orientation}", out.getvalue()


def with_matrix(avif, matrix):
    """The same numbers with another meaning: matrix_coefficients of the box `colr`."""
    at = avif.index(b"nclx") + 8
    return avif[:at] + bytes([0, matrix]) + avif[at + 2 :]


def avif_kinds():
    """Those that are Pillow's, bit for bit."""
    rgb = Image.fromarray(smooth(120, 90))
    subsamplings = ("4:2:0", "4:2:2", "4:4:4", "4:0:0")
    for width, height in ((1, 1), (1, 6), (7, 1), (2, 2), (3, 5), (101, 67), (120, 90)):
        for channels in (3, 4):
            image = Image.fromarray(picture(width, height, channels))
            for subsampling in subsamplings:
                for extent in ("full", "limited"):
                    yield (
                        f"avif-{width}x{height}-{channels}-{subsampling}-{extent}",
                        save(image, "AVIF", subsampling=subsampling, range=extent, quality=70),
                    )
    noise = Image.fromarray(picture(101, 67, 4))
    for subsampling in subsamplings:
        for extent in ("full", "limited"):
            for form, image in (("rgb", noise.convert("RGB")), ("rgba", noise)):
                avif = save(image, "AVIF", subsampling=subsampling, range=extent)
                # BT.709, unspecified, BT.470BG, BT.2020, by the primaries
                for matrix in (1, 2, 5, 9, 12):
                    yield (
                        f"avif-{form}-{subsampling}-{extent}-matrix-{matrix}",
                        with_matrix(avif, matrix),
                    )
                if subsampling in ("4:4:4", "4:0:0"):
                    yield f"avif-{form}-{subsampling}-{extent}-identity", with_matrix(avif, 0)
        yield (
            f"avif-premultiplied-{subsampling}",
            save(noise, "AVIF", subsampling=subsampling, alpha_premultiplied=True),
        )
    yield "avif-lossless", save(rgb, "AVIF", subsampling="4:4:4", quality=100)
    yield "avif-grey", save(rgb.convert("L"), "AVIF", quality=90)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    yield "avif-icc", save(rgb, "AVIF", icc_profile=profile)
    later = Image.fromarray(smooth(120, 90)[::-1])
    yield "avif-sequence", save(rgb, "AVIF", save_all=True, append_images=[later], quality=90)
    odd = noise.convert("RGB")
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        for subsampling in ("4:2:0", "4:2:2"):
            yield (
                f"avif-orientation-{orientation}-{subsampling}",
                save(odd, "AVIF", exif=exif, subsampling=subsampling),
            )
    # Pillow writes none of these, which are avifenc's kind.
    for path in sorted((pathlib.Path(__file__).parent / "avif").glob("1*bit-*.avif")):
        yield f"avif-{path.stem}", path.read_bytes()


def other_avif_kinds():
    """Those whose colours are libheif's."""
    rgb = Image.fromarray(smooth(120, 90))
    for subsampling in ("4:2:0", "4:4:4"):
        avif = save(rgb, "AVIF", subsampling=subsampling, quality=90)
        yield f"avif-{subsampling}-fcc", with_matrix(avif, 4)
        yield f"avif-{subsampling}-no-nclx", avif.replace(b"colrnclx", b"skipnclx")
    yield "avif-grid", (pathlib.Path(__file__).parent / "avif" / "grid.avif").read_bytes()
