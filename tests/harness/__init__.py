"""A scripted provider, virtual time, crashes and power cuts for the tests of a life."""
