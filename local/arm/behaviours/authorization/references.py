"""How role assignments and definitions name each other."""

ASSIGNMENT = "Microsoft.Authorization/roleAssignments"
DEFINITION = "Microsoft.Authorization/roleDefinitions"


def last(reference: object) -> str:
    """The last part of an id in lower case; roles and principals compare by it."""
    return str(reference).rpartition("/")[2].casefold()
