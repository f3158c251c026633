"""Models whose fields are documented by the docstrings beneath them."""

import ast
import inspect
from functools import cache
from textwrap import dedent
from typing import Any

from pydantic import BaseModel, GetJsonSchemaHandler
from pydantic_core import CoreSchema


class Described(BaseModel):
    """A model that reads its fields' docstrings when its JSON Schema is asked for.

    pydantic would read them whenever the class is made (`use_attribute_docstrings`), by parsing its source: half of
    what importing this library takes, for a text that a deployment never looks at.
    """

    @classmethod
    def descriptions(cls) -> dict[str, str]:
        """The docstring of each field that has one, by the field's name."""
        found: dict[str, str] = {}
        for base in reversed(cls.__mro__):
            if issubclass(base, Described) and base is not Described:
                found |= _docstrings(base)
        return found

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Put each field's docstring into the JSON Schema as its description."""
        described = handler(schema)
        properties = handler.resolve_ref_schema(described).get("properties", {})
        for name, text in cls.descriptions().items():
            if name in properties:
                properties[name]["description"] = text
        return described


@cache
def _docstrings(model: type[Described]) -> dict[str, str]:
    """Texts that stand right beneath the annotated names of a class."""
    (definition,) = ast.parse(dedent(inspect.getsource(model))).body
    assert isinstance(definition, ast.ClassDef)
    found: dict[str, str] = {}
    for field, text in zip(definition.body, definition.body[1:], strict=False):
        match field, text:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(docstring))):
                found[name] = inspect.cleandoc(docstring)
    return found
