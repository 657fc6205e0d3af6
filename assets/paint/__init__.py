"""Painting with light: what the frame images of the example project are made with."""
