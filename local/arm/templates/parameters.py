"""The parameters of a template: values that were sent, else defaults, each judged by its declaration.

Source: learn.microsoft.com/azure/azure-resource-manager/templates/parameters.
"""

from typing import Any

from local.arm.documents import Json
from local.arm.templates.expressions import DEFAULTS, Surroundings, evaluated, invalid

_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "securestring": str,
    "int": int,
    "bool": bool,
    "object": dict,
    "secureobject": dict,
    "array": list,
}
_SPELLED = {"securestring": "SecureString", "secureobject": "SecureObject"}


def fill(around: Surroundings, declared: Json, sent: Json) -> None:
    """Put every parameter's value among the surroundings; raises ArmError InvalidTemplate for a missing, unknown or
    wrong one. A default may refer to what was sent, and to the defaults before it; a value that is null is none.
    """
    unknown = {name for name in sent if name.casefold() not in {known.casefold() for known in declared}}
    if unknown:
        names = ", ".join(sorted(unknown))
        raise invalid(f"the parameters '{names}' were supplied, but the template does not declare them.", "parameters")
    given = {name.casefold(): value for name, value in sent.items() if value != {"value": None}}
    for name, declaration in sorted(declared.items(), key=lambda item: item[0].casefold() not in given):
        where = f"{DEFAULTS}{name}"
        if not isinstance(declaration, dict):
            raise invalid(f"the declaration of the template parameter '{name}' is no object.", where)
        around.parameters[name] = _value(name, declaration, given.get(name.casefold()), around, where)


def shown(declared: Json, found: Json) -> Json:
    """The parameters as GET shows them: with their types, secure ones without their values."""
    result: Json = {}
    for name, value in found.items():
        sort = str(declared[name]["type"]).casefold()
        secure = sort.startswith("secure")
        result[name] = {"type": _SPELLED.get(sort, sort.capitalize())} | ({} if secure else {"value": value})
    return result


def _value(name: str, declaration: Json, sent: Any, around: Surroundings, where: str) -> Any:
    if isinstance(sent, dict) and "value" in sent:
        value = sent["value"]
    elif isinstance(sent, dict) and "reference" in sent:
        raise invalid(f"the value of '{name}' is a reference to a key vault, which is not read here.", where)
    elif "defaultValue" in declaration:
        value = evaluated(declaration["defaultValue"], around, where)
    else:
        raise invalid(f"the value for the template parameter '{name}' is not provided.", where)
    sort = str(declaration.get("type", "")).casefold()
    if sort not in _TYPES:
        raise invalid(
            f"the template parameter '{name}' has the type '{sort}'; it must be one of {', '.join(_TYPES)}.", where
        )
    if not isinstance(value, _TYPES[sort]) or (sort == "int" and isinstance(value, bool)):
        raise invalid(f"the value of the template parameter '{name}' is no {sort}.", where)
    allowed = declaration.get("allowedValues")
    if isinstance(allowed, list) and value not in allowed:
        raise invalid(
            f"the value '{value}' for the template parameter '{name}' is none of the allowed {allowed}.", where
        )
    return value
