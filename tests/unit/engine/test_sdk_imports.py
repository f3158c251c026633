import json
import subprocess
import sys
import textwrap
from importlib import import_module
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

import pytest

from local.engine.host import sdk_imports

_DESCRIBE = """
import inspect, json, sys
import pulumi
from pulumi import _types
from local.engine.host import sdk_imports
if sys.argv[1] == "fast":
    sdk_imports.install()
from pulumi_azure_native import keyvault
from pulumi_azure_native.keyvault import *
names = [name for name in globals() | vars(keyvault) if name[0].isalpha()]
found = {}
for name in names:
    value = getattr(keyvault, name, keyvault)
    if inspect.ismodule(value):
        continue
    found[name] = f"{value.__module__}.{value.__qualname__}"
    if inspect.isclass(value):
        hints = _types._raw_return_hints(value)
        found[name] += f" {hints} {list(inspect.signature(value.__init__).parameters)}"
print(json.dumps(found))
"""


_SOURCES = {
    "__init__.py": "loaded = []\n",
    "store/__init__.py": """
        from .account import *
        from .get_account import *
        from ._inputs import *
        from .. import loaded
        """,
    "store/account.py": """
        from .. import loaded
        __all__ = ['Account', 'AccountArgs']
        loaded.append('account')
        class Account:
            def size(self, by: undefined_until_asked) -> int: return 1
        class AccountArgs: pass
        """,
    "store/get_account.py": """
        __all__ = ['get_account', 'GetAccountResult']
        class GetAccountResult: pass
        def get_account(): return 'an account'
        """,
    "store/_inputs.py": """
        __all__ = [
            'SkuArgs',
        ]
        class SkuArgs: pass
        """,
}


def described(how: str) -> dict[str, str]:
    """All names of a namespace of the SDK with the types of their properties."""
    done = subprocess.run([sys.executable, "-c", _DESCRIBE, how], capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def test_the_sdk_is_the_same_whichever_way_it_is_loaded() -> None:
    plain, fast = described("plain"), described("fast")
    assert fast == plain
    assert "VaultPropertiesArgs" in plain


@pytest.fixture
def sdk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An SDK with one namespace, whose modules note that they were loaded."""
    for name, text in _SOURCES.items():
        file = tmp_path / "sample_sdk" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text))
    monkeypatch.setattr(sdk_imports, "SDKS", ("sample_sdk",))
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.syspath_prepend(tmp_path)
    sdk_imports.install()
    _forget(monkeypatch)
    return tmp_path / "sample_sdk"


def _forget(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("sample_sdk", *(f"sample_sdk.store{name}" for name in ("", ".account", ".get_account", "._inputs"))):
        monkeypatch.delitem(sys.modules, module, raising=False)


def store() -> Any:
    return import_module("sample_sdk.store")


@pytest.mark.usefixtures("sdk")
def test_a_module_is_loaded_when_its_first_name_is_used() -> None:
    namespace = store()
    assert namespace.loaded == []
    assert namespace.SkuArgs.__module__ == "sample_sdk.store._inputs"
    assert namespace.loaded == []
    assert namespace.Account().size(2) == 1
    assert namespace.loaded == ["account"]


@pytest.mark.usefixtures("sdk")
def test_annotations_stay_text() -> None:
    assert store().Account.size.__annotations__ == {"by": "undefined_until_asked", "return": "int"}


@pytest.mark.usefixtures("sdk")
def test_a_function_is_not_hidden_by_the_module_of_its_name() -> None:
    import_module("sample_sdk.store.get_account")
    assert store().get_account() == "an account"


@pytest.mark.usefixtures("sdk")
def test_a_star_import_gets_every_name() -> None:
    names: dict[str, Any] = {}
    exec("from sample_sdk.store import *", names)
    assert {"Account", "AccountArgs", "GetAccountResult", "SkuArgs", "get_account"} <= names.keys()


@pytest.mark.usefixtures("sdk")
def test_a_name_that_is_not_there_is_named() -> None:
    with pytest.raises(AttributeError, match=r"'sample_sdk\.store' has no attribute 'Nothing'"):
        _ = store().Nothing


def test_what_was_compiled_is_kept_until_the_source_changes(sdk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _ = store().Account
    source = sdk / "store" / "account.py"
    (kept,) = source.parent.glob("__pycache__/account.*opt-sdk*.pyc")
    assert not Path(cache_from_source(source)).exists(), "Python's own bytecode is another"
    kept_at = kept.stat().st_mtime_ns
    _forget(monkeypatch)
    _ = store().Account
    assert kept.stat().st_mtime_ns == kept_at
    source.write_text(source.read_text() + "\nAccount.added = True\n")
    _forget(monkeypatch)
    assert store().Account.added


def test_spoilt_bytecode_is_compiled_again(sdk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _ = store().Account
    for kept in sdk.rglob("*opt-sdk*.pyc"):
        kept.write_bytes(kept.read_bytes()[:40])
    _forget(monkeypatch)
    assert store().Account().size(1) == 1
