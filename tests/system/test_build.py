"""What the build promises: locks with hashes, two commands, no name of a machine or a registry."""

import re
import subprocess
from importlib.metadata import packages_distributions
from pathlib import Path

import click
import pytest

from service.cli import main

REPOSITORY = Path(__file__).parents[2]
LOCKS = ["requirements.txt", "requirements-dev.txt", "service/web/package-lock.json"]
# Put together here, so that this file does not name them itself.
REGISTRIES = [
    "pypi" + ".org",
    "files.python" + "hosted",
    "registry.npm" + "js",
    "npm" + "mirror",
    "deb.debian" + ".org",
]


def committed_files() -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY, check=True, capture_output=True, text=True,
    ).stdout.split("\0")  # fmt: skip
    return [REPOSITORY / name for name in names if name and (REPOSITORY / name).is_file()]


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_registry_address(lock: str) -> None:
    text = (REPOSITORY / lock).read_text()
    assert '"resolved"' not in text
    assert not re.search(r"--(extra-)?index-url|--find-links|://[^\s\"]*\.(whl|tgz|tar\.gz)", text)


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_every_pinned_package_has_a_hash(lock: str) -> None:
    blocks = re.split(r"\n(?=\S)", (REPOSITORY / lock).read_text())
    pins = [block for block in blocks if not block.startswith("#")]
    assert pins
    assert [pin.splitlines()[0] for pin in pins if "--hash=sha256:" not in pin or "==" not in pin] == []


def test_both_locks_pin_the_same_versions() -> None:
    def pins(lock: str) -> set[str]:
        return set(re.findall(r"^[\w.\-\[\],]+==\S+", (REPOSITORY / lock).read_text(), re.MULTILINE))

    assert pins("requirements.txt") <= pins("requirements-dev.txt")


def test_every_package_that_is_imported_is_named_and_pinned() -> None:
    """What comes along as somebody else's dependency may leave with it."""
    sources = [path for path in (REPOSITORY / "service").rglob("*.py") if "node_modules" not in path.parts]
    line = re.compile(r"^[ \t]*(?:from|import) (\w+)", re.MULTILINE)
    modules = {module for path in sources for module in line.findall(path.read_text())}
    installed = packages_distributions()
    packages = {plain(each) for module in modules & installed.keys() for each in installed[module]}
    packages.discard("laurel")
    assert {"flask", "ruamel-yaml", "webargs"} <= packages
    named = {plain(each) for each in names_at_line_starts("requirements.in")}
    assert packages - named == set()
    assert named - {plain(each) for each in names_at_line_starts("requirements.txt")} == set()


def names_at_line_starts(file: str) -> list[str]:
    return re.findall(r"^[A-Za-z][\w.-]*", (REPOSITORY / file).read_text(), re.MULTILINE)


def plain(package: str) -> str:
    """As package indexes compare names."""
    return re.sub(r"[-_.]+", "-", package).lower()


def test_no_committed_file_names_a_registry_or_a_path_of_a_machine() -> None:
    forbidden = re.compile(
        "|".join([*map(re.escape, REGISTRIES), r"(?<![\w./])/work/", r"/home/\w", r"/Users/\w"])
    )
    found = []
    for path in committed_files():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        if path != Path(__file__) and (match := forbidden.search(text)):
            found.append(f"{path.relative_to(REPOSITORY)}: {match.group()}")
    assert found == []


def test_every_command_of_the_readme_exists() -> None:
    readme = (REPOSITORY / "README.md").read_text()
    blocks = "".join(re.findall(r"```(?:sh|bash|console)\n(.*?)```", readme, re.DOTALL))
    targets = set(re.findall(r"^([\w-]+):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE))
    used = set(re.findall(r"^(?:\$ )?make ([\w-]+)", blocks, re.MULTILINE))
    assert {"run", "test"} <= used
    assert used <= targets


def test_every_command_of_the_readme_is_one_of_the_command_line() -> None:
    readme = (REPOSITORY / "README.md").read_text()
    used = set(re.findall(r"(?:^|`|/)laurel ([a-z][\w-]*)", readme, re.MULTILINE))
    assert used <= set(main.list_commands(click.Context(main)))


def test_every_file_that_the_readme_links_to_exists() -> None:
    linked = re.findall(r"\]\(([^)#:]+)\)", (REPOSITORY / "README.md").read_text())
    assert "service/web/pictures/task.png" in linked
    assert [each for each in linked if not (REPOSITORY / each).is_file()] == []


def test_ci_runs_what_a_developer_runs() -> None:
    assert "make test" in (REPOSITORY / ".ci/run").read_text()
