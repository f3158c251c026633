"""The base of every component: type token, children, outputs, and the SDK's historic aliases.

The azure-native SDK gives each resource about thirty aliases, one per API version that its type once
had. They matter only to a stack that was written with version 1 or 2 of the provider, and they cost
more time than anything else in a preview, so they are dropped unless a component asks to keep them.
"""

import inspect
from typing import Any

import pulumi

PACKAGE = "azure-ml-platform"
"""Package of the type tokens: `azure-ml-platform:index:<Class>`."""

_SDK_TYPE_PREFIXES = ("azure-native:", "azure-native_", "kubernetes:")


class PlatformComponent(pulumi.ComponentResource):
    """A component whose children are named after it and whose annotated attributes are its outputs."""

    def __init__(
        self, name: str, opts: pulumi.ResourceOptions | None = None, *, keep_sdk_aliases: bool | None = None
    ) -> None:
        """Register the component; `keep_sdk_aliases` is taken from an enclosing component when it is not given."""
        enclosing = opts.parent if opts else None
        inherited = isinstance(enclosing, PlatformComponent) and enclosing._keep_sdk_aliases
        self._keep_sdk_aliases: bool = inherited if keep_sdk_aliases is None else keep_sdk_aliases
        own = pulumi.ResourceOptions(transformations=[_drop_sdk_aliases])
        super().__init__(f"{PACKAGE}:index:{type(self).__name__}", name, None, pulumi.ResourceOptions.merge(opts, own))

    def child(self, **options: Any) -> pulumi.ResourceOptions:
        """Options of a child resource: this component as the parent, and what is given here."""
        return pulumi.ResourceOptions(parent=self, **options)

    def finish(self) -> None:
        """Register every public annotated attribute as an output; to be called last in the constructor."""
        self.register_outputs({name: self._output(name) for name in _output_names(type(self))})

    def _output(self, name: str) -> Any:
        try:
            return getattr(self, name)
        except AttributeError:
            raise AttributeError(f"{type(self).__name__} declares the output {name!r} but never sets it") from None


def _output_names(component: type) -> list[str]:
    """Public annotations of a component class and its bases, in order of declaration."""
    own = [base for base in reversed(component.__mro__) if issubclass(base, PlatformComponent)]
    return [name for base in own for name in inspect.get_annotations(base) if not name.startswith("_")]


def _drop_sdk_aliases(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
    owner = args.opts.parent
    if not args.opts.aliases or (isinstance(owner, PlatformComponent) and owner._keep_sdk_aliases):
        return None
    args.opts.aliases = [alias for alias in args.opts.aliases if not _is_sdk_alias(alias)]
    return pulumi.ResourceTransformationResult(props=args.props, opts=args.opts)


def _is_sdk_alias(alias: Any) -> bool:
    """Whether an alias says nothing but an earlier azure-native type of the same resource."""
    if not isinstance(alias, pulumi.Alias) or not isinstance(alias.type_, str):
        return False
    others: tuple[object, ...] = (alias.name, alias.parent, alias.stack, alias.project)
    return alias.type_.startswith(_SDK_TYPE_PREFIXES) and all(value is ... for value in others)
