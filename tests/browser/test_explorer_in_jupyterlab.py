"""The explorer as a reader meets it: in JupyterLab, in a real browser.

It needs Chromium or Chrome and is skipped without, unless ``RNN_COURSE_BROWSER=required``.
"""

import json
import os
import shutil
import subprocess
import sys
import time

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import expect, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
#: Seconds: at most that long for the server, for its page and kernel, for one change, for
#: the end. A safety net: each takes a few seconds on an idle machine.
_START, _LOAD, _CHANGE, _STOP = 600, 600, 300, 60
#: A reader of texts that needs no framework: the kernel starts at once.
SOURCE = """import numpy as np
from helpers.page.explorer import Explorer, Reading

def read(text):
    words = text.split()
    if "xyzzy" in words:
        raise ValueError("unknown word: 'xyzzy'")
    states = np.tanh(np.cumsum(np.random.default_rng(0).normal(size=(len(words), 6)), 0))
    return Reading(words, states, states[:, :2], (0.6, 0.2), states[:, 0], "Logit")

Explorer(read, "the cat sat on the mat", np.zeros((3, 2)), "A walk")"""
#: What the picture shows, whatever its address.
PIXELS = """image => {
    if (!image.complete || !image.naturalWidth) return "";
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    canvas.getContext("2d").drawImage(image, 0, 0);
    return canvas.toDataURL();
}"""


@pytest.fixture
def executable():
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        missing = f"needs a browser on the PATH, one of {', '.join(BROWSERS)}"
        required = os.environ.get("RNN_COURSE_BROWSER") == "required"
        (pytest.fail if required else pytest.skip)(missing)
    return found


@pytest.fixture
def lab(executable, tmp_path):
    """The address of a notebook in a JupyterLab of its own, which knows no other settings."""
    folder, runtime = tmp_path / "notebooks", tmp_path / "runtime"
    folder.mkdir()
    notebook = new_notebook(cells=[new_code_cell(SOURCE)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, folder / "explorer.ipynb")
    own = {
        "JUPYTER_RUNTIME_DIR": runtime,
        "JUPYTER_CONFIG_DIR": tmp_path / "config",
        "JUPYTER_DATA_DIR": tmp_path / "data",
        "JUPYTERLAB_SETTINGS_DIR": tmp_path / "settings",
        "JUPYTERLAB_WORKSPACES_DIR": tmp_path / "workspaces",
        "IPYTHONDIR": tmp_path / "ipython",
    }
    _no_questions(own["JUPYTERLAB_SETTINGS_DIR"])
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root"]
    command += ["--ServerApp.ip=127.0.0.1", "--IdentityProvider.token=explorer"]
    log = tmp_path / "server.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            command,
            cwd=folder,
            env=os.environ | {name: str(path) for name, path in own.items()},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        address = _address(server, runtime)
        yield f"{address}doc/tree/explorer.ipynb?token=explorer"
    finally:
        server.terminate()  # its kernels go with it
        try:
            server.wait(timeout=_STOP)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        print(log.read_text(encoding="utf-8"))  # shown where a test fails


def _no_questions(settings):
    """Keep JupyterLab from asking whether it may fetch news."""
    folder = settings / "@jupyterlab" / "apputils-extension"
    folder.mkdir(parents=True)
    answers = {"fetchNews": "false", "checkForUpdates": False}
    file = folder / "notification.jupyterlab-settings"
    file.write_text(json.dumps(answers), encoding="utf-8")


def _address(server, runtime):
    """Where the server listens: it takes the next port where its own is taken."""
    end = time.monotonic() + _START
    while time.monotonic() < end:
        for file in runtime.glob("jpserver-*.json"):
            text = file.read_text(encoding="utf-8")
            if text.endswith("}"):  # else it is being written
                return json.loads(text)["url"]
        try:
            pytest.fail(f"JupyterLab ended with exit code {server.wait(timeout=0.1)}")
        except subprocess.TimeoutExpired:
            continue
    pytest.fail(f"JupyterLab did not start within {_START} s")


@pytest.fixture
def page(lab, executable):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        try:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.set_default_timeout(1000 * _CHANGE)
            page.goto(lab, timeout=1000 * _LOAD)
            yield page
        finally:
            browser.close()


@pytest.fixture
def explorer(page):
    """The explorer after Run All Cells, with all parts that a reader handles."""
    # Earlier, JupyterLab would ask which kernel is to run the cells.
    kernel = page.locator(".jp-StatusBar-Left")
    expect(kernel).to_contain_text("Python 3 (ipykernel) | Idle", timeout=1000 * _LOAD)
    page.locator(".lm-MenuBar-item", has_text="Run").click()
    page.locator('.lm-Menu-item[data-command="runmenu:run-all"]').click()
    output = page.locator(".jp-OutputArea")
    output.locator("img").wait_for(timeout=1000 * _LOAD)
    return Parts(output)


class Parts:
    """What a reader sees and handles."""

    def __init__(self, output):
        self.output = output
        self.picture = output.locator("img")
        self.slider = output.get_by_role("slider")
        self.units = output.locator("select")
        self.text = output.locator("input[type=text]")
        self.message = output.get_by_role("alert")

    def pixels(self):
        return self.picture.evaluate(PIXELS)

    def changed(self, before):
        """Wait until the picture is another; return it."""
        self.picture.page.wait_for_function(
            f"([image, before]) => ![before, ''].includes(({PIXELS})(image))",
            arg=[self.picture.element_handle(), before],
        )
        return self.pixels()

    def type(self, sentence):
        self.text.fill(sentence)
        self.text.press("Enter")


def test_what_a_reader_changes_changes_the_picture(explorer):
    first = explorer.changed("")
    _stands_whole(explorer)
    expect(explorer.slider).to_have_attribute("aria-valuemax", "5.0")
    expect(explorer.slider).to_have_attribute("aria-valuenow", "5.0")

    explorer.slider.press("ArrowLeft")
    earlier = explorer.changed(first)
    expect(explorer.slider).to_have_attribute("aria-valuenow", "4.0")
    explorer.slider.press("ArrowRight")
    assert explorer.changed(earlier) == first

    explorer.units.select_option(label="unit 3")
    one_unit = explorer.changed(first)

    explorer.type("a dog ran")
    shorter = explorer.changed(one_unit)
    expect(explorer.slider).to_have_attribute("aria-valuemax", "2.0")
    expect(explorer.slider).to_have_attribute("aria-valuenow", "2.0")
    expect(explorer.units.locator("option:checked")).to_have_text(["unit 3"])

    expect(explorer.message).to_have_count(0)
    explorer.type("the xyzzy sat on the mat")
    expect(explorer.message).to_be_visible()
    expect(explorer.message).to_contain_text("unknown word: 'xyzzy'")
    assert explorer.pixels() == shorter

    explorer.type("the cat sat on the mat")
    longer = explorer.changed(shorter)
    expect(explorer.message).to_have_count(0)
    expect(explorer.slider).to_have_attribute("aria-valuemax", "5.0")
    assert longer == one_unit


def _stands_whole(explorer):
    """Nothing is cut in a window of 1,280 pixels, and the picture is not scaled."""
    width = explorer.picture.evaluate("image => image.getBoundingClientRect().width")
    assert width == explorer.picture.evaluate("image => image.naturalWidth")
    room = explorer.output.bounding_box()
    for part in (explorer.picture, explorer.slider, explorer.units, explorer.text):
        place = part.bounding_box()
        assert place["x"] >= room["x"]
        assert place["x"] + place["width"] <= room["x"] + room["width"]
    assert not explorer.output.evaluate("area => area.scrollWidth > area.clientWidth")
