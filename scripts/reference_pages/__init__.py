"""What scripts/reference writes: text from tables."""
