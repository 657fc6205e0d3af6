"""Text in the picture: the slate, its layout and its fonts."""
