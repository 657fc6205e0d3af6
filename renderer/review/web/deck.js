"use strict";
// The transport of a player: where it is, and the buttons that move it.
(() => {
  const { h, icon } = Review;

  // `player` returns the Sync that is moved, or nothing; `mute` and `loop` are what the buttons do.
  Review.deck = (player, muted, mute, loop) => {
    const deck = {
      clock: h("output.clock", { "aria-label": "Timecode" }, "00:00:00"),
      counter: h("span.counter", {}, ""),
      bar: h("input.scrub", { type: "range", min: "0", max: "0", value: "0", step: "1", "aria-label": "Frame" }),
      play: Review.button("Play (space)", "play", () => player()?.toggle(), { class: "tool big" }),
      sound: Review.button("Sound (M)", muted ? "mute" : "sound", mute),
      loop: Review.button("Loop (R)", "loop", loop, { "aria-pressed": "true" }),
    };
    deck.bar.addEventListener("input", () => {
      player()?.pause();
      player()?.seekFrame(Number(deck.bar.value));
    });
    deck.time = h("span.time", {}, deck.clock, deck.counter);
    deck.keys = h("span.keys", {},
      Review.button("One frame back (left arrow)", "back", () => player()?.step(-1)),
      deck.play,
      Review.button("One frame on (right arrow)", "forward", () => player()?.step(1)),
      deck.loop, deck.sound);
    return deck;
  };

  Review.turnLoop = (deck, sync) => {
    if (!sync) return;
    sync.loop = !sync.loop;
    deck.loop.setAttribute("aria-pressed", String(sync.loop));
  };

  // Say on a deck where its player is; return whether that is news.
  Review.showTime = (deck, sync) => {
    const frame = Math.min(sync.frame, sync.lastFrame);
    const going = sync.playing || Boolean(sync.back);
    const now = `${frame} ${sync.lastFrame} ${going} ${sync.rate} ${sync.back?.rate}`;
    if (now === deck.shownFrame && deck.bar.value === String(frame)) return false;
    deck.shownFrame = now;
    const speed = sync.back ? ` ◂ ${sync.back.rate}×` : going && sync.rate > 1 ? ` ${sync.rate}×` : "";
    deck.clock.textContent = Review.timecode(frame, sync.fps);
    // Counted from 1, as it is burnt into the pictures of the embedded engine.
    deck.counter.textContent = `frame ${frame + 1} of ${sync.lastFrame + 1}${speed}`;
    deck.bar.max = String(sync.lastFrame);
    deck.bar.value = String(frame);
    Review.fill(deck.play, icon(going ? "pause" : "play"));
    return true;
  };
})();
