"""The PyTorch half of the course; ``helpers.keras`` mirrors it name by name."""
