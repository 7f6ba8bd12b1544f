"""What holds of meetings, whatever keeps them."""
