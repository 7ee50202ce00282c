"""Materials to compiled matchers; folded text to matches. Knows no markets and no policy."""
