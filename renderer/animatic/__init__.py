"""A request to an animatic: picture, sound, burn-in and one encoded file, the same bytes each time."""
