"""The page on what the local Azure imitates: `python -m tools.local_azure` writes it."""
