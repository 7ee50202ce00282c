"""One module a check; each holds one `CHECK`."""
