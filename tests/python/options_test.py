"""Functions take the options of the core's table: each of them, and no other."""

import inspect
import pydoc
import typing

import pytest

import pomona
from pomona import _core, options

RUN = {"source", "model", "images", "output", "resources", "storage"}
FUNCTIONS = {
    "list_images": ({"source", "stream", "storage"}, {"source"}),
    "Extractor": ({"model", "images", "resources", "storage"}, set()),
    "extract": ({"source", "stream", "model", "images", "resources", "storage"}, {"source"}),
    "run": (RUN, {"source", "output", "progress"}),
    "plan": (RUN, {"source", "output", "classifier"}),
    "verify": ({"storage"}, {"output", "quick"}),
}
TABLE = {option["name"]: option for option in _core.options() if "python" in option["surfaces"]}


def of_groups(groups) -> set[str]:
    return {name for name, option in TABLE.items() if option["group"] in groups}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_signature_has_the_options_of_its_groups(name):
    groups, own = FUNCTIONS[name]
    parameters = inspect.signature(getattr(pomona, name)).parameters
    assert set(parameters) == of_groups(groups - {"storage"}) | own | {"storage"}
    for option in of_groups(groups - {"storage"}):
        assert parameters[option].kind is inspect.Parameter.KEYWORD_ONLY
        assert parameters[option].default == TABLE[option]["default"]
        assert parameters[option].annotation is not inspect.Parameter.empty


def test_predict_takes_what_its_classifier_does_not_say():
    of_run = of_groups({"source", "images", "output", "resources"})
    wanted = {name for name in of_run if not TABLE[name]["makes_features"]} | {"storage"}
    own = {"source", "output", "classifier", "model", "column", "keep_features", "progress"}
    assert set(inspect.signature(pomona.predict).parameters) == wanted | own
    assert set(typing.get_type_hints(options.PredictOptions)) == wanted - {"rows_per_file"}
    with pytest.raises(TypeError, match="unexpected keyword argument 'precision'"):
        pomona.predict("/nowhere", "/nowhere/out", "/nowhere/classifier", precision="bf16")


def test_storage_has_its_options():
    assert set(typing.get_type_hints(options.Storage)) == of_groups({"storage"})


@pytest.mark.parametrize("name", FUNCTIONS)
def test_help_says_what_each_option_is(name):
    text = pydoc.plain(pydoc.render_doc(getattr(pomona, name)))
    text = " ".join(text.replace("|", " ").split())
    groups, _ = FUNCTIONS[name]
    for option in of_groups(groups - {"storage"}):
        words = TABLE[option]["help"].split()
        assert f"{option}: {' '.join(words)}" in text
    assert "{options}" not in text
    assert "Literal['f32', 'bf16', 'auto', 'int8']" in text or "precision" not in of_groups(groups)


@pytest.mark.parametrize("name", ["list_images", "Extractor", "extract", "run", "plan"])
def test_the_core_takes_each_and_no_other(name, tmp_path):
    groups, own = FUNCTIONS[name]
    places = {place: str(tmp_path / place) for place in own & {"source", "output"}}
    function = getattr(pomona, name)
    for option in of_groups(groups - {"storage"}):
        with pytest.raises(TypeError, match=f"`{option}` cannot be a object|`{option}`|object"):
            function(**places, **{option: object()})
    with pytest.raises(TypeError, match=r"\(\) got an unexpected keyword argument 'colour'"):
        function(**places, colour="red")


def test_storage_takes_each_and_no_other():
    for option in of_groups({"storage"}):
        with pytest.raises(TypeError, match=f"storage: option `{option}` cannot be a object"):
            pomona.list_images("/nowhere", storage={option: object()})


def test_values_of_each_type_are_taken(images):
    stream = pomona.list_images(images, glob="*.jpg", batch_rows=7, storage={"timeout": 2.5})
    assert next(stream).num_rows == 7
    with pytest.raises(pomona.InvalidOption, match="^timeout must be"):
        pomona.list_images(images, storage={"timeout": 0})
    for limit in (5, "5", "5%"):
        pomona.plan(images, "/tmp/nowhere", max_rejects=limit)
    with pytest.raises(pomona.InvalidOption, match="max"):
        pomona.plan(images, "/tmp/nowhere", max_rejects="many")
