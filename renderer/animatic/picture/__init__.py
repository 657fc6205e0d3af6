"""The pictures of an animatic: places, weather, light and camera, painted frame by frame."""
