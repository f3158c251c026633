"""Policy packs that judge every resource of the platform, before it exists and while it changes."""
