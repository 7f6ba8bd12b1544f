"""The demo: a city, two of its districts and a corporation of its, all made up, as CSV files an office would send."""
