"""python -m pomona.spark SOURCE OUTPUT, and what spark-submit is given."""

import sys

from pomona.spark.job import main

if __name__ == "__main__":
    sys.exit(main())
