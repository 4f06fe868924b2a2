"""The folder of an edition: its own processes and forms, and the shared processes that it pins."""

import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from service.domain import articles, forms
from service.domain.articles import Account
from service.domain.editions.documents import Document, read
from service.domain.errors import NotFound
from service.domain.forms import Definition
from service.engine.lint.findings import Finding
from service.engine.packages import Package

NAME = re.compile(r"[a-z][a-z0-9_]*/[a-z0-9][a-z0-9_.-]*")
SHARED = re.compile(r"processes/shared/[a-z][a-z0-9_]*\.(bpmn|dmn)|forms/shared/[a-z][a-z0-9_]*\.yaml")


class FolderMissing(NotFound):
    """没有找到办法的文件夹 {folder}，或其中没有 edition.yaml。"""


@dataclass(frozen=True)
class EditionFolder:
    """The files of an edition by their path below the project's root: read, not yet judged."""

    name: str
    """Programme and edition: `miit_industry/2018`."""
    files: dict[str, bytes]

    @classmethod
    def read(cls, root: Path, name: str) -> "EditionFolder":
        """Everything below processes/<name> and forms/<name>, and what edition.yaml shares; FolderMissing."""
        root = root.resolve()
        main = root / "processes" / name / "edition.yaml"
        if not NAME.fullmatch(name) or not main.is_file():
            raise FolderMissing(folder=f"processes/{name}")
        own = [*_files(root / "processes" / name), *_files(root / "forms" / name)]
        files = {file.relative_to(root).as_posix(): file.read_bytes() for file in own}
        folder = cls(name, files)
        for path in folder.document.shared:
            if SHARED.fullmatch(path) and (root / path).is_file():
                files[path] = (root / path).read_bytes()
        return folder

    @property
    def main(self) -> str:
        """The path of edition.yaml."""
        return f"processes/{self.name}/edition.yaml"

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all files, shared ones too: the id of the edition."""
        digests = (f"{hashlib.sha256(self.files[path]).hexdigest()}  {path}\n" for path in sorted(self.files))
        return hashlib.sha256("".join(digests).encode()).hexdigest()

    @property
    def document(self) -> Document:
        """What edition.yaml says, as far as it can be read."""
        return self._read[0]

    @property
    def document_findings(self) -> list[Finding]:
        """What is wrong with edition.yaml."""
        return self._read[1]

    @cached_property
    def _read(self) -> tuple[Document, list[Finding]]:
        return read(self.files.get(self.main, b"").decode("utf-8-sig", "replace"), self.main)

    @property
    def package(self) -> Package:
        """What the engine checks and deploys."""
        return Package(
            bpmn={path: content for path, content in self.files.items() if path.endswith(".bpmn")},
            dmn={path: content for path, content in self.files.items() if path.endswith(".dmn")},
            parameters=self.document.parameters,
            lanes=self.document.lanes,
        )

    @property
    def account(self) -> Account:
        """What carries out each article of the document. XmlRefused where a drawing cannot be read."""
        source = articles.Source(
            main=self.main,
            content=self.document.content,
            articles=self.document.articles,
            files={path: self.files[path] for path in (*self.package.bpmn, *self.package.dmn)},
            forms=self.forms,
        )
        return articles.account(source)

    @property
    def forms(self) -> dict[str, Definition]:
        """Path → definition of every form that can be read."""
        found = {}
        for key in self.document.forms:
            path, marks = self.form_path(key), self.document.shared_articles
            text = self.files.get(path, b"").decode("utf-8-sig", "replace")
            if not forms.check(text, key=key, file=path, marks=marks):
                found[path] = forms.parse(text, key=key, file=path, marks=marks)
        return found

    def form_path(self, form_key: str) -> str:
        """Where its definition lies: among those that editions share, if edition.yaml says so, or its own."""
        return form_path(self.name, form_key, self.document.shared)


def form_path(name: str, form_key: str, shared: Collection[str]) -> str:
    """The path of a form of the edition `name`, which shares the files of `shared` with others."""
    common = f"forms/shared/{form_key}.yaml"
    return common if common in shared else f"forms/{name}/{form_key}.yaml"


def _files(folder: Path) -> Iterator[Path]:
    """The files of a folder and below it, but for hidden ones and links that lead out of it."""
    for file in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
        if file.is_file() and not file.is_symlink() and not hidden:
            yield file
