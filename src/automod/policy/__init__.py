"""From hits to verdicts: the score, markets, what each market asks, and the words for it."""
