"""Commands that act on a deployed platform: they call the engine and, with the caller's own login, Azure."""
