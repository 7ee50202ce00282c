"""Files people wrote -> Ruleset, creatives. The only reader of such files."""
