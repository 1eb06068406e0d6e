"""The whole job for spark-submit: spark-submit spark_job.py SOURCE OUTPUT [options].

`python -m pomona.spark` is the same; docs/guides/spark.md tells all.
"""

import sys

from pomona.spark.job import main

if __name__ == "__main__":
    sys.exit(main())
