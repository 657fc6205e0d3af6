"""Use case: plan, and render with the embedded engine, at every save."""
