"""Pictures to encode, and Pillow's way to do so. Deterministic."""

import io

import numpy as np


def picture(width, height, channels, seed=7):
    """Smooth colours with some noise and a few hard edges: uint8 [height, width, channels]."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    planes = [
        127 + 120 * np.sin(x / (9.0 + 4 * c) + c) * np.cos(y / (11.0 - 2 * c))
        for c in range(channels)
    ]
    out = np.stack(planes, axis=-1) + rng.normal(0, 9, (height, width, channels))
    out[height // 3 : height // 2, width // 4 : width // 2] = 255
    out[2 * height // 3 :, 2 * width // 3 :] = 0
    return np.clip(out, 0, 255).astype(np.uint8)


def save(image, format, **options):
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def packed_bits(samples, depth):
    """[height, n] of values below 2**depth to rows of bytes, the first sample highest."""
    bits = (samples.astype(np.uint32)[:, :, None] >> np.arange(depth - 1, -1, -1)) & 1
    return np.packbits(bits.reshape(len(samples), -1).astype(np.uint8), axis=1)
