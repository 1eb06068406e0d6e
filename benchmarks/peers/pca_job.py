"""Principal components on Spark, by Pomona or by Spark ML itself: the same job for both.

pca_job.py FEATURES OUTPUT pomona|spark K    (prints its seconds, once Spark is up, and the ratios)
"""

import sys

from job import Clock
from pyspark.ml.functions import array_to_vector
from spark_session import session

CORES = 2


def main() -> None:
    source, output, whose, k = sys.argv[1:]
    spark = session(CORES)
    spark.read.parquet(source).limit(1).collect()
    clock = Clock()
    frame = spark.read.parquet(source)
    if whose == "pomona":
        from pomona.spark.pca import PCA

        # Projects as Spark ML does, which does not subtract the mean.
        estimator = PCA(k=int(k), inputCol="features", outputCol="pca", center=False)
    else:
        from pyspark.ml.feature import PCA

        frame = frame.withColumn("features", array_to_vector("features"))
        estimator = PCA(k=int(k), inputCol="features", outputCol="pca")
    model = estimator.fit(frame)
    model.transform(frame).select("path", "label", "pca").write.parquet(output)
    clock.finish(explained=[float(ratio) for ratio in model.explainedVariance])
    spark.stop()


if __name__ == "__main__":
    main()
