"""Many creatives: streams of them, in blocks."""
