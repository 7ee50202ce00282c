"""PyArabic ships no types; it is an oracle of tests and benchmarks."""
