"""The form of the notebooks, and the figures in README's table of results.

A rule takes a notebook and returns its complaints. Each is first seen to complain, on a
small notebook broken in the way the rule forbids, and to accept that notebook unbroken.
"""

import itertools
import json
import re
import statistics
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from helpers import interview
from helpers.page.side_by_side import RESULTS_MIME

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
LONG_RUNS = ROOT / "notebooks" / "stored" / "long_runs.json"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

SECTIONS = {  # name -> whether its heading carries a star
    "In the room": True,
    "Set-up": False,
    "At the whiteboard": True,
    "The trap": True,
    "Side by side": False,
    "On real data": False,
    "Look inside": False,
    "Follow-ups": True,
}
MIN_DRILLS = 4
MIN_FOLLOW_UPS = 8
MAX_BYTES = 1_000_000
MAX_SECONDS = 180
COMPARED = "nbval-check-output"

RUN_TIME = re.compile(r"about (\d+) (?:s|seconds)\b")
STUDY_TIME = re.compile(r"(\d+) (?:to|–|-) ?(\d+)? ?minutes|(\d+) minutes")
RAN = re.compile(r"Ran in (\d+) s\b")
RESULT_NAME = re.compile(r"[a-z0-9]+(_[a-z0-9]+){2,}")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
RANDOM_ID = re.compile(r"[0-9a-f]{8,}")
PATHS = re.compile(
    r"(?<![\w.~-])/(?:home|root|tmp|Users|work|usr|opt|var|private)/|\b[C-E]:[\\/]+\w"
)
# Keras' summary() draws ━ between corners; a progress bar has none.
PROGRESS = re.compile(r"\r|it/s\b|(?<![┏┳┡╇━])━|█|\bETA\b|ms/step")
CARD = re.compile(r'interview\.card\("([^"]*)"\)')

RULES = {}


def rule(function):
    RULES[function.__name__] = function
    return function


def read(path):
    """Read without repairs; note the file's name and size, which rules need."""
    text = path.read_text(encoding="utf-8")
    notebook = v4.reads(text)
    notebook.metadata.update(file=path.name, bytes=path.stat().st_size)
    return notebook


def those(complaints):
    """The complaints whose condition holds."""
    return [complaint for complaint, holds in complaints.items() if holds]


def code(cells):
    return [cell for cell in cells if cell.cell_type == "code"]


def markdown(cells):
    return [cell for cell in cells if cell.cell_type == "markdown"]


def tags(cell):
    return cell.metadata.get("tags", [])


def outputs(cells):
    return [output for cell in code(cells) for output in cell.outputs]


def texts(cells):
    """Every text that the cells' outputs show."""
    for output in outputs(cells):
        yield output.get("text", "")
        for mime, content in output.get("data", {}).items():
            if isinstance(content, str) and not mime.startswith("image/"):
                yield content


def prose_and_fences(text):
    """The lines outside fences; the fences, each as its language and its lines."""
    prose, fences, mark = [], [], None
    for line in text.splitlines():
        found = re.match(r"[\s>*+\-\d.]*(`{3,}|~{3,})([^`]*)$", line)
        if mark and found and found[1].startswith(mark) and not found[2].strip():
            mark = None
        elif mark:
            fences[-1].append(line)
        elif found:
            mark = found[1]
            fences.append([found[2].strip().lower()])
        else:
            prose.append(line)
    return prose, fences


def headings(notebook):
    """The place of the cell, the place in it, the level and the text of each heading."""
    for place, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown":
            for number, line in enumerate(prose_and_fences(cell.source)[0]):
                if found := re.match(r" {0,3}(#{1,6})\s+(.*?)\s*$", line):
                    yield place, number, len(found[1]), found[2]


def section(notebook, name):
    """The cells from a section's heading to the next section."""
    starts = [
        (place, text.replace("★", "").strip())
        for place, _, level, text in headings(notebook)
        if level == 2
    ]
    ends = [*starts, (len(notebook.cells), "")]
    for (start, found), (end, _) in itertools.pairwise(ends):
        if found == name:
            return notebook.cells[start:end]
    return []


def recorded(cells):
    """The outputs that hold a results record."""
    bundles = [output.get("data", {}) for output in outputs(cells)]
    return [bundle for bundle in bundles if RESULTS_MIME in bundle]


