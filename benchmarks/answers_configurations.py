"""What is compared: named sets of flags of `pomona extract`."""

import dataclasses

NETWORKS = {
    "lite0": 224,
    "lite1": 240,
    "lite2": 260,
}  # pixels of the input that each was trained for
SIZES = (192, 160, 128)


@dataclasses.dataclass(frozen=True)
class Configuration:
    name: str
    flags: tuple[str, ...]


def of_network(network: str) -> list[Configuration]:
    """Presets; then precisions and sizes, each by itself; then what `rich` is made of. `same`
    is f32 at the network's own size."""

    def one(name: str, *flags: str) -> Configuration:
        return Configuration(f"{network}-{name}", ("--model", f"efficientnet-{network}", *flags))

    return [
        *(one(preset, "--preset", preset) for preset in ("same", "fast", "rich")),
        *(one(precision, "--precision", precision) for precision in ("bf16", "int8")),
        *(one(str(size), "--input-size", str(size)) for size in SIZES),
        one("int8-160", "--precision", "int8", "--input-size", "160"),
        one("levels", "--features", "levels"),
        one("views", "--views", "dihedral"),
        one("rich-160", "--preset", "rich", "--input-size", "160"),
    ]


CONFIGURATIONS = [one for network in NETWORKS for one in of_network(network)]
