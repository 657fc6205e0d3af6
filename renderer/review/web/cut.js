"use strict";
// A shot made of several takes: parts in sequence, put together in the viewer.
(() => {
  const { h, view } = Review;
  const rows = h("div.cutlist", { role: "group", "aria-label": "The parts of this shot, in sequence" });

  // The parts of the shot's pick, where it has several; view.part is the one that is being worked on.
  Review.cutOf = (shot) => {
    const found = Review.cutsOf(shot);
    return found.length > 1 ? found : [];
  };

  Review.add = () => {
    const part = Review.shown();
    if (!part?.take.current) return Review.say("A part of the shot is a take of the present picture.", true);
    view.cut.push(part);
    view.part = null;
    Review.clearMarks();
    Review.say(view.cut.length > 1 ? `${view.cut.length} parts; A picks them.` : "The first part; add another take to it.");
  };

  // The marks of the stage are those of the part that is being worked on.
  Review.remark = () => {
    if (view.part !== null && view.cut[view.part]) view.cut[view.part] = Review.shown();
    Review.drawCut();
  };

  Review.move = (by) => {
    const to = view.part + by;
    if (view.part === null || !view.cut[to]) return;
    [view.cut[view.part], view.cut[to]] = [view.cut[to], view.cut[view.part]];
    view.part = to;
    Review.drawCut(true);
  };

  Review.remove = () => {
    if (view.part === null) return;
    view.cut.splice(view.part, 1);
    view.part = null;
    Review.drawCut();
  };

  const work = (at) => {
    const part = view.cut[at];
    Review.open(view.shot, [part.take]);
    view.part = at;
    Review.setMarks(part);
    Review.drawCut(true);
  };

  const seconds = ({ take, in: from, out: to }) => {
    const end = to ? Math.min(Review.toFrame(to, take), take.frames) : take.frames;
    return Math.max(0, end - (Review.toFrame(from, take) || 0)) / take.fps;
  };

  const chip = (part, at) => {
    const { take } = part;
    const from = Review.timecode(Review.toFrame(part.in, take) || 0, take.fps);
    const to = part.out ? Review.timecode(Review.toFrame(part.out, take), take.fps) : "end";
    return Review.shape(h("button.part", {
      type: "button", "aria-pressed": String(at === view.part), title: "Work on this part; [ and ] move it, Delete removes it",
      "aria-label": `Part ${at + 1}: take ${take.number}, ${from} to ${to}`, onclick: () => work(at),
    },
      take.poster ? h("img", { src: take.poster, alt: "" }) : null,
      h("span", {}, h("b", {}, `${at + 1}  #${take.number}`), `${from} – ${to}`)), take);
  };

  Review.drawCut = (focus = false) => {
    const chosen = view.part !== null;
    rows.hidden = !view.cut.length;
    Review.fill(rows, view.cut.map(chip),
      h("span.plain", {}, Review.seconds(view.cut.reduce((sum, part) => sum + seconds(part), 0))),
      h("span.keys", {},
        Review.button("Play the parts as one film (P)", "play", () => Review.screenShown()),
        Review.button("Earlier ([)", "left", () => Review.move(-1), { disabled: !chosen || view.part === 0 }),
        Review.button("Later (])", "right", () => Review.move(1), { disabled: !chosen || view.part === view.cut.length - 1 }),
        Review.button("Remove this part (delete)", "close", () => Review.remove(), { disabled: !chosen }),
        h("button.act", { type: "button", onclick: () => { view.cut = []; view.part = null; Review.drawCut(); } }, "Clear")));
    Review.namePick();
    if (focus) rows.children[view.part]?.focus();
    return rows;
  };
})();
