"""Whether a contestant's table is the one that Pomona's command line makes of the same images."""

import pathlib
import urllib.parse

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq


def table(folder: pathlib.Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Keys, labels and features [n, dim] of a Parquet folder, in the order of the keys.

    A key is the path from `copy-NNN/` on: what is before it differs by scheme and by machine.
    """
    rows = pa.concat_tables(
        pq.read_table(file, columns=["path", "label", "features"])
        for file in sorted(folder.glob("*.parquet"))
    )
    paths = (urllib.parse.unquote(path) for path in rows["path"].to_pylist())
    keys = np.array([path[path.index("/copy-") :] for path in paths])
    features = rows["features"].combine_chunks()
    if isinstance(features.type, pa.BaseExtensionType):
        features = features.storage
    flat = features.flatten().to_numpy(zero_copy_only=False).astype(np.float32, copy=False)
    order = np.argsort(keys)
    labels = np.array(rows["label"].to_pylist())
    return keys[order], labels[order], flat.reshape(len(keys), -1)[order]


def agreement(ours: pathlib.Path, theirs: pathlib.Path, same_network: bool = True) -> dict:
    """Raises where rows are missing, doubled or wrongly labelled; else says how near the features
    are (cosine). `same_network=False`: the features are of another network, and only looked at for
    their shape."""
    keys, labels, expected = table(ours)
    their_keys, their_labels, found = table(theirs)
    if not np.array_equal(keys, their_keys):
        raise RuntimeError(f"{theirs}: {len(their_keys)} rows are not the {len(keys)} images")
    if not np.array_equal(labels, their_labels):
        raise RuntimeError(f"{theirs}: labels differ")
    if found.shape != expected.shape or not np.isfinite(found).all():
        raise RuntimeError(f"{theirs}: features {found.shape}, or some not finite")
    if not same_network:
        return {"rows": len(keys)}
    norms = np.linalg.norm(expected, axis=1) * np.linalg.norm(found, axis=1)
    cosine = np.einsum("ij,ij->i", expected, found) / norms
    return {
        "rows": len(keys),
        "cosine_min": float(cosine.min()),
        "cosine_mean": float(cosine.mean()),
        "equal": bool(np.array_equal(expected, found)),
    }
