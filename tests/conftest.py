"""What every test shares: the profiles of the property tests."""

import os

from hypothesis import HealthCheck, settings

# Derandomised: whether a change passes depends on the change. `make nightly` looks for what is new.
# No deadline: the machine's other core may be busy, and a time is no law here.
settings.register_profile(
    "default",
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "nightly",
    max_examples=5_000,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
