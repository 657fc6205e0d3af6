"""What an answer means for each task that a call was about: pure, from call to event."""
