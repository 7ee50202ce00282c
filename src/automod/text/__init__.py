"""Folding with the way back to the original; words per script; pure."""