def seconds(bundle):
    found = RAN.search(bundle.get("text/plain", ""))
    return int(found[1]) if found else None


def far_apart(one, other):
    return max(one, other) > 2 * min(one, other)


@rule
def title(notebook):
    first = notebook.cells[0]
    titles = [text for _, _, level, text in headings(notebook) if level == 1]
    starts = first.cell_type == "markdown" and first.source.startswith("# ")
    return those(
        {
            "the first cell does not start with a title": not starts,
            "there is not exactly one title": len(titles) != 1,
            "the first cell names no run time": not RUN_TIME.search(first.source),
            "the first cell names no time to study": not STUDY_TIME.search(
                first.source
            ),
        }
    )


@rule
def sections(notebook):
    found = [entry for entry in headings(notebook) if entry[2] == 2]
    names = [text.replace("★", "").strip() for *_, text in found]
    stars = {name for name, (*_, text) in zip(names, found, strict=True) if "★" in text}
    expected = {name for name, star in SECTIONS.items() if star}
    return those(
        {
            f"the sections are {names}": names != list(SECTIONS),
            f"the stars are on {sorted(stars)}": stars != expected,
            "a section starts inside a cell": any(line for _, line, *_ in found),
        }
    )


@rule
def set_up(notebook):
    cells = code(section(notebook, "Set-up"))
    calls = any("start(seed=" in cell.source for cell in cells)
    return those(
        {
            f"Set-up has {len(cells)} code cells": len(cells) != 1,
            "Set-up does not call start(seed=...)": not calls,
        }
    )


@rule
def lengths_of_cells(notebook):
    sources = [cell.source.splitlines() for cell in code(notebook.cells)]
    lengths = [sum(bool(line.strip()) for line in lines) for lines in sources] or [0]
    long = sum(length > 20 for length in lengths)
    return those(
        {
            "half of the code cells are too long": statistics.median(lengths) > 6,
            f"{long} code cells have more than 20 lines": long > 0.1 * len(lengths),
        }
    )


@rule
def rhythm_of_cells(notebook):
    runs = itertools.groupby(notebook.cells, key=lambda cell: cell.cell_type == "code")
    longest = max((len(list(run)) for is_code, run in runs if is_code), default=0)
    empty = any(not cell.source.strip() for cell in notebook.cells)
    return those(
        {
            f"{longest} code cells stand in a row": longest > 3,
            "a cell is empty": empty,
        }
    )


@rule
def ids(notebook):
    found = [cell.get("id", "") for cell in notebook.cells]
    bad = [
        each
        for each in found
        if not SLUG.fullmatch(each) or RANDOM_ID.fullmatch(each.replace("-", ""))
    ]
    return those(
        {
            f"these ids are not readable: {bad}": bad,
            "two cells have the same id": len(set(found)) < len(found),
        }
    )


@rule
def execution_counts(notebook):
    counts = [cell.execution_count for cell in code(notebook.cells)]
    wrong = counts != list(range(1, len(counts) + 1))
    return those({f"the cells were not run once, in order: {counts}": wrong})


@rule
def clean_outputs(notebook):
    kinds = {each.output_type for each in outputs(notebook.cells)}
    streams = {each.get("name") for each in outputs(notebook.cells)}
    shown = list(texts(notebook.cells))
    everything = [*shown, *(cell.source for cell in notebook.cells)]
    return those(
        {
            "an output is an error": "error" in kinds,
            "an output is on stderr": "stderr" in streams,
            "an absolute path is named": any(map(PATHS.search, everything)),
            "a progress bar is stored": any(map(PROGRESS.search, shown)),
            "an object's address is shown": any(" at 0x" in text for text in shown),
        }
    )


@rule
def size(notebook):
    found = notebook.metadata.bytes
    return those({f"the file has {found} bytes": found > MAX_BYTES})


@rule
def metadata(notebook):
    kernel = notebook.metadata.get("kernelspec", {}).get("name")
    timed = any("execution" in cell.metadata for cell in notebook.cells)
    mimes = {mime for each in outputs(notebook.cells) for mime in each.get("data", {})}
    widgets = any("jupyter.widget" in mime for mime in mimes)
    return those(
        {
            f"the kernel is {kernel}": kernel != "python3",
            "a cell keeps its execution times": timed,
            "widgets are stored": widgets or "widgets" in notebook.metadata,
        }
    )


