"use strict";
// The head of the page: title, counts, filters, search; and the reel, all shots in order.
(() => {
  const { h, icon, state } = Review;

  const theme = () => document.documentElement.dataset.theme
    || (matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark");
  Review.theme = () => {
    const next = theme() === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    try { localStorage.setItem("renderer-review theme", next); } catch { /* no storage */ }
  };
  try {
    const kept = localStorage.getItem("renderer-review theme");
    if (kept === "dark" || kept === "light") document.documentElement.dataset.theme = kept;
  } catch { /* no storage */ }

  const counts = () => {
    const found = {};
    for (const [name, , test] of Review.FILTERS) found[name] = state.shots.filter(test).length;
    return found;
  };

  const meter = () => {
    const kinds = ["picked", "chosen", "lapsed", "missing", "to review", "not made"];
    const counted = kinds.map((kind) => [kind, state.shots.filter((shot) => Review.stateOf(shot) === kind).length]);
    const bar = h("div.meter", { role: "img", "aria-label": counted.filter((row) => row[1]).map(([kind, n]) => `${n} ${kind}`).join(", ") },
      counted.filter((row) => row[1]).map(([kind, n]) => {
        const piece = h("span", { data: { state: kind }, title: `${n} ${kind}` });
        piece.style.flexGrow = String(n);
        return piece;
      }));
    return bar;
  };

  const totals = () => {
    const length = state.shots.reduce((sum, shot) => sum + (Review.face(shot)?.duration || 0), 0);
    const done = state.shots.filter((shot) => ["picked", "chosen"].includes(Review.stateOf(shot))).length;
    const spent = Number(state.data.spent) > 0 ? `${Review.money(state.data.spent)} spent` : null;
    const wanted = Number(state.data.cost.high) > 0 ? `${Review.price(state.data.cost)} to go` : null;
    const away = state.data.notHere ? `${Review.plural(state.data.notHere, "take")} not on this machine` : null;
    return [`${done} of ${Review.plural(state.shots.length, "shot")} picked`,
      Review.plural(state.takes.size, "take"), Review.minutes(length), spent, wanted, away].filter(Boolean);
  };

  Review.filter = (name) => {
    state.filter = name;
    Review.drawBar();
    Review.sift();
  };

  // Which film is looked at: the sheet, the reel and Play follow it.
  const films = () => {
    if (state.data.films.length < 2) return null;
    const choice = h("select.films", { id: "films", "aria-label": "Deliverable", title: "Deliverable" },
      state.data.films.map(({ name }) => {
        const [done, all] = Review.pickedIn(name);
        return h("option", { value: name, selected: name === state.film }, `${name || "all"}  ${done}/${all}`);
      }));
    choice.addEventListener("change", () => Review.film(choice.value));
    return choice;
  };

  Review.film = (name) => {
    Review.showFilm(name);
    Review.drawSheet(document.getElementById("sheet"));
    Review.drawBar();
    Review.drawReel();
  };

  Review.drawBar = () => {
    const bar = document.getElementById("bar");
    const found = counts();
    const held = document.activeElement?.dataset?.filter;
    const holding = document.activeElement?.id === "films";
    Review.fill(bar.querySelector(".film"), films());
    if (holding) bar.querySelector("#films")?.focus();
    Review.fill(bar.querySelector(".totals"), totals().map((words) => h("span", {}, words)));
    Review.fill(bar.querySelector(".filters"), Review.FILTERS.map(([name, words]) =>
      h("button.tab", {
        type: "button", "aria-pressed": String(state.filter === name), data: { filter: name },
        disabled: name !== "all" && !found[name] && state.filter !== name,
        onclick: () => Review.filter(name),
      }, words, h("span.count", {}, found[name]))));
    if (held) bar.querySelector(`[data-filter="${held}"]`)?.focus();
    bar.querySelector(".meter").replaceWith(meter());
    const save = bar.querySelector(".saving");
    const number = state.choices.size;
    Review.fill(save, number ? h("button.act.strong", { type: "button", onclick: Review.save },
      icon("tick"), `Save ${Review.plural(number, "choice")}`) : null);
  };

  Review.drawReel = () => {
    const reel = document.getElementById("reel");
    Review.fill(reel, state.shots.map((shot) => {
      const face = Review.face(shot);
      const name = Review.stateOf(shot);
      return h("a.reel", {
        id: `reel-${shot.number}`, href: `#/${shot.shot}`, data: { state: name },
        title: `${shot.number}. ${shot.title || shot.shot}: ${name}`,
      },
        face?.poster ? h("img", { src: face.poster, alt: "", loading: "lazy", decoding: "async" }) : h("span.blank", {}, "–"),
        h("span.label", {}, h("span", {}, String(shot.number).padStart(2, "0")),
          h("span.mark", {}, Review.MARKS[name])));
    }));
  };

  Review.frameBar = () => {
    const find = h("input", { type: "search", placeholder: "Search prompts and titles", "aria-label": "Search" });
    find.addEventListener("input", () => { state.find = find.value.trim(); Review.sift(); });
    return h("header", { id: "bar" },
      h("div.top", {},
        h("div.name", {},
          h("p.eyebrow", {}, "Contact sheet",
            h("span", {}, state.data.provider === "local" ? "embedded engine" : state.data.provider),
            h("span.live", { id: "live", hidden: !state.data.live }, "live")),
          h("h1", {}, state.data.title)),
        h("div.saving"),
        h("div.keys", {},
          Review.button("Play the film (P)", "play", () => Review.screenAll()),
          Review.button("Light or dark", "theme", Review.theme),
          h("button.tool", { type: "button", title: "Keys (?)", "aria-label": "Keys", onclick: () => Review.help() }, "?"))),
      h("div.second", {},
        h("div.film"), h("div.filters", { role: "group", "aria-label": "Show" }), find,
        h("div.totals")),
      h("div.meter"));
  };
})();
