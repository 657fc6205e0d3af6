"use strict";
// The keyboard: an editor's keys over a player, arrows and numbers over the sheet.
(() => {
  const { h, state, view } = Review;
  const HELP = [
    ["Space", "play and pause"],
    ["← →", "one frame; with Shift one second"],
    ["J K L", "backwards, stop, forwards; again for faster"],
    ["↑ ↓", "shot before, next shot"],
    ["1 – 9", "that take; in a comparison, on and off the stage"],
    ["A", "pick"],
    ["I O", "in point, out point; X clears them"],
    ["E", "add to a shot of several takes; [ and ] move a part, Delete removes it"],
    ["P", "play the shots as one film; in the viewer from that shot on, or its parts"],
    ["C", "single, side by side, wipe"],
    ["M R", "sound, loop"],
    ["F", "filters, one after the other"],
    ["D", "the next deliverable; with Shift the one before"],
    ["/", "search"],
    ["Esc", "close"],
  ];

  const help = h("dialog", { id: "help", "aria-label": "Keys" },
    h("h2", {}, "Keys"),
    h("dl", {}, HELP.map(([keys, words]) => [h("dt", {}, h("kbd", {}, keys)), h("dd", {}, words)])),
    h("button.act", { type: "button", onclick: () => help.close() }, "Close"));
  Review.help = () => {
    if (!help.isConnected) document.body.append(help);
    if (help.open) help.close();
    else help.showModal();
  };

  const typing = (target) => target.closest("input[type=text], input[type=search], textarea, select");
  const player = (sync) => ({
    " ": () => sync()?.toggle(),
    ArrowLeft: (event) => sync()?.step(event.shiftKey ? -Math.round(sync().fps) : -1),
    ArrowRight: (event) => sync()?.step(event.shiftKey ? Math.round(sync().fps) : 1),
    Home: () => sync()?.seekFrame(0),
    End: () => sync()?.seekFrame(sync().lastFrame),
    j: () => sync()?.reverse(),
    k: () => sync()?.pause(),
    l: () => sync()?.faster(),
  });
  const inScreening = {
    ...player(() => Review.screening.sync),
    Escape: () => Review.screening.shut(),
    ArrowUp: () => Review.screening.turn(-1),
    ArrowDown: () => Review.screening.turn(1),
    m: () => Review.screening.mute(),
    r: () => Review.screening.loop(),
  };
  const inViewer = {
    ...player(() => view.sync),
    Escape: () => Review.shut(),
    ArrowUp: () => Review.turnShot(-1),
    ArrowDown: () => Review.turnShot(1),
    p: () => Review.screenShown(),
    a: () => Review.chooseShown(),
    i: () => Review.mark("start"),
    o: () => Review.mark("stop"),
    x: () => Review.clearMarks(),
    e: () => Review.add(),
    "[": () => Review.move(-1),
    "]": () => Review.move(1),
    Delete: () => Review.remove(),
    Backspace: () => Review.remove(),
    c: () => Review.look({ single: "side", side: "wipe", wipe: "single" }[view.mode]),
    m: () => Review.mute(),
    r: () => Review.loop(),
  };

  const frames = () => [...document.querySelectorAll(".shot:not([hidden]) .frame")];
  const shotAt = () => {
    const card = document.activeElement?.closest?.(".shot") || nearest();
    return card && state.shots.find((shot) => shot.shot === card.dataset.shot);
  };
  const nearest = () => [...document.querySelectorAll(".shot:not([hidden])")]
    .find((card) => card.getBoundingClientRect().bottom > 180);
  const takeAt = () => {
    const tile = document.activeElement?.closest?.(".take");
    if (tile) return state.takes.get(tile.dataset.name);
    const shot = shotAt();
    return shot && Review.face(shot);
  };
  const focusFrame = (by) => {
    const all = frames();
    const at = all.indexOf(document.activeElement);
    const near = all.indexOf(nearest()?.querySelector(".frame"));
    const next = all[at < 0 ? Math.max(0, near) : at + by];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  };
  const focusShot = (by) => {
    const cards = [...document.querySelectorAll(".shot:not([hidden])")];
    const here = document.activeElement?.closest?.(".shot");
    const next = cards[here ? cards.indexOf(here) + by : Math.max(0, cards.indexOf(nearest()))];
    if (!next) return;
    next.scrollIntoView({ block: "start" });
    (next.querySelector(".frame") || next.querySelector(".no"))?.focus({ preventScroll: true });
  };

  const onSheet = {
    ArrowLeft: () => focusFrame(-1),
    ArrowRight: () => focusFrame(1),
    ArrowUp: () => focusShot(-1),
    ArrowDown: () => focusShot(1),
    " ": () => { const take = takeAt(); if (take) Review.open(take.shot, [take]); },
    a: () => { const take = takeAt(); if (take) Review.choose([{ take }]); },
    c: () => { const take = takeAt(); if (take) Review.open(take.shot, Review.beside(take), "side"); },
    f: () => {
      const names = Review.FILTERS.map((row) => row[0]);
      Review.filter(names[(names.indexOf(state.filter) + 1) % names.length]);
    },
    d: (event) => Review.turnFilm(event.shiftKey ? -1 : 1),
    p: () => Review.screenAll(),
    "/": () => document.querySelector("#bar input[type=search]").focus(),
    j: () => focusShot(1),
    k: () => focusShot(-1),
  };

  const numbered = (number) => {
    const shot = Review.isOpen() ? view.shot : shotAt();
    const take = shot && Review.numbered(shot, number);
    if (!take) return;
    if (Review.isOpen()) return Review.turn(take);
    document.querySelector(`.take[data-name="${CSS.escape(take.name)}"] .frame`)?.focus();
  };

  Review.listen = () => document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (typing(event.target)) {
      if (event.key === "Escape" && event.target.type === "search") event.target.blur();
      return;
    }
    if (document.getElementById("ask")?.open) return;
    if (event.key === "?") return event.preventDefault(), Review.help();
    if (help.open) return;
    const screening = Review.screening.isOpen();
    const open = screening || Review.isOpen();
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    // Space and Enter on a button press the button; arrows on the wipe move the wipe.
    if (event.target.closest("button, a") && (key === "Enter" || (key === " " && !open))) return;
    if (event.target.matches?.(".wipe") && key.startsWith("Arrow")) return;
    if (/^[1-9]$/.test(key) && !screening) return event.preventDefault(), numbered(Number(key));
    const act = (screening ? inScreening : open ? inViewer : onSheet)[key];
    if (!act) return;
    event.preventDefault();
    act(event);
  }, true);
})();
