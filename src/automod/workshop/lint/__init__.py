"""What is wrong, weak or risky in packages, before any ad is looked at."""
