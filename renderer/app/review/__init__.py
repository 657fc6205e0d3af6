"""Use cases around the review page: takes, picks, checks, and the page itself."""
