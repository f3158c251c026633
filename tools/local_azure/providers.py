"""Resource providers: their types, what each does, and what is refused."""

import inspect
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from local.arm import behaviours
from local.arm.behaviours.covered import PROVIDERS
from local.arm.contracts import Contracts
from local.arm.resource_types import Answer, ResourceProvider, ResourceType, Scope
from tools.local_azure.markdown import code, table
from tools.local_azure.refusals import refusals

CONTRACTS = Contracts.load()
CORE = Path(behaviours.__file__).parents[1]
HEAD = ("type", "bodies judged in", "names", "never changes", "PUT, DELETE", "actions", "besides")
_STYLES = {
    Answer.AT_ONCE: "at once",
    Answer.ASYNC_OPERATION: "Azure-AsyncOperation",
    Answer.LOCATION: "Location",
}
_SCOPES = {
    Scope.SUBSCRIPTION: "lies in a subscription",
    Scope.CONTAINER: "lies in a group or a subscription",
    Scope.ANY: "extends any resource",
}


def sections() -> str:
    """A section for each provider, and one for what is refused whatever the type."""
    modules = sorted(PROVIDERS, key=lambda module: module.PROVIDER.namespace)
    return "\n\n".join(
        ("### Every type", _refused(_core()), *(part for module in modules for part in _section(module)))
    )


def _section(module: ModuleType) -> Iterator[str]:
    provider: ResourceProvider = module.PROVIDER
    yield f"### {provider.namespace}"
    kinds = sorted(provider.types, key=lambda kind: kind.name.casefold())
    yield table(HEAD, (_row(kind) for kind in kinds))
    if provider.views:
        yield f"Read only: {', '.join(code(_short(view.name)) for view in provider.views)}."
    file = Path(inspect.getfile(module))
    found = refusals(file.parent if file.name == "__init__.py" else file)
    if found:
        yield _refused(found)


def _row(kind: ResourceType) -> tuple[str, ...]:
    contract = CONTRACTS.by_arm_type(kind.name)
    styles = list(dict.fromkeys((_STYLES[kind.put], _STYLES[kind.delete])))
    return (
        code(_short(kind.name)),
        contract.api_version if contract else "no version",
        kind.names.text if kind.names else "",
        ", ".join(code(path.removeprefix("properties.")) for path in kind.immutable),
        ", ".join(styles),
        ", ".join(code(name) for name in sorted((*kind.actions, *kind.changes, *kind.rehearsals))),
        "; ".join(_besides(kind)),
    )


def _besides(kind: ResourceType) -> Iterator[str]:
    if kind.scope in _SCOPES and not kind.is_child:
        yield _SCOPES[kind.scope]
    if kind.unique:
        yield "name unique in all of Azure"
    if kind.one_operation_at_a_time:
        yield "one operation at a time"
    if kind.soft_delete:
        yield "soft delete" + (f", `?{kind.soft_delete.purge_query}=true`" if kind.soft_delete.purge_query else "")
    if kind.etag:
        yield "ETag"
    if kind.default_children:
        yield f"brings {', '.join(code(f'{_short(child)}/{name}') for child, name in kind.default_children)}"
    if kind.inline:
        yield f"{', '.join(code(_short(inline.kind.name)) for inline in kind.inline)} in its body or alone"
    if kind.write_only:
        hidden = ", ".join(code(path.removeprefix("properties.")) for path in kind.write_only)
        yield f"never shows {hidden}"


def _short(type_name: str) -> str:
    return type_name.partition("/")[2]


def _core() -> list[tuple[str, int]]:
    """The refusals of Resource Manager itself, and of what several providers share."""
    shared = [file for file in Path(behaviours.__file__).parent.glob("*.py") if file.stem not in _names()]
    own = [file for file in CORE.glob("*.py") if file.stem not in ("databricks", "admin", "inference")]
    return sorted({refusal for place in (*own, *shared, CORE / "templates") for refusal in refusals(place)})


def _names() -> set[str]:
    return {module.__name__.rpartition(".")[2] for module in PROVIDERS}


def _refused(found: list[tuple[str, int]]) -> str:
    return f"Refuses with {', '.join(f'{code(name)} ({status})' for name, status in found)}."
