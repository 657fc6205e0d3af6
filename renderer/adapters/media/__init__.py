"""Video and image files: probed, looked through, cut into frames and previews."""
