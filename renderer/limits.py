"""How large the product's own files may grow; what reads them takes as much as what writes them.

"Pieces" are what `strict.pieces` counts: values of a JSON text, about one a line.
"""

TASKS = 50_000  # of a project; specs that make more are refused
TAKES = 6 * TASKS  # of all of them, ever
ENTRY = 1_536  # bytes of a task in the lockfile, without its takes; 800 are usual
TAKE = 560  # bytes of a take there; 430 are usual

LOCK = TASKS * ENTRY + TAKES * TAKE  # bytes
LOCK_PIECES = TASKS * 64 + TAKES * 16
PLAN = TASKS * 4_096
PLAN_PIECES = TASKS * 64
RENDERS = TAKES * 320
RENDERS_PIECES = TAKES * 8
YAML = 1 << 20  # bytes of one file
