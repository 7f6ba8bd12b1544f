"""What two processes agree on: marshmallow schemas of commands, views and events, one module a service.

Commands are validated once, by the service that owns them; the gateway uses the same schemas to
describe the API. Views and events are built by the services as plain dictionaries; tests hold them
against these schemas.
"""
