"""Pages of meetings and committees."""
