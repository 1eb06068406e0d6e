"""Makes the models of this folder with TensorFlow, which is too large to be in the tests:

    pip install tensorflow-cpu==2.21.0
    python tests/tensorflow/make_models.py

`small_saved_model` and `small.tflite` are one network with random weights, as Keras writes it: a
convolution, batch norm, ReLU6, global average pooling and a dense layer with softmax.
`expected.npz` holds 6 images, [6, 16, 16, 3] uint8, and what Keras computes before the dense layer,
[6, 8] float32, from x / 127.5 - 1.
"""

import pathlib
import shutil

import keras
import numpy as np
import tensorflow as tf

HERE = pathlib.Path(__file__).resolve().parent


def network() -> tuple[keras.Model, keras.Model]:
    """The classifier, and the part of it that ends in the features."""
    keras.utils.set_random_seed(1)
    image = keras.Input((16, 16, 3), batch_size=1)
    x = keras.layers.Conv2D(8, 3, strides=2, padding="same", use_bias=False)(image)
    x = keras.layers.BatchNormalization(
        beta_initializer="random_normal", moving_mean_initializer="random_normal"
    )(x)
    x = keras.layers.ReLU(6)(x)
    features = keras.layers.GlobalAveragePooling2D()(x)
    classes = keras.layers.Dense(5, activation="softmax")(features)
    return keras.Model(image, classes), keras.Model(image, features)


def main() -> None:
    classifier, extractor = network()
    images = np.random.default_rng(2).integers(0, 256, (6, 16, 16, 3), np.uint8)
    scaled = images.astype(np.float32) / 127.5 - 1
    features = np.concatenate([extractor(image[None]).numpy() for image in scaled])
    np.savez_compressed(HERE / "expected.npz", images=images, features=features)

    target = HERE / "small_saved_model"
    shutil.rmtree(target, ignore_errors=True)
    served = tf.Module()  # Keras' own export is the same graph twice
    served.variables_of = classifier.variables
    served.call = tf.function(classifier, input_signature=[tf.TensorSpec((1, 16, 16, 3))])
    options = tf.saved_model.SaveOptions(save_debug_info=False)
    tf.saved_model.save(served, target, signatures=served.call, options=options)
    for surplus in [target / "fingerprint.pb", target / "assets"]:
        shutil.rmtree(surplus) if surplus.is_dir() else surplus.unlink(missing_ok=True)
    tflite = tf.lite.TFLiteConverter.from_keras_model(classifier).convert()
    (HERE / "small.tflite").write_bytes(tflite)


if __name__ == "__main__":
    main()
