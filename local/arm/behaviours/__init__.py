"""What each resource provider knows of its types: one module per provider, data and small functions."""
