"""What every test shares: the profiles of the property tests."""

import os
from pathlib import Path

import pytest
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


@pytest.fixture(scope="session", autouse=True)
def _home(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Commands keep the hashes of samples below the home folder: that of a test is its own."""
    home: Path = tmp_path_factory.mktemp("home")
    os.environ["HOME"] = os.environ["USERPROFILE"] = str(home)
