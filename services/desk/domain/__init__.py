"""Rules of the desk: what somebody is to do, and what somebody is told."""
