"""The command line and the launchers: the only place that knows all parts."""
