"""Ruleset to Engine; scan and decide; rules; allows."""
