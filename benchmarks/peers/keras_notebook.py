"""Peer: the notebook that people run today. Spark's binaryFile, Keras MobileNetV2 in a pandas UDF.

As written there: 20 partitions, the weights broadcast, the model built anew in each task, Pillow
for decoding and resizing. The weights are random, so that nothing is downloaded: the arithmetic is
the same, and its features are not compared.
"""

import io
from collections.abc import Iterator

import numpy as np
import pandas as pd
from job import Clock, arguments
from PIL import Image
from pyspark.sql.functions import pandas_udf
from spark_session import images, session, write

PARTITIONS = 20


def network():
    from keras import Model
    from keras.applications.mobilenet_v2 import MobileNetV2

    whole = MobileNetV2(weights=None, include_top=True, input_shape=(224, 224, 3))
    return Model(inputs=whole.input, outputs=whole.layers[-2].output)


def preprocessed(content: bytes) -> np.ndarray:
    from keras.applications.mobilenet_v2 import preprocess_input

    image = Image.open(io.BytesIO(content)).resize((224, 224))
    return preprocess_input(np.asarray(image, dtype=np.float32))


def main() -> None:
    job = arguments(__doc__)
    spark = session(job.tasks)
    weights = spark.sparkContext.broadcast(network().get_weights())

    @pandas_udf("array<float>")
    def features(batches: Iterator[pd.Series]) -> Iterator[pd.Series]:
        model = network()
        model.set_weights(weights.value)
        for batch in batches:
            found = model.predict(np.stack(batch.map(preprocessed)), verbose=0)
            yield pd.Series([row.flatten() for row in found])

    clock = Clock()
    table = images(spark, job.source).repartition(PARTITIONS)
    write(table, features("content"), job.output)
    clock.finish()
    spark.stop()


if __name__ == "__main__":
    main()
