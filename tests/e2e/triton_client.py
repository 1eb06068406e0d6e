"""triton_client.py ADDRESS IMAGE...: asks `pomona serve` all that Triton's HTTP client can ask of
it, and prints what that said as JSON. Runs in the environment of requirements/serve.txt."""

import json
import pathlib
import sys

import numpy as np
import tritonclient.http as triton


def outputs(client: triton.InferenceServerClient, images: np.ndarray, binary: bool) -> dict:
    tensor = triton.InferInput("images", list(images.shape), "BYTES")
    tensor.set_data_from_numpy(images, binary_data=True)
    names = ("label", "probability", "unknown", "features")
    wanted = [triton.InferRequestedOutput(name, binary_data=binary) for name in names]
    answer = client.infer("pomona", [tensor], outputs=wanted, request_id="7")
    assert answer.get_response()["id"] == "7"
    made = {name: answer.as_numpy(name) for name in names}
    labels = [label.decode() if isinstance(label, bytes) else label for label in made["label"]]
    return {
        "label": labels,
        "probability": made["probability"].tolist(),
        "unknown": made["unknown"].tolist(),
        "features_shape": list(made["features"].shape),
    }


def error_of(client: triton.InferenceServerClient, images: np.ndarray) -> str:
    tensor = triton.InferInput("images", list(images.shape), "BYTES")
    tensor.set_data_from_numpy(images)
    try:
        client.infer("pomona", [tensor], outputs=[triton.InferRequestedOutput("nothing")])
    except triton.InferenceServerException as error:
        return str(error)
    return ""


def main() -> None:
    address, *paths = sys.argv[1:]
    images = np.array([pathlib.Path(path).read_bytes() for path in paths], dtype=np.object_)
    with triton.InferenceServerClient(address) as client:
        # Without a choice: all of them, binary.
        tensor = triton.InferInput("images", [len(paths)], "BYTES")
        tensor.set_data_from_numpy(images)
        everything = client.infer("pomona", [tensor], model_version="1")
        assert everything.as_numpy("probabilities").shape[0] == len(paths)
        print(
            json.dumps(
                {
                    "live": client.is_server_live(),
                    "ready": client.is_server_ready(),
                    "model_ready": client.is_model_ready("pomona"),
                    "server": client.get_server_metadata(),
                    "inputs": client.get_model_metadata("pomona")["inputs"],
                    "binary": outputs(client, images, binary=True),
                    "json": outputs(client, images, binary=False),
                    "error": error_of(client, images),
                }
            )
        )


if __name__ == "__main__":
    main()
