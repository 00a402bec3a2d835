"""What the committee puts into the frame."""
