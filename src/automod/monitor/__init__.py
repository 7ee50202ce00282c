"""Windows of hit logs and counters -> drift, and brakes that write overrides."""
