"""The name of every file and folder of a project, spelled once; paths are below its root."""

# Written by people, committed.
PROJECT_FILE = "renderer.yaml"
SPECS = "specs"
SPEC_ENDINGS = (".yaml", ".yml")
TEMPLATES = "templates"
TEMPLATE_ENDINGS = (".j2",)
ASSETS = "assets"
PICKS = "picks.yaml"
REVIEWS = "reviews.yaml"

# Written by the program, committed.
LOCKFILE = "renderer.lock"
LOCAL_LOCKFILE = "renderer.local.lock"

# Written by the program for people, not committed.
RENDERS = "renders"
REVIEW = "review"

# What the program keeps for itself: this machine's own, never a checkout's. Below it:
STATE = ".renderer"
OBJECTS = "objects"
REQUESTS = "requests"
QUARANTINE = "quarantine"
JOURNAL = "journal.db"
MUTEX = "mutex"
PICKS_MUTEX = "picks.mutex"
REVIEWS_MUTEX = "reviews.mutex"
RENDERS_LIST = "renders.json"
PREVIEWS = "review"
ENGINE = "engine"
WEBHOOK_TOKEN = "webhook-token"  # noqa: S105 - a file's name
