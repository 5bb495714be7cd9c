"""Settings: what wins, what is refused, what is never shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from agq.config import ABOUT, Environment, changed, default, load, setting_names
from agq.errors import Exit, UnknownName, UsageError
from agq.redaction import public_address

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
    assert (settings.top_k, settings.search_k) == (6, 33)
    assert (settings.chat.model, settings.chat.timeout) == ("large", 120.0)
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
    assert (load(here).chat.model, load(here).top_k) == ("near", 8)


def test_openai_variables_are_honoured_and_agq_ones_win(environment: EnvironmentWith) -> None:
    shared = {"OPENAI_API_KEY": "sk-shared-key", "OPENAI_BASE_URL": "https://one.example/v1"}
    settings = load(environment(**shared))
    assert (settings.chat.api_key, settings.chat.base_url) == ("sk-shared-key", "https://one.example/v1")
    own = load(environment(**shared, AGQ_API_KEY="sk-own-key", AGQ_BASE_URL="https://two.example/v1"))
    assert (own.chat.api_key, own.chat.base_url) == ("sk-own-key", "https://two.example/v1")


def test_the_key_may_stand_in_a_variable_of_another_name(environment: EnvironmentWith) -> None:
    here = environment(MISTRAL_API_KEY="sk-mistral", OPENAI_API_KEY="sk-openai")
    write(here.user_file, "key_variable: MISTRAL_API_KEY\n")
    assert load(here).chat.api_key == "sk-mistral"
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
    assert (settings.chat.base_url, settings.chat.api_key) == ("https://evil.example/v1", "")
    assert "https://evil.example/v1" in settings.withheld
    assert load(here, {"base_url": "https://evil.example/v1"}).chat.api_key == "sk-own"
    write(here.folder / "agq.yaml", "base_url: http://localhost:8000/v1\n")
    assert (load(here).chat.api_key, load(here).withheld) == ("sk-own", "")


@pytest.mark.parametrize(
    ("model", "key"),
    [("anthropic/opus", "sk-ant"), ("openai/gpt", "sk-openai"), ("gpt", "sk-openai"), ("ollama/qwen3", "")],
)
def test_no_server_gets_the_key_of_another(environment: EnvironmentWith, model: str, key: str) -> None:
    here = environment(OPENAI_API_KEY="sk-openai", ANTHROPIC_API_KEY="sk-ant")
    assert load(here, {"model": model}).chat.api_key == key


def test_a_key_alone_names_no_model(environment: EnvironmentWith) -> None:
    assert load(environment(OPENAI_API_KEY="sk-1234567")).chat.model == ""


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
    assert len(set(setting_names())) == len(setting_names())


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


# --- one by one ---

DEFAULTS = {
    "model": "", "base_url": "", "api_key": "", "key_variable": "", "timeout": 120.0, "retries": 2,
    "temperature": 0.2, "max_tokens": 0, "prompt": "", "context_tokens": 0, "top_k": 8, "search_k": 20,
    "format": "", "cite_style": "id", "columns": "", "embedder": "", "exclude": (), "fields": {},
    "history": True, "brief": False, "sources": True, "follow_ups": True, "caution": True, "judge": True,
    "strict": False, "pager": "", "contact": "", "quiet": False, "verbose": False,
}  # fmt: skip


def test_what_holds_where_nobody_says_anything(environment: EnvironmentWith) -> None:
    settings = load(environment())
    assert {name: settings.value(name) for name in setting_names() if name != "index"} == DEFAULTS
    assert {name: default(name) for name in DEFAULTS} == DEFAULTS
    assert setting_names()[0] == "index"
    assert not {"origins", "chat"} & set(setting_names())
    assert {settings.origin(name) for name in DEFAULTS} == {"default"}
    assert settings.origin("index") == "default: the user's own"
    assert settings.index_is_default
    assert settings.withheld == ""


@pytest.mark.parametrize(
    ("name", "written", "value"),
    [
        ("top_k", "1", 1), ("search_k", "7", 7), ("retries", "0", 0), ("max_tokens", "0", 0),
        ("context_tokens", "0", 0), ("timeout", "0.5", 0.5), ("temperature", "0", 0.0),
        ("temperature", "2", 2.0), ("history", "No", False), ("judge", "off", False), ("caution", "0", False),
        ("sources", "false", False), ("brief", "yes", True), ("strict", "ON", True), ("quiet", "1", True),
        ("verbose", "True", True), ("cite_style", "pandoc", "pandoc"), ("prompt", "short", "short"),
        ("prompt", "full", "full"), ("model", "7", "7"), ("exclude", "a\n\n b\n", ("a", " b")),
    ],
)  # fmt: skip
def test_each_setting_is_read_from_its_variable(
    environment: EnvironmentWith, name: str, written: str, value: object
) -> None:
    settings = load(environment(**{f"AGQ_{name.upper()}": written}))
    assert settings.value(name) == value
    assert type(settings.value(name)) is type(value)
    assert settings.origin(name) == f"AGQ_{name.upper()}"


@pytest.mark.parametrize(
    ("name", "written", "told"),
    [
        ("top_k", "0", "a whole number from 1"), ("top_k", "1.5", "a whole number from 1"),
        ("retries", "-1", "a whole number from 0"), ("timeout", "0", "seconds above 0"),
        ("timeout", "inf", "seconds above 0"), ("timeout", "soon", "seconds above 0"),
        ("temperature", "2.01", "from 0 to 2"), ("temperature", "-0.1", "from 0 to 2"),
        ("temperature", "warm", "from 0 to 2"), ("judge", "maybe", "true or false"),
        ("cite_style", "apa", "one of: id, pandoc"), ("prompt", "long", "full or short"),
        ("fields", "title", "should say field: name"),
    ],
)  # fmt: skip
def test_a_wrong_variable_is_told_by_its_name_with_its_value(
    environment: EnvironmentWith, name: str, written: str, told: str
) -> None:
    with pytest.raises(UsageError) as refused:
        load(environment(**{f"AGQ_{name.upper()}": written}))
    assert refused.value.message.startswith(f"{name} is {written!r} (AGQ_{name.upper()}), and should ")
    assert told in refused.value.message
    assert "agq config" in refused.value.hint


def test_lists_and_maps_stand_in_a_file(environment: EnvironmentWith) -> None:
    here = environment()
    write(
        here.folder / "agq.yaml",
        "exclude: [a, 'b c']\nfields:\n  title: Titel\n  '*.csv': {year: 7}\nmodel:\n",
    )
    settings = load(here)
    assert settings.exclude == ("a", "b c")
    assert settings.fields == {"title": "Titel", "*.csv": {"year": "7"}}
    assert settings.origin("model") == "default"
    for line, told in (("exclude: [1]", "a list of patterns"), ("exclude: {a: b}", "a list of patterns")):
        write(here.folder / "agq.yaml", line)
        with pytest.raises(UsageError, match=told):
            load(here)


def test_options_that_are_not_given_change_nothing(environment: EnvironmentWith) -> None:
    settings = load(environment(AGQ_TOP_K="5"), {"top_k": None, "follow_ups": False})
    assert (settings.top_k, settings.follow_ups) == (5, False)
    assert settings.origin("follow_ups") == "option --follow-ups"


def test_what_a_file_may_not_say_is_told_with_the_file_and_what_to_do(environment: EnvironmentWith) -> None:
    here = environment()
    file = here.folder / "agq.yaml"

    def refused(text: str | bytes) -> tuple[str, str]:
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        with pytest.raises(UsageError) as error:
            load(here)
        return error.value.message, error.value.hint

    message, hint = refused("a: [")
    assert message.startswith(f"{file} cannot be read as YAML: ")
    assert "\n" not in message
    assert hint == "fix it, or move it away"
    assert refused(b"\xff\xfe\xff")[0].startswith(f"{file} cannot be read as YAML: ")
    assert refused("- a") == (f"{file} holds no settings", "write one `name: value` a line")
    assert refused("pager: less")[1] == ("set AGQ_PAGER, or put it in your own settings: agq config path")
    message, hint = refused("modle: x")
    assert message == f"unknown setting modle in {file} (did you mean model?)"
    assert refused("xyzxyz: 1")[0] == f"unknown setting xyzxyz in {file}"
    assert hint == "`agq config` lists the settings"
    write(here.user_file, "pager: less\nkey_variable: MY_KEY\n")
    file.unlink()
    assert (load(here).pager, load(here).chat.key_variable) == ("less", "MY_KEY")


def test_where_things_lie(environment: EnvironmentWith, tmp_path: Path) -> None:
    home = tmp_path / "home"
    here = environment()
    assert here.home == home
    assert here.user_file == home / ".config" / "agq" / "config.yaml"
    assert here.history_file == home / ".local" / "state" / "agq" / "history.db"
    assert here.cache == home / ".cache" / "agq"
    assert here.project_file is None
    named = environment(XDG_CONFIG_HOME="/c", XDG_STATE_HOME="/s", XDG_CACHE_HOME="/k", XDG_DATA_HOME="/d")
    assert named.user_file == Path("/c/agq/config.yaml")
    assert named.history_file == Path("/s/agq/history.db")
    assert named.cache == Path("/k/agq")
    assert load(named).index == Path("/d/agq")
    assert environment(HOME="").home == Path.home()


def test_why_an_index_is_the_default_one(environment: EnvironmentWith) -> None:
    here = environment()
    (here.folder / "corpus").mkdir()
    assert load(here).origin("index") == "default: beside corpus/"
    (here.folder / ".agq").write_text("a file is no index")
    assert load(here).origin("index") == "default: beside corpus/"
    (here.folder.parent / ".agq").mkdir()
    assert load(here).origin("index") == "default: the nearest .agq"
    assert not load(here, {"index": "x"}).index_is_default


@pytest.mark.parametrize(
    ("variables", "dumb", "colours"),
    [
        ({}, False, True),
        ({"TERM": "dumb"}, True, False),
        ({"NO_COLOR": "1"}, False, False),
        ({"NO_COLOR": ""}, False, True),
    ],
)
def test_what_a_terminal_may_be_given(
    environment: EnvironmentWith, variables: dict[str, str], dumb: bool, colours: bool
) -> None:
    assert (environment(**variables).dumb, environment(**variables).colours) == (dumb, colours)


@pytest.mark.parametrize(
    ("name", "value", "hidden"),
    [
        ("A_KEY", "sixsix", True), ("A_TOKEN", "sixsix", True), ("A_SECRET", "sixsix", True),
        ("A_PASSWORD", "sixsix", True), ("A_KEY", "five5", False), ("A_NAME", "sixsix", False),
    ],
)  # fmt: skip
def test_a_key_is_what_a_variable_says_it_is_and_long_enough(
    environment: EnvironmentWith, name: str, value: str, hidden: bool
) -> None:
    told = environment(**{name: value}).redacted(f"it is {value}, and {value}")
    assert told == ("it is (key), and (key)" if hidden else f"it is {value}, and {value}")


def test_an_address_is_told_without_login_and_query(environment: EnvironmentWith) -> None:
    assert public_address("https://me:pw@a.example/v1?key=x&b=?") == "https://a.example/v1"
    assert public_address("http://localhost:1/v1") == "http://localhost:1/v1"
    assert environment().redacted("at https://me:pw@a.example/v1: 401") == "at https://a.example/v1: 401"


def test_the_key_that_is_taken(environment: EnvironmentWith) -> None:
    """agq's own variable first, then that of the server, then OpenAI's."""
    keys = {"OPENAI_API_KEY": "sk-openai", "ANTHROPIC_API_KEY": "sk-ant"}
    assert (
        load(environment(**keys, AGQ_API_KEY="own"), {"model": "anthropic/opus"}).origin("api_key")
        == "AGQ_API_KEY"
    )
    assert load(environment(**keys), {"model": "anthropic/opus"}).origin("api_key") == "ANTHROPIC_API_KEY"
    assert (
        load(environment(**keys), {"model": "anthropic/opus", "base_url": "http://x"}).chat.api_key
        == "sk-openai"
    )
    assert load(environment(**keys), {"model": "anthropic"}).chat.api_key == "sk-openai"
    assert load(environment(**keys), {"model": "nobody/opus"}).chat.api_key == "sk-openai"
    assert load(environment(**keys), {"key_variable": "ANTHROPIC_API_KEY"}).chat.api_key == "sk-ant"
    assert load(environment(OPENAI_API_KEY="")).origin("api_key") == "default"


def test_why_a_key_is_withheld(environment: EnvironmentWith) -> None:
    here = environment(OPENAI_API_KEY="sk-openai")
    write(here.folder / "agq.yaml", "base_url: https://evil.example/v1\n")
    settings = load(here)
    assert settings.withheld == f"only {here.folder / 'agq.yaml'} names https://evil.example/v1"
    assert settings.origin("api_key") == f"withheld: {settings.withheld}"
    write(here.user_file, "base_url: https://mine.example/v1\n")
    (here.folder / "agq.yaml").unlink()
    assert load(here).chat.api_key == "sk-openai"


def test_a_path_is_normal_and_may_begin_at_home(environment: EnvironmentWith, tmp_path: Path) -> None:
    here = environment(AGQ_INDEX="a/../b")
    assert load(here).index == here.folder / "b"
    write(here.user_file, "index: ~/mine\n")
    assert load(environment()).index == tmp_path / "home" / "mine"
    assert load(environment(AGQ_INDEX="~mine")).index == here.folder / "~mine"


def test_a_changed_setting_keeps_the_rest_of_the_file() -> None:
    assert changed("a: 1\n\n\n", "model", "x") == "a: 1\nmodel: x\n"
    assert (
        changed("models: 1\nmodel : old\nmodel: second\n", "model", "x")
        == "models: 1\nmodel: x\nmodel: second\n"
    )
    assert changed("", "top_k", "3") == "top_k: 3\n"
    assert changed("", "model", "Zürich") == "model: Zürich\n"
    for name, told in (("fields", "it is more than one line"), ("api_key", "keys do not belong in files")):
        with pytest.raises(UsageError) as refused:
            changed("", name, "x")
        assert refused.value.message == f"{name} cannot be set this way: {told}"
        assert refused.value.hint == "`agq config path` shows which file to edit"
    with pytest.raises(UsageError, match=r"top_k is 'x' \(given\), and should be a whole number from 1"):
        changed("", "top_k", "x")
