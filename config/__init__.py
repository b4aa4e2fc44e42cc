"""One TOML wiring file plus secrets from files or environment."""