@rule
def no_code_that_nobody_runs(notebook):
    cells = markdown(notebook.cells)
    fences = [each for cell in cells for each in prose_and_fences(cell.source)[1]]
    python = any(re.match(r"\W*(i?python|py)", language) for language, *_ in fences)
    bare = ["\n".join(lines) for language, *lines in fences if not language]
    return those(
        {
            "Python stands in a fence": python,
            "code stands in a fence": any(
                re.search(r"\b(import|def) ", text) for text in bare
            ),
        }
    )


@rule
def no_foreign_images(notebook):
    image = re.compile(r"<img\b[^>]*\bsrc\s*=\s*[\"']?\s*(https?:)?//", re.IGNORECASE)
    foreign = any(image.search(cell.source) for cell in markdown(notebook.cells))
    return those({"an image is fetched from elsewhere": foreign})


@rule
def record(notebook):
    bundles = recorded(notebook.cells)
    if len(bundles) != 1:
        return [f"there are {len(bundles)} results records"]
    [bundle] = bundles
    last = code(section(notebook, "Follow-ups"))
    homes = [cell for cell in last if recorded([cell])]
    results = bundle[RESULTS_MIME]
    bad = [name for name in results if not RESULT_NAME.fullmatch(name)]
    systems = {name.rpartition("_")[2] for name in results}
    return those(
        {
            "the record is not in the last section": not homes,
            "the record is compared": any(COMPARED in tags(cell) for cell in homes),
            "the record has no HTML": "text/html" not in bundle,
            "the record has no plain text": "text/plain" not in bundle,
            f"these names have another form: {bad}": bad,
            "a result is not a number": any(
                isinstance(value, bool) or not isinstance(value, int | float)
                for value in results.values()
            ),
            "no result is PyTorch's": "pytorch" not in systems,
            "no result is Keras'": "keras" not in systems,
            "no result is a baseline's": not systems - {"pytorch", "keras"},
        }
    )


@rule
def run_time(notebook):
    promised = RUN_TIME.search(notebook.cells[0].source)
    bundles = recorded(notebook.cells)
    ran = seconds(bundles[0]) if bundles else None
    if ran is None or not promised:
        return ["the record or the title names no run time"]
    wrong = far_apart(ran, int(promised[1]))
    return those(
        {
            f"{promised[0]} are promised, but it ran for {ran} s": wrong,
            f"it runs for {ran} s, over {MAX_SECONDS} s": ran > MAX_SECONDS,
        }
    )


@rule
def assertion_after_training(notebook):
    cells = code(section(notebook, "On real data"))
    asserts = any(re.search(r"^\s*assert\b", cell.source, re.M) for cell in cells)
    return those({"On real data asserts nothing": not asserts})


@rule
def drills(notebook):
    number = int(notebook.metadata.file[:2])
    cells = code(section(notebook, "Follow-ups"))
    found = [(n, CARD.search(cell.source)) for n, cell in enumerate(cells)]
    cards = {card[1]: cells[n + 1 : n + 3] for n, card in found if card}
    complaints = [
        f"drill {drill_id}: {complaint}"
        for drill_id, following in cards.items()
        for complaint in drill_complaints(number, drill_id, *following)
    ]
    too_few = len(cards) < MIN_DRILLS
    return complaints + those({f"there are only {len(cards)} drills": too_few})


def drill_complaints(number, drill_id, stub=None, check=None):
    names = {drill.id: drill.solution.__name__ for drill in interview.drills(number)}
    if drill_id not in names:
        return [f"is not among those of notebook {number}"]
    if not check:
        return ["has no stub and check"]
    # The result is assigned: nbval shows a last value even where a semicolon follows.
    call = f'passed = interview.check("{drill_id}", {names[drill_id]})'
    answered = any(f"{drill_id} not attempted" in text for text in texts([check]))
    return those(
        {
            "the card's next cell is not the stub": stub.source
            != interview.stub(drill_id),
            f"the stub's next cell does not call {call}": call not in check.source,
            "the check does not answer 'not attempted'": not answered,
            "the check is not compared": COMPARED not in tags(check),
        }
    )


