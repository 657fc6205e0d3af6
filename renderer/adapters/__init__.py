"""One small class for each thing of the world: API, disk, journal, media."""
