"""Threads that make videos, so that the event loop stays free."""

import threading
from collections.abc import Callable
from queue import SimpleQueue

Job = Callable[[], None]


class Workers:
    """A few threads and a line of jobs; with none of them a job is done at once, by the caller.

    The threads do not hold up the end of the process: a job that is cut off leaves only a
    part file, and the engine takes the task up again when it is next asked for.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._jobs: SimpleQueue[Job] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._mutex = threading.Lock()
        self.stopping = threading.Event()

    def add(self, job: Job) -> None:
        """Put a job in line."""
        if not self._count:
            job()
            return
        self._jobs.put(job)
        with self._mutex:
            if len(self._threads) < self._count:
                name = f"engine-{len(self._threads)}"
                self._threads.append(threading.Thread(target=self._run, name=name, daemon=True))
                self._threads[-1].start()

    def _run(self) -> None:
        while not self.stopping.is_set():
            self._jobs.get()()

    def close(self, wait: float = 10.0) -> None:
        """Stop: nothing new is begun, what runs is asked to end; wait so many seconds at most."""
        self.stopping.set()
        for _ in self._threads:
            self._jobs.put(lambda: None)
        for thread in self._threads:
            thread.join(wait / len(self._threads))
