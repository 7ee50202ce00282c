"""Decided cases -> metrics with intervals, comparison, agreement; judges anybody's decisions."""
