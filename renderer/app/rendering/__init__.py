"""Use case: carry a plan out, record every take, and lay the files out for people."""