@rule
def compared_cells(notebook):
    cells = [cell for cell in code(notebook.cells) if COMPARED in tags(cell)]
    mimes = {mime for each in outputs(cells) for mime in each.get("data", {})}
    return those(
        {
            "no cell's output is compared": not cells,
            "an image is compared": any(mime.startswith("image/") for mime in mimes),
        }
    )


@rule
def folded_text(notebook):
    sources = [cell.source for cell in markdown(notebook.cells)]
    counts = [
        {
            text.count(tag)
            for tag in ("<details", "</details>", "<summary>", "</summary>")
        }
        for text in sources
    ]
    tight = r"</summary>(?!\s*\n[ \t]*\n)"
    return those(
        {
            "a folded block is not closed": any(len(count) > 1 for count in counts),
            "no blank line follows a summary": any(
                re.search(tight, text) for text in sources
            ),
        }
    )


@rule
def follow_ups(notebook):
    text = "\n".join(cell.source for cell in markdown(section(notebook, "Follow-ups")))
    asked = re.findall(r"<details[^>]*>\s*<summary>(.*?)</summary>", text, re.DOTALL)
    mute = [summary for summary in asked if "?" not in summary]
    return those(
        {
            f"there are only {len(asked)} follow-ups": len(asked) < MIN_FOLLOW_UPS,
            f"these follow-ups ask nothing: {mute}": mute,
        }
    )


def rows_of(readme):
    """Each row of the table of notebooks: the file and the row's cells."""
    for line in readme.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if link := re.search(r"\]\(notebooks/([^)/]+\.ipynb)\)", cells[0]):
            yield link[1], cells


def readme_complaints(readme, records, long_runs):
    """What README says that the records and the long runs do not.

    Args:
        readme: its text.
        records: file -> the output that holds the notebook's results record.
        long_runs: what `long_runs.json` holds.
    """
    rows = list(rows_of(readme))
    files = [file for file, _ in rows]
    missing = those(
        {f"{file} has not one row": files.count(file) != 1 for file in records}
    )
    unknown = those({f"{file} does not exist": file not in records for file in files})
    return [*missing, *unknown] + [
        f"{file}: {complaint}"
        for file, cells in rows
        if file in records
        for complaint in row_complaints(cells, records[file], long_runs)
    ]


def row_complaints(cells, bundle, long_runs):
    if len(cells) != 5:
        return [f"the row has {len(cells)} cells"]
    time = re.fullmatch(r"(\d+) s", cells[3])
    ran = seconds(bundle)
    wrong = not time or ran is None or far_apart(int(time[1]), ran)
    results = bundle.get(RESULTS_MIME, {})
    return those({f"time {cells[3]!r}, but it ran for {ran} s": wrong}) + [
        complaint
        for clause in cells[4].split(";")
        for complaint in clause_complaints(clause, results, long_runs)
    ]


def clause_complaints(clause, results, long_runs):
    metric, _, entries = clause.partition(":")
    metric, _, run = metric.strip().removesuffix(")").partition(" (")
    seeds = run.removeprefix("mean of ").removesuffix(" seeds").replace("one seed", "1")
    runs = [run for run in long_runs.values() if str(len(run["seeds"])) == seeds]
    sources = [means(run["figures"]) for run in runs] if seeds else [results]
    for entry in entries.split(","):
        found = re.fullmatch(r"\s*(\S.*) (-?\d+\.\d{3})\s*", entry)
        if not found:
            yield f"{clause!r} is not of the form 'metric: system 0.123, ...'"
            continue
        name = "_".join(slug(word) for word in ["test", *metric.split(), found[1]])
        values = {f"{source[name]:.3f}" for source in sources if name in source}
        if found[2] not in values:
            yield f"{name} {found[2]}, but on record: {sorted(values) or 'nothing'}"


def means(figures):
    return {
        name: figure["mean"]
        for name, figure in figures.items()
        if isinstance(figure, dict) and "mean" in figure
    }


def slug(text):
    return re.sub(r"[^a-z0-9]", "", text.lower())


def test_there_is_a_notebook():
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.parametrize("name", RULES)
def test_notebooks_keep_every_rule(name, path):
    assert RULES[name](read(path)) == []


