"""Settings: what wins, what is refused, what is never shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from agq.config import ABOUT, Environment, Settings, changed, load, setting_names
from agq.errors import Exit, UnknownName, UsageError

EnvironmentWith = Callable[..., Environment]


@pytest.fixture
def environment(tmp_path: Path) -> EnvironmentWith:
    """A folder of a project under a home of its own."""
    folder = tmp_path / "home" / "project" / "deep"
    folder.mkdir(parents=True)
    home = {"HOME": str(tmp_path / "home")}
    return lambda **environ: Environment(folder, home | environ)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_options_before_environment_before_project_before_user_before_default(
    environment: EnvironmentWith,
) -> None:
    here = environment(AGQ_TOP_K="5")
    write(here.user_file, "top_k: 3\nmodel: small\nsearch_k: 33\n")
    write(here.folder.parent / "agq.yaml", "top_k: 4\nmodel: large\n")
    settings = load(here, {"top_k": 6})
    assert (settings.top_k, settings.model, settings.search_k, settings.timeout) == (6, "large", 33, 120.0)
    assert load(here).top_k == 5
    assert settings.origin("top_k") == "option --top-k"
    assert load(here).origin("top_k") == "AGQ_TOP_K"
    assert settings.origin("model") == str(here.folder.parent / "agq.yaml")
    assert settings.origin("search_k") == str(here.user_file)
    assert settings.origin("timeout") == "default"


def test_the_nearest_agq_yaml_is_the_one_that_counts(environment: EnvironmentWith) -> None:
    here = environment()
    write(here.folder / "agq.yaml", "model: near\n")
    write(here.folder.parent / "agq.yaml", "model: far\ntop_k: 3\n")
    assert (load(here).model, load(here).top_k) == ("near", 8)


def test_openai_variables_are_honoured_and_agq_ones_win(environment: EnvironmentWith) -> None:
    shared = {"OPENAI_API_KEY": "sk-shared-key", "OPENAI_BASE_URL": "https://one.example/v1"}
    settings = load(environment(**shared))
    assert (settings.api_key, settings.base_url) == ("sk-shared-key", "https://one.example/v1")
    own = load(environment(**shared, AGQ_API_KEY="sk-own-key", AGQ_BASE_URL="https://two.example/v1"))
    assert (own.api_key, own.base_url) == ("sk-own-key", "https://two.example/v1")


def test_the_key_may_stand_in_a_variable_of_another_name(environment: EnvironmentWith) -> None:
    here = environment(MISTRAL_API_KEY="sk-mistral", OPENAI_API_KEY="sk-openai")
    write(here.user_file, "key_variable: MISTRAL_API_KEY\n")
    assert load(here).api_key == "sk-mistral"
    assert load(here).origin("api_key") == "MISTRAL_API_KEY"


@pytest.mark.parametrize("line", ["key_variable: AWS_SECRET", "pager: curl https://evil.example"])
def test_a_project_may_not_choose_the_key_or_run_a_program(environment: EnvironmentWith, line: str) -> None:
    here = environment()
    write(here.folder / "agq.yaml", f"{line}\n")
    with pytest.raises(UsageError, match="which a project"):
        load(here)


def test_a_server_that_only_a_project_names_gets_no_key(environment: EnvironmentWith) -> None:
    here = environment(OPENAI_API_KEY="sk-openai", AGQ_API_KEY="sk-own")
    write(here.folder / "agq.yaml", "base_url: https://evil.example/v1\nmodel: m\n")
    settings = load(here)
    assert (settings.base_url, settings.api_key) == ("https://evil.example/v1", "")
    assert "https://evil.example/v1" in settings.withheld
    assert load(here, {"base_url": "https://evil.example/v1"}).api_key == "sk-own"
    write(here.folder / "agq.yaml", "base_url: http://localhost:8000/v1\n")
    assert (load(here).api_key, load(here).withheld) == ("sk-own", "")


@pytest.mark.parametrize(
    ("model", "key"),
    [("anthropic/opus", "sk-ant"), ("openai/gpt", "sk-openai"), ("gpt", "sk-openai"), ("ollama/qwen3", "")],
)
def test_no_server_gets_the_key_of_another(environment: EnvironmentWith, model: str, key: str) -> None:
    here = environment(OPENAI_API_KEY="sk-openai", ANTHROPIC_API_KEY="sk-ant")
    assert load(here, {"model": model}).api_key == key


def test_a_key_alone_names_no_model(environment: EnvironmentWith) -> None:
    assert load(environment(OPENAI_API_KEY="sk-1234567")).model == ""


def test_the_key_is_in_no_repr_and_in_no_message(environment: EnvironmentWith) -> None:
    here = environment(OPENAI_API_KEY="sk-very-secret", MY_API_KEY="another-secret")
    assert "secret" not in repr(load(here)) + repr(here)
    assert here.redacted("401: sk-very-secret, another-secret") == "401: (key), (key)"


def test_a_key_in_a_file_is_refused(environment: EnvironmentWith) -> None:
    here = environment()
    write(here.folder / "agq.yaml", "api_key: sk-1234567\n")
    with pytest.raises(UsageError) as refused:
        load(here)
    assert "sk-1234567" not in refused.value.message + refused.value.hint
    assert "OPENAI_API_KEY" in refused.value.hint


@pytest.mark.parametrize("where", ["file", "environment"])
def test_an_unknown_setting_is_refused_with_the_nearest_one(environment: EnvironmentWith, where: str) -> None:
    here = environment(AGQ_MODLE="x") if where == "environment" else environment()
    if where == "file":
        write(here.folder / "agq.yaml", "modle: x\n")
    with pytest.raises(UnknownName) as refused:
        load(here)
    assert refused.value.code == Exit.USAGE
    assert ("AGQ_MODEL?" if where == "environment" else "model?") in refused.value.message


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("top_k: many", "whole number from 1"),
        ("top_k: 0", "whole number from 1"),
        ("timeout: -1", "above 0"),
        ("timeout: nan", "above 0"),
        ("history: perhaps", "true or false"),
        ("temperature: 3", "from 0 to 2"),
        ("cite_style: chicago", "id, pandoc"),
        ("- model", "no settings"),
        ("model: [unclosed", "YAML"),
    ],
)
def test_a_wrong_value_is_refused_and_told(environment: EnvironmentWith, line: str, says: str) -> None:
    here = environment()
    write(here.folder / "agq.yaml", line + "\n")
    with pytest.raises(UsageError, match=says):
        load(here)


def test_an_empty_settings_file_and_an_empty_variable_change_nothing(environment: EnvironmentWith) -> None:
    here = environment(AGQ_MODEL="")
    write(here.folder / "agq.yaml", "# nothing yet\n")
    assert load(here) == load(environment())


def test_the_default_index_is_the_nearest_one_upwards(environment: EnvironmentWith) -> None:
    here = environment()
    (here.folder.parent / ".agq").mkdir()
    (here.folder / "corpus").mkdir()
    assert load(here).index == here.folder.parent / ".agq"
    assert load(here).index_is_default


def test_beside_a_corpus_the_default_index_is_there(environment: EnvironmentWith) -> None:
    here = environment()
    (here.folder / "corpus").mkdir()
    assert load(here).index == here.folder / ".agq"


def test_elsewhere_the_default_index_is_the_users_own(environment: EnvironmentWith, tmp_path: Path) -> None:
    assert load(environment()).index == tmp_path / "home" / ".local" / "share" / "agq"
    assert load(environment(XDG_DATA_HOME=str(tmp_path / "data"))).index == tmp_path / "data" / "agq"
    assert load(environment(XDG_DATA_HOME="relative")).index == tmp_path / "home" / ".local" / "share" / "agq"


def test_paths_are_relative_to_where_they_are_written(environment: EnvironmentWith, tmp_path: Path) -> None:
    here = environment()
    write(here.folder.parent / "agq.yaml", "index: papers\n")
    assert load(here).index == here.folder.parent / "papers"
    assert load(here, {"index": "papers"}).index == here.folder / "papers"
    assert load(environment(AGQ_INDEX="~/mine")).index == tmp_path / "home" / "mine"
    assert not load(here).index_is_default


def test_every_setting_is_described() -> None:
    assert list(ABOUT) == list(setting_names())
    assert set(setting_names()) < set(Settings.__dataclass_fields__)


def test_a_setting_is_changed_where_it_stands_and_added_where_it_does_not() -> None:
    text = "# mine\nmodel: old # it was\ntop_k: 3\n"
    assert changed(text, "model", "ollama/qwen3:8b") == "# mine\nmodel: ollama/qwen3:8b\ntop_k: 3\n"
    assert changed(text, "history", "no") == f"{text}history: false\n"
    assert changed("", "model", "yes: it # is") == "model: 'yes: it # is'\n"


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("modle", "x", "did you mean model"),
        ("top_k", "many", "should be a whole number"),
        ("api_key", "sk-1234567", "keys do not belong in files"),
        ("exclude", "a", "more than one line"),
    ],
)
def test_what_no_file_may_hold_is_not_written(name: str, value: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        changed("", name, value)
