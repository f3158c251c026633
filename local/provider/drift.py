"""Which inputs describe a resource that was changed behind Pulumi's back."""

from local.arm.contracts import Contract, Json
from local.provider.nested import pick


def refreshed_inputs(
    contract: Contract,
    resource_id: str,
    old_inputs: dict[str, Json],
    old_outputs: dict[str, Json],
    outputs: dict[str, Json],
) -> dict[str, Json]:
    """Return the old inputs with what differs between the old outputs and the new ones, and nothing else.

    So a property that the program never gave appears only when somebody changed it. What is also managed apart
    (`Contract.kept`) does not appear unless the program gives it. Outputs unknown since a failed creation tell nothing.
    """
    if not old_outputs:
        return old_inputs
    before, after = (contract.inputs_of(resource_id, values) for values in (old_outputs, outputs))
    ignored = {path for path in contract.kept if pick(old_inputs, path) is None}
    return _merged(old_inputs, before, after, ignored)


def _merged(
    inputs: dict[str, Json], before: dict[str, Json], after: dict[str, Json], ignored: set[str], path: str = ""
) -> dict[str, Json]:
    merged = dict(inputs)
    for name in before.keys() | after.keys():
        old, new, here = before.get(name), after.get(name), f"{path}{name}"
        if old == new or here in ignored:
            continue
        if isinstance(old, dict) and isinstance(new, dict) and isinstance(merged.get(name, {}), dict):
            merged[name] = _merged(merged.get(name, {}), old, new, ignored, f"{here}.")
        elif new is None:
            merged.pop(name, None)
        else:
            merged[name] = new
    return merged