@pytest.mark.skipif(not README.exists(), reason="there is no README yet")
def test_readme_says_what_is_on_record():
    bundles = {path.name: recorded(read(path).cells) for path in NOTEBOOKS}
    records = {name: found[0] if found else {} for name, found in bundles.items()}
    exists = LONG_RUNS.exists()
    long_runs = json.loads(LONG_RUNS.read_text(encoding="utf-8")) if exists else {}
    assert (
        readme_complaints(README.read_text(encoding="utf-8"), records, long_runs) == []
    )


# A notebook that keeps every rule.

FOLDED = "<details>\n<summary>Why {}?</summary>\n\nBecause.\n\n</details>"
RESULTS = {
    "test_accuracy_pytorch": 0.9703,
    "test_accuracy_keras": 0.9676,
    "test_accuracy_logisticregression": 0.9432,
    "test_hr10_unseen_keras": 0.25,
}
RECORD = {
    "text/html": "<table></table>",
    "text/plain": "test_accuracy_pytorch 0.970\nRan in 50 s on 2 cores.",
    RESULTS_MIME: RESULTS,
}


def _text(name, source):
    return v4.new_markdown_cell(source, id=name)


def _code(name, source, *shown, compared=False):
    metadata = {"tags": [COMPARED]} if compared else {}
    return v4.new_code_cell(source, id=name, outputs=list(shown), metadata=metadata)


def _printed(text, name="stdout"):
    return v4.new_output("stream", text=text, name=name)


def _displayed(data):
    return v4.new_output("display_data", data=data)


def _drill(number):
    drill_id, name = f"1.{number}", f"drill-1-{number}"
    solution = interview.get(drill_id).solution.__name__
    check = f'passed = interview.check("{drill_id}", {solution})'
    answer = _printed(f"{drill_id} not attempted: put your answer there.\n")
    return [
        _text(f"{name}-text", "**Next**"),
        _code(f"{name}-card", f'interview.card("{drill_id}")'),
        _code(f"{name}-stub", interview.stub(drill_id)),
        _code(f"{name}-check", check, answer, compared=True),
    ]


def good():
    cells = [
        _text("title", "# Build an RNN\n\n60 to 90 minutes; it runs in about 60 s."),
        _text("room", "## ★ In the room\n\n```text\n# ids → states\n```"),
        _text("set-up", "## Set-up"),
        _code("start", "device = runtime.start(seed=0)", _printed("torch 2.13.0\n")),
        _text("whiteboard", "## At the whiteboard ★"),
        _code("shapes", "1 + 1", _displayed({"text/plain": "2"}), compared=True),
        _text("trap", "## ★ The trap"),
        _text("sides", "## Side by side"),
        _text("data", "## On real data"),
        _code("trained", "accuracy = 0.97\nassert accuracy > 0.9"),
        _text("inside", "## Look inside"),
        _text(
            "asked", "## ★ Follow-ups\n\n" + "\n\n".join(map(FOLDED.format, "abcdefgh"))
        ),
        *(cell for number in range(1, 5) for cell in _drill(number)),
        _text("learned", "### What we learned"),
        _code("results", "side_by_side.record(results)", _displayed(dict(RECORD))),
    ]
    for count, cell in enumerate(code(cells), start=1):
        cell.execution_count = count
    kernel = {"name": "python3", "display_name": "Python 3"}
    made_up = {"kernelspec": kernel, "file": "01_good.ipynb", "bytes": 9000}
    return nbformat.from_dict(v4.new_notebook(cells=cells, metadata=made_up))


def cell_of(notebook, name):
    [found] = [cell for cell in notebook.cells if cell.id == name]
    return found


# The ways to break it; each returns a function that changes a notebook.


def edit(name, old, new):
    def change(notebook):
        cell = cell_of(notebook, name)
        assert old in cell.source
        cell.source = cell.source.replace(old, new)

    return change


def add_to(name, text):
    def change(notebook):
        cell_of(notebook, name).source += text

    return change


def drop(name):
    return lambda notebook: notebook.cells.remove(cell_of(notebook, name))


def swap(one, other):
    def change(notebook):
        first, second = cell_of(notebook, one), cell_of(notebook, other)
        places = notebook.cells.index(first), notebook.cells.index(second)
        notebook.cells[places[0]], notebook.cells[places[1]] = second, first

    return change


def insert(*cells, after="sides"):
    def change(notebook):
        place = notebook.cells.index(cell_of(notebook, after)) + 1
        notebook.cells[place:place] = nbformat.from_dict(list(cells))

    return change


