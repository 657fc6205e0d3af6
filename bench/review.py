"""How the review page bears 500 takes: how long it takes to write, to paint, to scroll, to play.

    python bench/review.py [SHOTS] [TAKES]      needs the extra `browser` and a Chromium

The takes are small films with the same pictures and other bytes. Nothing is asserted: figures.
"""

import hashlib
import json
import sys
import tempfile
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from renderer.app.workspace import Workspace

sys.path.insert(0, str(Path(__file__).parents[1]))

from renderer.app.review.page_data.page_data import Reviewer
from renderer.app.review.page_data.static_page import review

from renderer.adapters.disk.disk import Disk
from renderer.adapters.disk.project import ProjectFiles
from renderer.adapters.disk.resources import model_texts
from renderer.adapters.disk.store import Store
from renderer.app.project.expand import expansion
from renderer.app.project.lockfile import LockFile
from renderer.catalog.catalog import Catalog
from renderer.catalog.load import load_model
from renderer.lock.model import Entry, Lock, Take
from tests.review.conftest import chromium, film, opened

HEAD = """\
version: 1
scene: scene{scene}
title: Scene {scene} of many
settings: {{model: "bytedance:seedance@1.5-pro", resolution: 480p, duration: 4, seed: 7}}
aspect: "16:9"
shots:
"""
SHOT = """\
  - id: shot{shot}
    title: Shot {shot}
    settings: {{numberResults: {takes}}}
    prompt: "{words} {shot}"
"""
WORDS = "A ferry ties up at the quay in the blue hour, ropes creak, lamps come on one by one. " * 6


def project(root: Path, shots: int, takes: int) -> None:
    (root / "specs").mkdir()
    for scene in range(0, shots, 10):
        rows = [
            SHOT.format(shot=shot, takes=takes, words=WORDS)
            for shot in range(scene, min(scene + 10, shots))
        ]
        (root / "specs" / f"s{scene:04}.yaml").write_text(HEAD.format(scene=scene) + "".join(rows))


def rendered(root: Path, catalog: Catalog) -> int:
    store = Store(root / ".renderer", Disk())
    store.prepare()
    lock_file = LockFile.of(root, "local")
    lock_file.read()
    films = [film(number, size=(432, 248)) for number in range(4)]
    entries, count = {}, 0
    for task in expansion(ProjectFiles(root=root), catalog).sound():
        made = []
        for number in range(task.wanted):
            word = f"{task.address} {number}".encode()
            data = films[number % 4] + (len(word) + 8).to_bytes(4, "big") + b"free" + word
            with store.part("x") as part:
                part.write(data)
                store.keep(part)
            made.append(
                Take(
                    number=number + 1,
                    fingerprint=task.fingerprint,
                    sha256=hashlib.sha256(data).hexdigest(),
                    size=len(data),
                    format="mp4",
                    seed=number,
                    cost=Decimal("0.07"),
                    video_uuid=f"{count}",
                )
            )
            count += 1
        entries[task.address] = Entry(
            fingerprint=task.fingerprint, fields=task.fields, takes=tuple(made)
        )
    lock_file.write(replace(Lock(lineage="local"), entries=entries), Disk())
    return count


def timed(words: str, work: Any) -> Any:
    start = time.perf_counter()
    found = work()
    print(f"{words:<44} {time.perf_counter() - start:8.2f} s")
    return found


def looked_at(address: str) -> None:
    path = chromium()
    if path is None:
        print("no Chromium is installed (set CHROMIUM to one)")
        return
    with opened(path) as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(address)
        page.wait_for_selector("html[data-ready]")
        page.wait_for_timeout(1000)
        figures = page.evaluate(
            """async () => {
              const paint = performance.getEntriesByName("first-contentful-paint")[0].startTime;
              const nav = performance.getEntriesByType("navigation")[0];
              const frames = [];
              let last = performance.now();
              const end = document.documentElement.scrollHeight;
              for (let top = 0; top < Math.min(end, 40000); top += 240) {
                scrollTo(0, top);
                await new Promise(done => requestAnimationFrame(done));
                frames.push(performance.now() - last);
                last = performance.now();
              }
              frames.sort((a, b) => a - b);
              const began = performance.now();
              Review.filter("picked");
              document.body.offsetHeight;
              const filtered = performance.now() - began;
              Review.filter("all");
              return {
                firstPaint: paint, drawn: nav.domContentLoadedEventEnd, load: nav.loadEventEnd,
                elements: document.querySelectorAll("*").length, filtered,
                scrollMedian: frames[frames.length >> 1],
                scroll95: frames[Math.floor(frames.length * 0.95)],
                scrollWorst: frames.at(-1), frames: frames.length,
              };
            }"""
        )
        page.evaluate(
            "Review.open(Review.state.shots[0], Review.state.shots[0].takes.slice(0, 4), 'side')"
        )
        page.wait_for_timeout(800)
        page.keyboard.press("Space")
        page.wait_for_timeout(300)
        figures["fourApart: median, 95 %, worst in ms, then the leader's time in s"] = (
            page.evaluate(
                """async () => {
              const worst = [];
              for (let round = 0; round < 40; round++) {
                await new Promise(done => setTimeout(done, 50));
                const times = Review.view.sync.videos.map(video => video.currentTime);
                worst.push((Math.max(...times) - Math.min(...times)) * 1000);
              }
              worst.sort((a, b) => a - b);
              return [worst[20], worst[38], worst[39], Review.view.sync.leader.currentTime];
            }"""
            )
        )
        print(json.dumps(figures, indent=1))


def main() -> None:
    shots, takes = (int(word) for word in (*sys.argv[1:3], *("125", "4")[len(sys.argv) - 1 :]))
    catalog = Catalog.of(load_model(text, name) for name, text in model_texts().items())
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        project(root, shots, takes)
        count = timed("recording the takes", lambda: rendered(root, catalog))

        def written() -> Path:
            reviewer = Reviewer(workspace=Workspace.at(root, models=lambda: catalog))
            return review(reviewer, root / "review").page

        page = timed(f"the page of {count} takes, first time", written)
        timed("again, with stills and checks kept", written)
        print(f"index.html has {page.stat().st_size} bytes")
        looked_at(page.as_uri())


if __name__ == "__main__":
    main()
