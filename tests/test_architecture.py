"""What the code promises of its own shape, read from its syntax trees."""

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROOMS = (
    "channels", "classifier", "config", "desk", "gateway", "normalizer", "outbox", "partners", "records", "storage",
    "web",
)  # fmt: skip
ABOVE = {"worker", "faultgate", "gateway", "sample", "bench", "tests"}
LONGEST_FILE, LONGEST_FUNCTION = 400, 60  # lines
#: What may end a conversation without a word: its other side has left.
EXPECTED = {"CLIENT_GONE"}
FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef


def tracked() -> list[Path]:
    """List every Python file that the repository holds."""
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).exists()]


FILES = tracked()
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}
OURS = {path: tree for path, tree in TREES.items() if path.relative_to(ROOT).parts[0] not in {"tests", "bench"}}


def in_rooms(*rooms: str) -> Iterator[tuple[str, ast.AST]]:
    """Give every node of these rooms with its place."""
    for path, tree in OURS.items():
        if path.relative_to(ROOT).parts[0] in rooms:
            for node in ast.walk(tree):
                yield f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}", node


def imported(node: ast.AST) -> set[str]:
    """Name the top packages that a statement imports."""
    if isinstance(node, ast.Import):
        return {alias.name.partition(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom) and not node.level:
        return {(node.module or "").partition(".")[0]}
    return set()


def dotted(node: ast.AST) -> str:
    return ast.unparse(node) if isinstance(node, ast.Attribute | ast.Name) else ""


def test_rooms_are_a_star() -> None:
    centre = {"records": {"records"}, "web": {"web"}, "config": {"records", "config"}}
    for room in ROOMS:
        if room == "gateway":
            continue
        allowed = centre.get(room, {"records", "config", "web", room})
        if room in ("desk", "partners"):
            allowed = {*allowed, "storage"}
        for place, node in in_rooms(room):
            wrong = imported(node) & ({*ROOMS, *ABOVE} - allowed)
            assert not wrong, f"{place} imports {wrong}"


def test_nothing_above_the_rooms_is_imported_by_them() -> None:
    for place, node in in_rooms(*ROOMS):
        allowed = {"worker", "gateway"} if place.startswith("gateway/") else set()
        assert not imported(node) & (ABOVE - allowed), place


def test_only_config_reads_the_environment() -> None:
    for place, node in in_rooms(*(room for room in ROOMS if room != "config"), "worker.py", "faultgate.py", "sample"):
        assert dotted(node) not in {"os.environ", "os.getenv", "os.environb", "environ", "getenv"}, place


def test_what_decides_has_no_clock() -> None:
    clocks = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns"}
    for place, node in in_rooms("normalizer", "classifier", "outbox", "storage", "records"):
        assert dotted(node) not in clocks, place


def sql(node: ast.AST) -> bool:
    words = ("SELECT ", "INSERT INTO", "UPDATE ", "DELETE FROM", "CREATE TABLE", "ALTER TABLE", "PRAGMA ")
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.strip().startswith(words)


def test_only_storage_speaks_sql() -> None:
    others = (room for room in ROOMS if room != "storage")
    for place, node in in_rooms(*others, "worker.py", "faultgate.py", "sample"):
        assert not sql(node), place
        assert not imported(node) & {"sqlite3", "psycopg", "sqlalchemy", "alembic"}, place
    assert any(sql(node) for _, node in in_rooms("storage"))  # the look itself works


def test_only_the_bells_know_the_broker_s_library() -> None:
    for place, node in in_rooms(*ROOMS, "worker.py", "faultgate.py"):
        if not place.startswith("gateway/bells.py"):
            assert not imported(node) & {"dramatiq", "pika"}, place


def test_files_and_functions_are_short() -> None:
    for path, tree in TREES.items():
        assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE, path
        for node in ast.walk(tree):
            if isinstance(node, FUNCTIONS):
                assert (node.end_lineno or 0) - node.lineno < LONGEST_FUNCTION, f"{path}: {node.name}"


def test_no_error_is_swallowed_without_a_word() -> None:
    for place, node in in_rooms(*ROOMS, "worker.py", "faultgate.py", "sample"):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, place
            nothing = all(isinstance(one, ast.Pass) for one in node.body)
            assert not nothing or ast.unparse(node.type) in EXPECTED, place


def test_nothing_is_left_for_later() -> None:
    for path in OURS:
        text = path.read_text(encoding="utf-8")
        assert not {word for word in ("TO" + "DO", "FIX" + "ME", "XX" + "X ") if word in text}, path


def test_every_module_and_public_function_says_what_it_is() -> None:
    for path, tree in OURS.items():
        text = path.read_text(encoding="utf-8")
        assert not text.strip() or ast.get_docstring(tree), path
        for node in tree.body:
            if isinstance(node, FUNCTIONS | ast.ClassDef) and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{path}: {node.name}"


def test_no_installed_package_owns_a_room_s_name() -> None:
    owners = packages_distributions()
    for room in (*ROOMS, "faultgate", "worker"):
        assert set(owners.get(room, [])) <= {"faultgate"}, room


def test_the_wheel_holds_every_room() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    held = set(settings["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"])
    assert held == {*ROOMS, "faultgate.py", "worker.py"}
    linted = settings["tool"]["importlinter"]["root_packages"]
    assert set(linted) == set(ROOMS)
