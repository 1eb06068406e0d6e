"""What machine a figure was measured on, as the machine itself says it."""

import os
import pathlib
import platform


def processor() -> tuple[str, set[str]]:
    """Model name and the flags that matter to inference."""
    text = pathlib.Path("/proc/cpuinfo").read_text()
    fields = dict(
        (part.strip() for part in line.split(":", 1)) for line in text.splitlines() if ":" in line
    )
    flags = set(fields.get("flags", "").split())
    told = {"avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16"}
    return fields.get("model name", platform.machine()), flags & told


def describe(cores: int) -> dict:
    """`cores`: how many of the machine's a contestant may use."""
    name, flags = processor()
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "processor": name,
        "flags": sorted(flags),
        "cores": cores,
        "machine_cores": os.cpu_count(),
        "memory_bytes": memory,
        "virtual": "hypervisor" in pathlib.Path("/proc/cpuinfo").read_text(),
        "kernel": ".".join(platform.release().split(".")[:2]),
    }
