"""The house: which folder of ``helpers`` may import from which, and no circle anywhere."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

HELPERS = Path(__file__).parents[1] / "helpers"
#: From the ground up: each imports only from those before it, and none on its own floor.
FLOORS = (
    ("runtime",),
    ("arguments",),
    ("schedules",),
    ("data",),
    ("scratch",),
    ("metrics", "baselines", "decoding"),
    ("pytorch", "keras"),
    ("parity",),
    ("dynamics",),
    ("plotting",),
    ("page",),
    ("long_runs",),
    ("interview",),
    ("drills",),
)
FLOOR = {name: number for number, floor in enumerate(FLOORS) for name in floor}
MODULES = {
    ".".join(("helpers", *path.relative_to(HELPERS).with_suffix("").parts)): path
    for path in HELPERS.rglob("*.py")
}


def imported(path):
    """The modules of ``helpers`` that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            if name.split(".")[0] == "helpers":
                found.add(module_of(name))
    return found - {"helpers.__init__"}


def module_of(name):
    """The file behind a dotted name: a module, a package, or what a package holds."""
    while name not in MODULES:
        if f"{name}.__init__" in MODULES:
            return f"{name}.__init__"
        name = name.rpartition(".")[0]
    return name


def part_of(module):
    return module.split(".")[1]


@pytest.fixture(scope="module")
def imports():
    """Module -> the modules of ``helpers`` that it imports."""
    return {module: imported(path) - {module} for module, path in MODULES.items()}


def test_every_part_has_its_floor():
    parts = {part_of(module) for module in MODULES} - {"__init__"}
    assert parts == set(FLOOR)


def test_imports_come_from_below(imports):
    upwards = [
        f"{module} imports {other}"
        for module, others in imports.items()
        for other in others
        if part_of(other) != part_of(module)
        and (
            part_of(module) == "__init__"
            or FLOOR[part_of(other)] >= FLOOR[part_of(module)]
        )
    ]
    assert upwards == []


def test_no_module_imports_itself_by_way_of_others(imports):
    assert set(TopologicalSorter(imports).static_order()) == set(MODULES)


def test_nothing_looks_at_a_notebook_but_what_stores_one():
    texts = {
        module: path.read_text(encoding="utf-8") for module, path in MODULES.items()
    }
    assert [m for m, text in texts.items() if "import nbformat" in text] == [
        "helpers.page.store_notebook"
    ]
