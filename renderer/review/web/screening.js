"use strict";
// The screening: shots played one after the other as one film, or the parts of one shot.
(() => {
  const { h, icon, state } = Review;
  const dialog = h("dialog", { id: "screening", "aria-label": "Screening" });
  const screening = { sync: null, deck: null, isOpen: () => dialog.open };
  Review.screening = screening;

  // All shots that the filter shows, as they are now, from one on.
  Review.screenAll = (first) => {
    const shots = state.shots.filter(Review.visible);
    const cuts = shots.flatMap(Review.cutsOf);
    const title = shots.length < state.shots.length ? "The shots that are shown" : state.data.title;
    Review.screen(Review.several() ? `${title}, ${Review.filmWords(state.film)}` : title, cuts, first);
  };

  Review.screen = (title, cuts, first) => {
    const played = cuts.filter((cut) => cut.take.video);
    if (!played.length) return Review.say("There is no video to play yet.", true);
    const sync = new Review.Sequence(played, onChange);
    screening.sync = sync;
    screening.deck = Review.deck(() => sync, Review.view.muted, screening.mute, screening.loop);
    draw(title, sync, screening.deck);
    document.body.append(dialog); // last, and so above a viewer
    dialog.showModal();
    dialog.querySelector(".stage").focus({ preventScroll: true });
    sync.mute(Review.view.muted);
    const start = sync.pieces.find((piece) => piece.take.shot === first);
    if (start) sync.seek(start.at);
    sync.play();
  };

  screening.shut = () => {
    if (dialog.open) dialog.close();
    screening.sync?.end();
    screening.sync = null;
  };
  dialog.addEventListener("close", screening.shut);
  screening.mute = () => {
    Review.mute();
    screening.sync.mute(Review.view.muted);
    Review.fill(screening.deck.sound, icon(Review.view.muted ? "mute" : "sound"));
  };
  screening.loop = () => Review.turnLoop(screening.deck, screening.sync);
  screening.turn = (by) => {
    const { pieces, at } = screening.sync;
    const next = pieces[at + by];
    if (next) screening.sync.seek(next.at);
  };

  const draw = (title, sync, deck) => {
    deck.caption = h("figcaption", {});
    deck.cuts = h("div.cuts", { role: "group", "aria-label": "Shots" }, sync.pieces.map((piece, at) => {
      const cut = h("button", {
        type: "button", title: nameOf(piece), "aria-label": `${at + 1}: ${nameOf(piece)}`, onclick: () => sync.seek(piece.at),
      });
      cut.style.flexGrow = String(piece.length);
      return cut;
    }));
    Review.fill(dialog,
      h("header.head", {},
        h("div.titles", {}, h("h2", {}, title), h("span.path", {}, Review.minutes(sync.length))),
        h("div.keys", {}, Review.button("Close (escape)", "close", screening.shut))),
      h("div.stage", { tabindex: "-1", data: { mode: "film" } },
        h("figure.pane.film", {}, sync.videos, deck.caption)),
      h("div.transport", {}, h("div.track", {}, deck.cuts, deck.bar),
        h("div.buttons", {}, deck.time, deck.keys)));
    dialog.querySelector(".stage").addEventListener("click", () => sync.toggle());
  };

  const nameOf = ({ take }) => `${take.shot.title || take.shot.shot}, #${take.number}`;

  const onChange = () => {
    const { sync, deck } = screening;
    if (!sync || !deck || !Review.showTime(deck, sync) || deck.piece === sync.piece) return;
    deck.piece = sync.piece;
    const { take } = sync.piece;
    Review.fill(deck.caption, h("b", {}, String(take.shot.number).padStart(2, "0")), h("span", {}, take.shot.title || take.shot.id),
      h("span", {}, take.name), take.note ? h("span.plain", {}, take.note) : null);
    [...deck.cuts.children].forEach((cut, at) => cut.setAttribute("aria-current", String(at === sync.at)));
  };
})();
