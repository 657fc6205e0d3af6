"use strict";
// Served: choices are written at once, and the page follows what is rendered meanwhile.
(() => {
  const { state } = Review;
  const EVERY = 1500; // milliseconds
  let digest = "";
  let away = 0;

  const post = (name, body) => fetch(name, {
    method: "POST", credentials: "same-origin", headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

  Review.send = async (name, body) => {
    try {
      const answer = await post(name, body);
      const reply = await answer.json();
      Review.say(reply.message, !answer.ok);
      await refresh();
    } catch {
      Review.say("The review is no longer served; start it again.", true);
    }
  };

  const refresh = async () => {
    const answer = await fetch("data.json", { credentials: "same-origin" });
    if (!answer.ok) throw new Error("refused");
    const reply = await answer.json();
    digest = reply.digest;
    busy(reply.busy);
    const top = scrollY;
    const film = state.film;
    Review.load(reply.data);
    if (film !== state.film) Review.say(`There is no deliverable ${film || "of all shots"} any more.`, true);
    Review.drawSheet(document.getElementById("sheet"));
    Review.drawBar();
    Review.drawReel();
    Review.refreshViewer();
    scrollTo(0, top);
  };

  const busy = (who) => {
    const mark = document.getElementById("live");
    mark.hidden = false;
    mark.textContent = who ? "rendering now" : "live";
    mark.dataset.busy = who ? "yes" : "no";
  };

  const poll = async () => {
    try {
      const answer = await fetch("state", { credentials: "same-origin" });
      if (!answer.ok) throw new Error("refused");
      const reply = await answer.json();
      busy(reply.busy);
      if (reply.problem) Review.say(reply.problem, true);
      else if (reply.digest !== digest && !document.getElementById("ask")?.open && !view().playing) await refresh();
      away = 0;
    } catch {
      if (++away === 3) Review.say("The review is no longer served; what you see may be old.", true);
    }
    setTimeout(poll, away > 3 ? 10 * EVERY : EVERY);
  };

  // A film that plays is not torn out of the player's hands; the page follows when it stops.
  const view = () => Review.view.sync || { playing: false };

  Review.follow = () => {
    if (!state.data.live) return;
    digest = state.data.digest;
    setTimeout(poll, EVERY);
  };
})();
