"use strict";
// Choosing a take, with a reason if there is one; from disk the choices wait to be saved, served they are written.
(() => {
  const { h, icon, state } = Review;
  const ask = h("dialog", { id: "ask", "aria-label": "Why this take?" });

  // cuts: [{take, in, out}] in sequence.
  Review.choose = (cuts) => {
    const take = cuts[0].take;
    if (cuts.some((cut) => !cut.take.current)) return Review.say("This take is not of the present picture; pick one that is.", true);
    const old = state.choices.get(take.shot.shot) || take.shot.pick;
    const why = h("input", {
      type: "text", maxlength: "2000", required: state.data.requireWhy, autocomplete: "off",
      placeholder: "the turn at the stall reads best", "aria-label": "Why this take",
    });
    if (old && old.parts[0].take === take.name) why.value = old.why;
    const several = cuts.length > 1;
    const range = several ? "" : cuts[0].in || cuts[0].out ? `, ${cuts[0].in || "0"} to ${cuts[0].out || "end"}` : "";
    const form = h("form", {},
      take.poster ? h("img", { src: take.poster, alt: "" }) : null,
      h("div", {},
        h("p.eyebrow", {}, several ? `Pick ${cuts.map((cut) => `#${cut.take.number}`).join(" + ")}` : `Pick #${take.number}${range}`),
        h("h2", {}, take.shot.title || take.shot.shot),
        Review.several() ? h("p.plain.which", {}, Review.forWhich(take.shot)) : null,
        take.flags.length ? h("p.flag", {}, icon("flag"), take.flags.join("; ")) : null,
        h("label", {}, several ? "Why these parts?" : "Why this take?", why),
        h("p.plain", {}, state.data.live ? "Written to picks.yaml at once."
          : "Kept in this browser until you save your choices."),
        h("div.acts", {},
          h("button.act.strong", { type: "submit" }, icon("tick"), "Pick"),
          h("button.act", { type: "button", onclick: () => ask.close() }, "Cancel"))));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const reason = why.value.trim().replace(/\s+/g, " ");
      if (!reason && state.data.requireWhy) return why.focus();
      ask.close();
      decide(take.shot, cuts, reason);
    });
    if (!ask.isConnected) document.body.append(ask);
    Review.fill(ask, form);
    ask.showModal();
    why.focus();
    why.select();
  };

  const decide = (shot, cuts, why) => {
    const parts = cuts.map((cut) => ({
      take: cut.take.name, sha256: cut.take.sha256, fingerprint: cut.take.fingerprint,
      in: cut.in || "", out: cut.out || "",
    }));
    const choice = { shot: shot.shot, why, parts };
    if (state.data.live) return Review.send("pick", { ...choice, seen: shot.pick });
    state.choices.set(shot.shot, choice);
    Review.keep();
    Review.redraw(shot);
    Review.refreshViewer();
    Review.say(`Chosen: ${parts.map((part) => part.take).join(" + ")}. Save your choices when you are done.`);
  };

  Review.unchoose = (shot) => {
    state.choices.delete(shot.shot);
    Review.keep();
    Review.redraw(shot);
  };

  Review.undo = (shot) => Review.send("undo", { shot: shot.shot, seen: shot.pick });

  // The same shape as picks.yaml; `renderer pick --from FILE` reads it.
  Review.asFile = () => {
    const entry = (part) => {
      const kept = { take: part.take, sha256: part.sha256, fingerprint: part.fingerprint };
      if (part.in) kept.in = part.in;
      if (part.out) kept.out = part.out;
      return kept;
    };
    const picks = {};
    for (const choice of [...state.choices.values()].sort((a, b) => (a.shot < b.shot ? -1 : 1))) {
      picks[choice.shot] = choice.parts.length === 1
        ? entry(choice.parts[0])
        : { parts: choice.parts.map(entry) };
      if (choice.why) picks[choice.shot].why = choice.why;
    }
    const version = Object.keys(picks).some((slot) => slot.includes("@")) ? 2 : 1;
    return `${JSON.stringify({ version, picks }, null, 2)}\n`;
  };

  Review.save = () => {
    const url = URL.createObjectURL(new Blob([Review.asFile()], { type: "application/json" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = "choices.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
    Review.say("Saved. Apply them with: renderer pick --from choices.json");
  };
})();
