"""What a rule between areas is."""

from collections.abc import Callable, Iterator

from azure_ml_platform.settings.area import Broken

Rule = Callable[..., Iterator[Broken]]
"""Takes the areas that it speaks of by their names, and runs when all of them could be read."""