def show(name, *shown):
    """Show this as well."""
    return lambda notebook: cell_of(notebook, name).outputs.extend(
        nbformat.from_dict(list(shown))
    )


def set_of(name, **values):
    return lambda notebook: cell_of(notebook, name).update(nbformat.from_dict(values))


def about(**values):
    return lambda notebook: notebook.metadata.update(nbformat.from_dict(values))


def results(**changes):
    """Change the record; None takes a part away."""
    data = {mime: part for mime, part in (RECORD | changes).items() if part is not None}
    return set_of("results", outputs=[_displayed(data)])


def results_are(*names):
    return results(**{RESULTS_MIME: dict.fromkeys(names, 0.5)})


def lines(count):
    return "\n".join(["a = 1"] * count)


FRAMEWORKS = ("test_accuracy_pytorch", "test_accuracy_keras")
IMAGE = _displayed({"image/png": "aGk=", "text/plain": "<Figure>"})
BREAKS = [
    ("title", "does not start", lambda notebook: notebook.cells.pop(0)),
    ("title", "does not start", edit("title", "# Build", "Build")),
    ("title", "does not start", set_of("title", cell_type="raw")),
    ("title", "exactly one title", add_to("sides", "\n\n# Another")),
    ("title", "run time", edit("title", "about 60 s", "about 1 h")),
    ("title", "time to study", edit("title", "minutes", "hours")),
    ("sections", "the sections are", drop("inside")),
    ("sections", "the sections are", swap("trap", "sides")),
    ("sections", "the sections are", add_to("trap", "\n\n## More")),
    ("sections", "the sections are", insert(_text("again", "## Side by side"))),
    ("sections", "stars", edit("trap", "★ ", "")),
    ("sections", "stars", edit("sides", "## ", "## ★ ")),
    ("sections", "inside a cell", edit("trap", "##", "Some text\n\n##")),
    ("set_up", "2 code cells", insert(_code("more", "1"), after="start")),
    ("set_up", "0 code cells", drop("start")),
    ("set_up", "call start", edit("start", "(seed=0)", "()")),
    (
        "lengths_of_cells",
        "half",
        insert(*(_code(f"long-{n}", lines(7)) for n in range(9))),
    ),
    (
        "lengths_of_cells",
        "2 code cells",
        insert(_code("one", lines(21)), _code("two", lines(21))),
    ),
    ("rhythm_of_cells", "4 code cells", insert(*(_code(c, "1") for c in "abcd"))),
    ("rhythm_of_cells", "empty", insert(_text("blank", " \n"))),
    ("rhythm_of_cells", "empty", insert(_code("blank", ""))),
    ("ids", "not readable", lambda notebook: cell_of(notebook, "trap").pop("id")),
    ("ids", "not readable", set_of("trap", id="3f2a9b1c")),
    ("ids", "not readable", set_of("trap", id="0b9e4c5e-94f1-4f5e-8a5e-3d2a1b0c9d8e")),
    ("ids", "not readable", set_of("trap", id="The_trap")),
    ("ids", "same id", set_of("trap", id="sides")),
    ("execution_counts", "in order", set_of("shapes", execution_count=None)),
    ("execution_counts", "in order", set_of("shapes", execution_count=7)),
    ("execution_counts", "in order", swap("shapes", "trained")),
    (
        "clean_outputs",
        "error",
        show("shapes", v4.new_output("error", ename="E", evalue="", traceback=[])),
    ),
    ("clean_outputs", "stderr", show("shapes", _printed("careful", "stderr"))),
    ("clean_outputs", "path", edit("start", "0)", "0)  # /home/me/course")),
    ("clean_outputs", "path", add_to("trap", "\n\nSee C:\\Users\\me.")),
    ("clean_outputs", "path", show("shapes", _printed("in '/tmp/x'\n"))),
    ("clean_outputs", "path", show("shapes", _displayed({"text/html": "/Users/me/"}))),
    ("clean_outputs", "path", show("shapes", _displayed({"text/plain": "/root/x"}))),
    ("clean_outputs", "path", show("shapes", _printed("file:///work/main\n"))),
    *(
        ("clean_outputs", "progress", show("shapes", _printed(text)))
        for text in ("1\r2", "9.1it/s", "━━", "█", "ETA: 1s", "3ms/step")
    ),
    ("clean_outputs", "address", show("shapes", _printed("<object at 0x7f>"))),
    ("size", "bytes", about(bytes=MAX_BYTES + 1)),
    ("metadata", "kernel", about(kernelspec={"name": "venv"})),
    ("metadata", "kernel", lambda notebook: notebook.metadata.pop("kernelspec")),
    ("metadata", "execution times", set_of("shapes", metadata={"execution": {}})),
    ("metadata", "widgets", about(widgets={})),
    (
        "metadata",
        "widgets",
        show("shapes", _displayed({"application/vnd.jupyter.widget-view+json": {}})),
    ),
    *(
        ("no_code_that_nobody_runs", "fence", add_to("trap", f"\n\n{fence}"))
        for fence in (
            "```python\n1\n```",
            "~~~ py\n1\n~~~",
            "```{.python}\n1\n```",
            "- ```Python\n  1\n  ```",
            "```\nimport torch\n```",
            "~~~~\n```\ndef f():\n~~~~",
        )
    ),
    ("no_foreign_images", "elsewhere", add_to("trap", ' <img src="https://a.org/b">')),
    ("record", "0 results", drop("results")),
    ("record", "2 results", show("shapes", _displayed(RECORD))),
    ("record", "last section", swap("results", "shapes")),
    ("record", "compared", set_of("results", metadata={"tags": [COMPARED]})),
    ("record", "no HTML", results(**{"text/html": None})),
    ("record", "no plain text", results(**{"text/plain": None})),
    ("record", "another form", results_are(*RESULTS, "accuracy")),
    ("record", "not a number", results(**{RESULTS_MIME: RESULTS | {"a_b_c": "high"}})),
    ("record", "not a number", results(**{RESULTS_MIME: RESULTS | {"a_b_c": True}})),
    ("record", "PyTorch", results_are("test_accuracy_keras", "test_accuracy_tfidf")),
    ("record", "Keras", results_are("test_accuracy_pytorch", "test_accuracy_tfidf")),
    ("record", "baseline", results_are(*FRAMEWORKS)),
    ("run_time", "names no", drop("results")),
    ("run_time", "names no", results(**{"text/plain": "Ran fast"})),
    ("run_time", "promised", results(**{"text/plain": "Ran in 29 s on"})),
    ("run_time", "promised", results(**{"text/plain": "Ran in 121 s on"})),
    ("run_time", "over 180", results(**{"text/plain": "Ran in 181 s on"})),
    ("assertion_after_training", "nothing", edit("trained", "assert", "# assert")),
    ("assertion_after_training", "nothing", swap("trained", "shapes")),
    ("drills", "only 3 drills", drop("drill-1-1-card")),
    ("drills", "those of notebook 2", about(file="02_good.ipynb")),
    ("drills", "those of notebook 1", edit("drill-1-1-card", "1.1", "1.99")),
    ("drills", "no stub and check", swap("drill-1-1-card", "results")),
    ("drills", "not the stub", edit("drill-1-1-stub", "your turn", "my turn")),
    ("drills", "not the stub", drop("drill-1-1-stub")),
    ("drills", "does not call", edit("drill-1-1-check", "last_valid", "first_valid")),
    ("drills", "does not call", edit("drill-1-1-check", "passed = ", "")),
    ("drills", "not attempted", set_of("drill-1-1-check", outputs=[])),
    ("drills", "not compared", set_of("drill-1-1-check", metadata={})),
    (
        "compared_cells",
        "no cell",
        lambda notebook: [cell.metadata.clear() for cell in notebook.cells],
    ),
    ("compared_cells", "image", show("shapes", IMAGE)),
    ("folded_text", "not closed", add_to("trap", "\n\n<details>")),
    ("folded_text", "not closed", edit("asked", "</summary>", "")),
    ("folded_text", "blank line", edit("asked", "</summary>\n", "</summary>")),
    ("follow_ups", "only 7", edit("asked", FOLDED.format("c"), "")),
    ("follow_ups", "only 7", edit("asked", "<summary>Why c?</summary>", "Why c?")),
    ("follow_ups", "ask nothing", edit("asked", "Why b?", "Because of b")),
]


