"""Standard output is data, standard error is talk."""

import json

from program import REFUSED


def test_json_is_all_there_is_on_standard_output(pomona, some_images, tmp_path):
    result = pomona.ok("extract", some_images, tmp_path / "table", "--json")
    report = json.loads(result.stdout)
    assert (report["references"], report["rows"], report["images"]) == (48, 48, 48)
    assert report["images_per_second"] > 0
    assert set(report["busy"]) >= {"fetch", "decode", "resize", "infer", "write"}


def test_the_report_is_in_the_output_and_where_it_is_wanted(pomona, some_images, tmp_path):
    command = ("extract", some_images, tmp_path / "table", "--report", tmp_path / "report.json")
    pomona.ok(*command, "--price-per-hour", "3.60")
    report = json.loads((tmp_path / "report.json").read_text())
    assert report == json.loads((tmp_path / "table" / "_pomona" / "report.json").read_text())
    expected = 3.60 / 3600 / report["images_per_second"] * 1e6
    assert abs(report["cost_per_million_images"] / expected - 1) < 1e-6


def test_quiet_is_quiet(pomona, some_images, tmp_path):
    result = pomona.ok("extract", some_images, tmp_path / "table", "--quiet")
    assert (result.stdout, result.stderr) == ("", "")


def test_without_a_terminal_there_is_no_colour_and_no_bar(pomona, some_images, tmp_path):
    result = pomona.ok("extract", some_images, tmp_path / "table")
    assert "\x1b" not in result.stdout + result.stderr
    assert "\r" not in result.stdout + result.stderr


def on_a_terminal(pomona, *arguments, env=None) -> str:
    """What the program shows on standard error when that is a terminal."""
    import os
    import pty

    controller, terminal = pty.openpty()
    process = pomona.start(
        *arguments, env={"TERM": "xterm-256color", **(env or {})}, stderr=terminal
    )
    os.close(terminal)
    shown = b""
    try:
        while piece := os.read(controller, 65536):
            shown += piece
    except OSError:  # how Linux reports that the other end was closed
        pass
    process.communicate()
    os.close(controller)
    assert process.returncode == 0, shown
    return shown.decode(errors="replace")


def test_a_terminal_gets_a_bar_and_no_color_is_heeded(pomona, images, tmp_path):
    colourful = on_a_terminal(pomona, "extract", images, tmp_path / "one")
    assert "\r" in colourful
    plain = on_a_terminal(pomona, "extract", images, tmp_path / "two", env={"NO_COLOR": "1"})
    assert "\x1b[3" not in plain and "\x1b[9" not in plain and "\x1b[1m" not in plain


def test_an_error_is_on_standard_error_and_says_what_to_do(pomona):
    result = pomona("extract")
    assert result.code == REFUSED
    assert result.stdout == ""
    assert result.stderr.startswith("error: ")
