"""Settings: defaults that run at once, then `laurel.toml` in the data folder, then the environment."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self

DATA_FOLDER = "LAUREL_DATA"
DEFAULT_DATA_FOLDER = "var"
FILE_NAME = "laurel.toml"
MEBIBYTE = 1024 * 1024
MOST_PROXIES = 10

_ENVIRONMENT = {
    "DATABASE_URL": "database_url",
    "SECRET_KEY": "secret_key",
    "LAUREL_HOST": "host",
    "LAUREL_PORT": "port",
    "LAUREL_BASE_URL": "base_url",
    "LAUREL_WORKERS": "workers",
    "LAUREL_TRUSTED_PROXIES": "trusted_proxies",
    "LAUREL_LOG_JSON": "log_json",
    "LAUREL_ATTACHMENT_BYTES": "attachment_bytes",
    "LAUREL_REQUEST_BYTES": "request_bytes",
}


class ConfigInvalid(Exception):
    """A setting that cannot be used; the message says which, where it stands and what it should be."""


@dataclass(frozen=True)
class Config:
    """All settings. Build one for a test by naming what differs; `load` is for the programs."""

    data_folder: Path = Path(DEFAULT_DATA_FOLDER)
    database_url: str = ""
    """SQLAlchemy's URL. Empty: SQLite in the data folder."""
    secret_key: str = field(default="", repr=False)
    """Signs what is handed to browsers. `laurel init` writes a random one."""
    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = ""
    """The address that people use, as in links of mails; empty: http://host:port."""
    workers: int = 1
    """Server processes; more than one only on PostgreSQL."""
    trusted_proxies: int = 0
    """How many reverse proxies stand before the service, each of which appends to X-Forwarded-For and -Proto.

    With too large a number anybody could give himself any address; 0 believes no such header.
    """
    demo: bool = False
    """Demo accounts are shown on the sign-in page and the clock may be moved. Only `laurel init --demo` sets
    it, in the file: no variable turns somebody's real data into a demo."""
    log_json: bool = False
    attachment_bytes: int = 20 * MEBIBYTE
    request_bytes: int = 32 * MEBIBYTE

    def __post_init__(self) -> None:
        if not self.database_url:
            path = (self.data_folder / "laurel.sqlite").absolute()
            object.__setattr__(self, "database_url", f"sqlite:///{path}")
        if not self.base_url:
            object.__setattr__(self, "base_url", f"http://{self.host}:{self.port}")
        if not 0 < self.port < 65536:
            raise ConfigInvalid(f"设置 port 应为 1 到 65535 的整数，现为 {self.port}。")
        if not 0 <= self.trusted_proxies <= MOST_PROXIES:
            raise ConfigInvalid(
                f"设置 trusted_proxies 应为 0 到 {MOST_PROXIES} 的整数，现为 {self.trusted_proxies}。"
            )
        if self.workers < 1 or (self.workers > 1 and self.is_sqlite):
            raise ConfigInvalid(
                f"设置 workers 现为 {self.workers}：SQLite 只能用 1 个进程，多进程请用 PostgreSQL。"
            )

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def file(self) -> Path:
        """Where `laurel init` writes its settings."""
        return self.data_folder / FILE_NAME

    @property
    def uploads(self) -> Path:
        """Where attachments lie, named by their hash."""
        return self.data_folder / "attachments"

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Defaults, overlaid by the data folder's file, overlaid by the environment; ConfigInvalid."""
        environ = os.environ if environ is None else environ
        folder = Path(environ.get(DATA_FOLDER, DEFAULT_DATA_FOLDER))
        path = folder / FILE_NAME
        settings: dict[str, Any] = {}
        if path.is_file():
            try:
                content = tomllib.loads(path.read_text(encoding="utf-8"))
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                raise ConfigInvalid(f"设置文件 {path} 无法读取：{error}") from error
            for name, value in content.items():
                settings[name] = _checked(name, value, f"文件 {path}")
        for variable, name in _ENVIRONMENT.items():
            if text := environ.get(variable):
                settings[name] = _from_text(name, text, variable)
        return cls(data_folder=folder, **settings)


_TYPES: dict[str, type] = {
    item.name: type(item.default) for item in fields(Config) if item.name != "data_folder"
}
_KINDS = {str: "文字（加引号）", int: "整数", bool: " true 或 false"}
_TRUTH = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


def _checked(name: str, value: Any, where: str) -> Any:
    if name not in _TYPES:
        raise ConfigInvalid(f"{where} 里没有 {name} 这项设置。可用的有：{'、'.join(_TYPES)}。")
    if type(value) is not _TYPES[name]:
        raise ConfigInvalid(f"{where} 里的 {name} 应为{_KINDS[_TYPES[name]]}，现为 {value!r}。")
    return value


def _from_text(name: str, text: str, variable: str) -> Any:
    try:
        if _TYPES[name] is bool:
            return _TRUTH[text.lower()]
        return _TYPES[name](text)
    except (KeyError, ValueError) as error:
        raise ConfigInvalid(f"环境变量 {variable} 应为{_KINDS[_TYPES[name]]}，现为 {text!r}。") from error
