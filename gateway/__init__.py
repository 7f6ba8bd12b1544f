"""The gateway: pages and the REST API. It owns no data."""
