"""Scenes to tasks: matrix, prompts, requests, fingerprints."""
