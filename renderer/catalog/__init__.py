"""Video models as data: parameters, sizes, durations, prices."""
