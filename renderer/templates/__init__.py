"""Prompt templates: parsed, evaluated within bounds, and what a prompt depends on."""
