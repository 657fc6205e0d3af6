"use strict";
// The contact sheet: scenes, shots, and a frame for each take.
(() => {
  const { h, icon, state } = Review;

  Review.badge = (name) =>
    h("span.state", { data: { state: name } },
      h("span.mark", { "aria-hidden": "true" }, Review.MARKS[name] || "·"),
      name === "chosen" ? "chosen here" : name);

  // Moving over a frame scrubs through its strip; the strip is loaded when it is first wanted.
  const scrubbing = (frame, picture, take) => {
    let strip = null;
    const move = (event) => {
      if (event.pointerType === "touch" || !take.strip) return;
      if (!strip) {
        strip = h("span.strip", { "aria-hidden": "true" });
        strip.style.backgroundImage = `url("${Review.media(take.strip)}")`;
        strip.style.backgroundSize = `${take.tiles * 100}% 100%`;
        picture.append(strip, h("span.needle", { "aria-hidden": "true" }));
      }
      const box = picture.getBoundingClientRect();
      const along = Math.min(0.9999, Math.max(0, (event.clientX - box.left) / box.width));
      const tile = Math.floor(along * take.tiles);
      strip.style.backgroundPositionX = `${(tile / (take.tiles - 1)) * 100}%`;
      frame.style.setProperty("--along", `${along * 100}%`);
      frame.classList.add("scrubbing");
    };
    frame.addEventListener("pointermove", move);
    frame.addEventListener("pointerleave", () => frame.classList.remove("scrubbing"));
  };

  const frameOf = (take) => {
    const shot = take.shot;
    const frame = h("button.frame", {
      type: "button",
      "aria-label": `Play take ${take.number} of ${shot.title || shot.shot}`,
      onclick: () => Review.open(shot, [take]),
    });
    const picture = h("span.picture");
    if (take.poster) {
      picture.append(h("img", {
        src: take.poster, alt: take.task.prompt.slice(0, 240), loading: "lazy", decoding: "async",
      }));
    } else {
      picture.append(h("span.blank", {}, take.flags[0] || "no picture"));
    }
    // Printed on the edge of the film, where nothing of the picture is covered.
    frame.append(picture, h("span.edge", {},
      h("span", {}, `${String(shot.number).padStart(2, "0")} ▸ ${take.number}`),
      h("span", {}, take.frames ? Review.timecode(take.frames, take.fps) : "")));
    scrubbing(frame, picture, take);
    return frame;
  };

  Review.tile = (take) => {
    const parts = Review.partsOf(take);
    const part = parts.length > 0;
    const several = (state.choices.get(take.shot.shot) || take.shot.pick)?.parts.length > 1;
    const held = part && ["picked", "chosen"].includes(Review.stateOf(take.shot));
    const paid = take.cost !== null ? Review.money(take.cost)
      : take.estimate !== null ? `≈ ${Review.money(take.estimate)}` : null;
    const hasSeed = Review.cellOf(take.task, take.shot).some(([axis]) => axis === "seed");
    const words = [
      take.seed === null || hasSeed ? null : h("span", { title: "seed" }, `seed ${take.seed}`),
      take.width ? h("span", {}, `${take.width}×${take.height}`) : null,
      h("span", {}, Review.bytes(take.size)),
      paid ? h("span", { title: take.cost !== null ? "paid" : "estimated" }, paid) : null,
    ];
    const tile = h("figure.take", {
      data: {
        name: take.name, picked: held ? "yes" : part ? "lapsed" : "no",
        current: take.current ? "yes" : "no", kind: take.kind,
      },
    },
      frameOf(take),
      h("figcaption", {},
        h("div.line", {},
          h("b.number", {}, `#${take.number}`),
          part ? h(held ? "span.pickmark" : "span.pickmark.lapsed", {}, icon("tick"),
            several ? `part ${parts.join(", ")}` : held ? "pick" : "old pick") : null,
          take.shot.default === take.name && Review.stateOf(take.shot) === "to review"
            ? h("span.plain", { title: "used until somebody picks" }, "default") : null,
          take.kind === "take" ? null : h("span.plain.kind", { title: KINDS[take.kind] }, take.label),
          take.draft && take.kind !== "draft" ? h("span.plain", {}, "draft") : null,
          shared(take),
          take.note ? h("span.plain", { title: take.note }, take.video ? "copy" : "no video") : null),
        cellLine(take.task, take.shot),
        h("div.facts", {}, words),
        take.flags.map((flag) => h("p.flag", {}, icon("flag"), flag)),
        h("div.acts", {},
          take.current ? h("button.act", {
            type: "button", onclick: () => Review.choose([{ take }]),
            title: `Pick this take ${Review.forWhich(take.shot)} (A)`.replace("  ", " "),
          }, held && !several ? "Pick again" : "Pick") : null,
          take.shot.takes.length > 1 ? h("button.act", {
            type: "button", title: "Look at it beside another take",
            onclick: () => Review.open(take.shot, Review.beside(take), "side"),
          }, "Compare") : null)));
    return Review.shape(tile, take);
  };

  const KINDS = {
    retake: "made in place of one whose file is lost",
    final: "made from a draft",
    draft: "its final replaces it",
    "other size": "the picture that is wanted, in another size",
    "older picture": "made before the inputs changed",
    replaced: "its file is lost, and another take was made in its place",
  };

  const shared = (take) => {
    const others = Review.sharedWith(take);
    if (!others.length) return null;
    const few = others.length > 2 ? `${others.length} deliverables` : others.join(", ");
    return h("span.plain.shared", { title: `One file for this deliverable and: ${others.join(", ")}. It is made, and paid for, once.` },
      `shared with ${few}`);
  };

  const cellLine = (task, shot) => {
    const cell = Review.cellOf(task, shot);
    return cell.length ? h("div.cell", {}, cell.map(([axis, value]) => h("span", {}, h("i", {}, axis), " ", value))) : null;
  };

  // A take with the one it should be judged against: the pick, else its neighbour.
  Review.beside = (take) => {
    const rest = take.shot.takes.filter((one) => one !== take && one.video);
    const other = rest.find((one) => Review.partsOf(one).length) || rest[0];
    return other ? [take, other] : [take];
  };

  // All takes of a shot as one stack, and a place for each task that has none yet.
  const stackOf = (shot) => {
    const empty = shot.tasks.filter((task) => !task.takes.length);
    const measured = shot.takes.filter((take) => take.width);
    const tall = measured.length > 0 && measured.every((take) => take.height > take.width);
    return [
      shot.tasks.filter((task) => task.trouble).map((task) =>
        h("p.flag.trouble", {}, icon("flag"), shot.tasks.length > 1 ? `${task.address}: ` : null, task.trouble)),
      h("div.takes", { role: "group", "aria-label": "Takes", data: { shape: tall ? "tall" : "wide" } },
        shot.takes.map(Review.tile),
        empty.map((task) => h("div.waits", { title: task.address },
          h("span", {}, task.action === "keep" ? "no take" : "not made yet"),
          task.wanted > 1 ? h("span", {}, `${task.wanted} takes wanted`) : null,
          cellLine(task, shot)))),
    ];
  };

  const pickLine = (shot) => {
    const choice = state.choices.get(shot.shot);
    const pick = choice || shot.pick;
    if (!pick) return null;
    const cut = (part) => {
      const range = part.in || part.out ? ` ${part.in || "0"} – ${part.out || "end"}` : "";
      const take = state.takes.get(part.take);
      const cell = take ? Review.cellOf(take.task, shot).map((pair) => pair.join("=")).join(",") : part.take.replace(/#.*/, "");
      return `${cell} #${part.take.replace(/.*#/, "")}${range}`.trim();
    };
    return h("div.pickline", { data: { state: Review.stateOf(shot) } },
      icon("tick"),
      h("span", {},
        pick.why ? h("q", {}, pick.why) : null, " ",
        h("span.plain", {}, pick.parts.map(cut).join("  +  "))),
      choice ? h("button.act", { type: "button", onclick: () => Review.unchoose(shot) }, "Forget")
        : state.data.live && shot.pick
          ? h("button.act", { type: "button", onclick: () => Review.undo(shot) }, "Take back") : null);
  };

  // A choice here counts in other films, too, where the shot lacks an axis of theirs.
  const whose = (shot) => {
    const count = Review.filmsOf(shot).length;
    if (count < 2) return null;
    const words = count === state.data.films.length ? "In all deliverables" : `In ${count} deliverables`;
    return h("p.whose", {}, `${words}: a pick here is for each of them.`);
  };

  // Said where the shot would be: its matrix excludes it from this film.
  const lackingCard = (base) => {
    const one = state.every.find((shot) => shot.base === base);
    const there = Review.filmsWith(base);
    return h("article.lacking", { data: { base } },
      h("h3", {}, one.title || one.id), h("p.path", {}, base),
      h("p", {}, `Not in ${Review.filmWords(state.film)}: its matrix leaves it out. It is in `,
        there.slice(0, 4).map((name, at) => [at ? ", " : "",
          h("a", { href: `#/${base}&${Review.linkToFilm(name).slice(3)}` }, Review.filmWords(name))]),
        there.length > 4 ? ` and ${there.length - 4} more.` : "."));
  };

  Review.shotCard = (shot) => {
    const name = Review.stateOf(shot);
    const waits = shot.tasks.filter((task) => !["keep", "move"].includes(task.action));
    const card = h("article.shot", {
      id: `shot-${shot.number}`, data: { shot: shot.shot, state: name },
      "aria-labelledby": `title-${shot.number}`,
    },
      h("header.slate", {},
        h("a.no", { href: Review.linkTo(shot), title: "Link to this shot" }, String(shot.number).padStart(2, "0")),
        h("div", {},
          h("h3", { id: `title-${shot.number}` }, shot.title || shot.id),
          h("p.path", {}, shot.shot, shot.was ? ` (was ${shot.was})` : "")),
        h("div.badges", {}, Review.badge(name),
          waits.length ? h("span.state", { data: { state: "changed" } },
            h("span.mark", { "aria-hidden": "true" }, "~"), waits[0].action) : null,
          shot.draft ? h("span.state", { data: { state: "draft" } },
            h("span.mark", { "aria-hidden": "true" }, "◇"), "draft") : null,
          shot.failed ? h("span.state", { data: { state: "failed" } },
            h("span.mark", { "aria-hidden": "true" }, "▲"), "look at it") : null)),
      shot.notes ? h("p.notes", {}, shot.notes) : null,
      pickLine(shot),
      whose(shot),
      shot.against.map((words) => h("p.against", {}, words)),
      h("div.cols", {},
        h("div.stack", {}, stackOf(shot)),
        Review.about(shot)));
    return card;
  };

  const sceneOf = (scene, number) => {
    const shots = state.shots.filter((shot) => shot.scene === scene.id);
    const names = [...new Set(scene.shots.map((shot) => shot.base))];
    const here = new Map(shots.map((shot) => [shot.base, shot]));
    const seconds = shots.reduce((sum, shot) => sum + (Review.face(shot)?.duration || 0), 0);
    return h("section.scene", { id: `scene-${number}`, "aria-labelledby": `scene-title-${number}` },
      h("header", {},
        h("p.eyebrow", {}, `Scene ${String(number).padStart(2, "0")}`,
          h("span", {}, Review.plural(shots.length, "shot")),
          seconds ? h("span", {}, Review.minutes(seconds)) : null),
        h("h2", { id: `scene-title-${number}` }, scene.title || scene.id),
        scene.notes ? h("p.notes", {}, scene.notes) : null),
      names.map((base) => (here.has(base) ? Review.shotCard(here.get(base)) : lackingCard(base))));
  };

  Review.drawSheet = (main) => {
    Review.fill(main, state.data.scenes.map((scene, at) => sceneOf(scene, at + 1)),
      h("p.nothing", { id: "nothing", hidden: true }, "No shot is like that."),
      state.data.strays.length ? h("section.strays", {},
        h("h2", {}, "Picks without a shot"),
        state.data.strays.map((one) => h("p", {}, h("b", {}, one.shot), one.pick && one.pick.why ? ` – ${one.pick.why}` : "",
          one.against.map((words) => h("span.plain", {}, ` ${words}`))))) : null);
    Review.sift();
  };

  Review.redraw = (shot) => {
    const old = document.getElementById(`shot-${shot.number}`);
    if (old) old.replaceWith(Review.shotCard(shot));
    Review.drawBar();
    Review.drawReel();
    Review.sift();
  };

  // Cards are laid out when they come near, and move those below: go there again until it holds.
  Review.bring = (card, rounds = 4) => {
    card?.scrollIntoView({ block: "start" });
    if (card?.isConnected && rounds) requestAnimationFrame(() => Review.bring(card, rounds - 1));
  };

  // Hides what the filter leaves out, without drawing anything again.
  Review.sift = () => {
    let shown = 0;
    for (const shot of state.shots) {
      const there = Review.visible(shot);
      shown += there;
      for (const id of [`shot-${shot.number}`, `reel-${shot.number}`]) {
        const element = document.getElementById(id);
        if (element) element.hidden = !there;
      }
    }
    for (const card of document.querySelectorAll(".lacking")) {
      const text = `${card.dataset.base} ${card.querySelector("h3").textContent}`.toLowerCase();
      card.hidden = state.filter !== "all" || !text.includes(state.find.toLowerCase());
    }
    for (const scene of document.querySelectorAll(".scene")) {
      scene.hidden = !scene.querySelector(".shot:not([hidden]), .lacking:not([hidden])");
    }
    const nothing = document.getElementById("nothing");
    if (nothing) nothing.hidden = shown > 0;
  };
})();