def test_a_good_notebook_keeps_every_rule():
    assert {name: check(good()) for name, check in RULES.items() if check(good())} == {}


@pytest.mark.parametrize(("name", "words", "change"), BREAKS)
def test_a_broken_notebook_is_seen(name, words, change):
    notebook = good()
    change(notebook)
    assert [complaint for complaint in RULES[name](notebook) if words in complaint]


def test_every_rule_has_been_broken():
    assert {name for name, *_ in BREAKS} == set(RULES)


def test_a_notebook_is_read_as_it_stands(tmp_path):
    path = tmp_path / "01_a.ipynb"
    notebook = good()
    del cell_of(notebook, "trap")["id"]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    found = read(path)
    assert found.metadata.file == path.name
    assert found.metadata.bytes == path.stat().st_size
    assert ids(found)


@pytest.mark.parametrize(
    "innocent",
    [
        "https://example.org/home/page and data/tmp/x and ~/work/",
        "$f: \\mathbb{R} \\to [0, 1]$",
        "```bash\n# import data\npip install .\n```",
        "A [picture](figures/a.png): <img src='figures/a.png'>",
    ],
)
def test_innocent_text_is_accepted(innocent):
    notebook = good()
    add_to("trap", f"\n\n{innocent}")(notebook)
    assert [check.__name__ for check in RULES.values() if check(notebook)] == []


