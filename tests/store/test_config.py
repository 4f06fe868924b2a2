"""Settings: the environment over the file over the defaults, and a fault that says where it stands."""

from pathlib import Path

import pytest

from service.config import Config, ConfigInvalid


def load(folder: Path, **environ: str) -> Config:
    return Config.load({"LAUREL_DATA": str(folder), **environ})


def test_without_any_setting_it_runs_on_sqlite_in_the_data_folder(tmp_path: Path) -> None:
    config = load(tmp_path)
    assert config.database_url == f"sqlite:///{tmp_path}/laurel.sqlite"
    assert (config.base_url, config.uploads) == ("http://127.0.0.1:8000", tmp_path / "attachments")


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    (tmp_path / "laurel.toml").write_text('port = 9000\nhost = "0.0.0.0"\ndemo = true\n', encoding="utf-8")
    config = load(tmp_path, LAUREL_PORT="9100")
    assert (config.port, config.host, config.demo) == (9100, "0.0.0.0", True)


def test_no_variable_makes_a_demo_of_real_data(tmp_path: Path) -> None:
    (tmp_path / "laurel.toml").write_text("demo = false\n", encoding="utf-8")
    assert not load(tmp_path, LAUREL_DEMO="1").demo


def test_the_secret_key_is_not_shown(tmp_path: Path) -> None:
    assert "tell-nobody" not in repr(load(tmp_path, SECRET_KEY="tell-nobody"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("prot = 9000", "没有 prot 这项设置"),
        ('port = "9000"', "port 应为整数"),
        ("port = ", "无法读取"),
        ("port = 0", "1 到 65535"),
        ("workers = 2", "SQLite 只能用 1 个进程"),
        ("trusted_proxies = 11", "0 到 10"),
    ],
)
def test_a_fault_in_the_file_is_named(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "laurel.toml").write_text(content, encoding="utf-8")
    with pytest.raises(ConfigInvalid, match=message):
        load(tmp_path)


@pytest.mark.parametrize(("variable", "value"), [("LAUREL_PORT", "eighty"), ("LAUREL_LOG_JSON", "maybe")])
def test_a_fault_in_the_environment_is_named(tmp_path: Path, variable: str, value: str) -> None:
    with pytest.raises(ConfigInvalid, match=variable):
        load(tmp_path, **{variable: value})
