"""What the data is, and its versioned, published schemas."""
