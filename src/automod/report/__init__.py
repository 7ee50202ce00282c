"""Any result as text, CSV or JSON: the only writer of reports."""
