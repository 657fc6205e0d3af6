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
      Review.plural(state.shots.reduce((sum, shot) => sum + shot.takes.length, 0), "take"), Review.minutes(length),
      state.lacking.length ? `${Review.plural(state.lacking.length, "shot")} not in it` : null,
      spent && `${spent}${Review.several() ? " in all" : ""}`, wanted, away].filter(Boolean);
  };

  Review.filter = (name) => {
    state.filter = name;
    Review.drawBar();
    Review.sift();
  };

  // Which film is looked at: the sheet, the reel and Play follow it. The list is drawn anew only if
  // there are other films: a person may have it open.
  const films = (place) => {
    const names = Review.several() ? state.data.films.map((film) => film.name) : [];
    if (place.dataset.films !== JSON.stringify(names)) {
      place.dataset.films = JSON.stringify(names);
      Review.fill(place, names.length ? list(names) : null);
    }
    for (const option of place.querySelectorAll("option")) {
      const [done, all] = Review.pickedIn(option.value);
      option.textContent = `${Review.filmWords(option.value)} – ${done} of ${all} picked`;
    }
    if (names.length) place.querySelector("select").value = state.film;
  };

  const list = (names) => {
    const axes = Object.keys(state.data.films[0].axes).join(", ");
    const choice = h("select", { id: "films", title: `Deliverable: ${axes} (D, and shift D)` },
      names.map((name) => h("option", { value: name })));
    choice.addEventListener("change", () => Review.turnTo(choice.value));
    return [h("label", { for: "films" }, "Deliverable"), choice];
  };

  // The shot that a person looks at stays where it is, in the other film.
  Review.film = (name) => {
    if (Review.isOpen()) Review.shut();
    const near = scrollY > 200 && [...document.querySelectorAll(".shot:not([hidden])")]
      .find((card) => card.getBoundingClientRect().bottom > 180)?.dataset.shot.split("@")[0];
    Review.showFilm(name);
    Review.drawSheet(document.getElementById("sheet"));
    Review.drawBar();
    Review.drawReel();
    const shot = near && state.shots.find((one) => one.base === near);
    if (shot) Review.bring(document.getElementById(`shot-${shot.number}`));
  };

  Review.turnTo = (name) => {
    Review.film(name);
    Review.address(Review.linkToFilm(name));
  };

  Review.turnFilm = (by) => {
    if (!Review.several()) return;
    const names = state.data.films.map((film) => film.name);
    Review.turnTo(names.at((names.indexOf(state.film) + by) % names.length));
    Review.say(`Deliverable ${Review.filmWords(state.film)}`);
  };

  Review.drawBar = () => {
    const bar = document.getElementById("bar");
    const found = counts();
    const held = document.activeElement?.dataset?.filter;
    films(bar.querySelector(".deliverable"));
    Review.fill(bar.querySelector(".totals"), totals().map((words) => h("span", {}, words)));
    Review.fill(bar.querySelector(".filters"), Review.FILTERS.map(([name, words]) =>
      h("button.tab", {
        type: "button", "aria-pressed": String(state.filter === name), data: { filter: name },
        disabled: name !== "all" && !found[name] && state.filter !== name,
        onclick: () => Review.filter(name),
      }, words, h("span.count", {}, found[name]))));
    if (held) bar.querySelector(`[data-filter="${held}"]`)?.focus();
    bar.querySelector(".meter").replaceWith(meter());
    Review.pad();
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
      const frame = h("a.reel", {
        id: `reel-${shot.number}`, href: Review.linkTo(shot), data: { state: name },
        title: `${shot.number}. ${shot.title || shot.shot}: ${name}`,
      },
        face?.poster ? h("img", { src: face.poster, alt: "", loading: "lazy", decoding: "async" }) : h("span.blank", {}, "–"),
        h("span.label", {}, h("span", {}, String(shot.number).padStart(2, "0")),
          h("span.mark", {}, Review.MARKS[name])));
      Review.shape(frame, face);
      return frame;
    }));
  };

  // What is gone to comes to lie below the bar, however high that is.
  Review.pad = () => {
    document.documentElement.style.scrollPaddingTop = `${document.getElementById("bar").offsetHeight + 14}px`;
  };
  addEventListener("resize", () => Review.pad());

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
        h("div.deliverable"),
        h("div.saving"),
        h("div.keys", {},
          Review.button("Play the film (P)", "play", () => Review.screenAll()),
          Review.button("Light or dark", "theme", Review.theme),
          h("button.tool", { type: "button", title: "Keys (?)", "aria-label": "Keys", onclick: () => Review.help() }, "?"))),
      h("div.second", {},
        h("div.filters", { role: "group", "aria-label": "Show" }), find,
        h("div.totals")),
      h("div.meter"));
  };
})();
