"""Spark ML's logistic regression of a table: seconds of its fit, and the objective after each step.

logistic_job.py FEATURES STRENGTH
"""

import json
import sys
import time

from pyspark.ml.classification import LogisticRegression
from pyspark.ml.functions import array_to_vector
from spark_session import session

spark = session(2)
rows = spark.read.parquet(sys.argv[1])
rows = rows.select(array_to_vector("features").alias("features"), "label").cache()
rows.count()
learner = LogisticRegression(
    maxIter=2000, tol=1e-10, regParam=float(sys.argv[2]), standardization=False
)
start = time.monotonic()
model = learner.fit(rows)
seconds = time.monotonic() - start
print(json.dumps({"seconds": seconds, "objectives": list(model.summary.objectiveHistory)}))