LINK = "[1. Build an RNN](notebooks/01_good.ipynb)"
ACCURACY = "accuracy: PyTorch 0.970, Keras 0.968, logistic regression 0.943"
LONG = "accuracy (mean of 3 seeds): Keras 0.950"
ONE = "BLEU (one seed): Keras 80.400"
MORE = f"HR@10 unseen: Keras 0.250; {ONE}; {LONG}"
ROW = f"| {LINK} | Why? | vowels | 60 s | {ACCURACY}; {MORE} |"
FIGURES = {
    "test_accuracy_keras": {"mean": 0.95012},
    "test_accuracy_pytorch": 0.95,
    "seconds": {"cpu": 9},
}
RUNS = {
    "seeds_of_1": {"figures": FIGURES, "seeds": [0, 1, 2]},
    "one": {"figures": {"test_bleu_keras": {"mean": 80.4}}, "seeds": [0]},
}


def test_a_good_readme_has_no_complaints():
    readme = f"| notebook | question |\n|---|---|\n{ROW}\n"
    assert readme_complaints(readme, {"01_good.ipynb": RECORD}, RUNS) == []


@pytest.mark.parametrize(
    ("words", "old", "new"),
    [
        ("has not one row", ROW, ""),
        ("has not one row", ROW, f"{ROW}\n{ROW}"),
        (
            "02_gone.ipynb does not exist",
            ROW,
            f"{ROW}\n| [2](notebooks/02_gone.ipynb) |",
        ),
        ("4 cells", "| Why? ", ""),
        ("6 cells", "Why?", "Why? | How?"),
        ("time '60'", "60 s", "60"),
        ("it ran for 50 s", "60 s", "101 s"),
        ("it ran for 50 s", "60 s", "24 s"),
        ("on record: ['0.970']", "0.970", "0.971"),
        ("on record: ['0.943']", "0.943", "0.942"),
        ("test_accuracy_jax", "PyTorch", "JAX"),
        ("test_loss_keras", "accuracy: PyTorch", "loss: PyTorch"),
        ("is not of the form", "0.970", "0.97"),
        ("is not of the form", f"; {LONG}", ";"),
        ("is not of the form", "accuracy: ", "accuracy "),
        ("on record: ['0.950']", "0.950", "0.951"),
        ("on record: nothing", "of 3 seeds", "of 4 seeds"),
        ("on record: nothing", "seeds): Keras", "seeds): PyTorch"),
        ("on record: nothing", "one seed", "mean of 3 seeds"),
        ("on record: nothing", "one seed", "of 1"),
        ("on record: ['80.400']", "80.400", "80.500"),
    ],
)
def test_a_wrong_readme_is_seen(words, old, new):
    assert old in ROW
    readme = ROW.replace(old, new)
    complaints = readme_complaints(readme, {"01_good.ipynb": RECORD}, RUNS)
    assert [complaint for complaint in complaints if words in complaint]


def test_a_notebook_without_a_record_has_nothing_to_say_in_readme():
    assert len(readme_complaints(ROW, {"01_good.ipynb": {}}, RUNS)) == 5
