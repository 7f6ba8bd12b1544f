"""What every noun of the gateway needs: sign-in, service calls, pages and API in general."""
