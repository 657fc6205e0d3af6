"""What git has of a project, read without running what a repository configures."""
