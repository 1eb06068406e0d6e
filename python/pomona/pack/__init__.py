"""`pomona pack`: one archive with all that a cluster's workers need, for Spark's --archives.

    pomona pack --output env.tar.gz
    spark-submit --archives env.tar.gz#env --conf spark.pyspark.python=./env/bin/python ...

Workers need a Python of the version that packed, without any package, and the C and C++ libraries
that every Linux has.
"""

from pomona.pack.command import main
from pomona.pack.packer import PackedArchive, PackError, pack

__all__ = ["PackError", "PackedArchive", "main", "pack"]
