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
    picture.style.setProperty("--shape", `${take.width || 16} / ${take.height || 9}`);
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
    const words = [
      take.seed === null ? null : h("span", { title: "seed" }, `seed ${take.seed}`),
      take.width ? h("span", {}, `${take.width}×${take.height}`) : null,
      h("span", {}, Review.bytes(take.size)),
      paid ? h("span", { title: take.cost !== null ? "paid" : "estimated" }, paid) : null,
    ];
    const tile = h("figure.take", {
      data: {
        name: take.name, picked: held ? "yes" : part ? "lapsed" : "no",
        current: take.current ? "yes" : "no",
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
          take.draft ? h("span.plain", {}, "draft") : null,
          take.current ? null : h("span.plain", { title: "made before the inputs changed" }, "older picture"),
          take.note ? h("span.plain", { title: take.note }, take.video ? "copy" : "no video") : null),
        h("div.facts", {}, words),
        take.flags.map((flag) => h("p.flag", {}, icon("flag"), flag)),
        h("div.acts", {},
          take.current ? h("button.act", {
            type: "button", onclick: () => Review.choose([{ take }]),
            title: "Pick this take (A)",
          }, held && !several ? "Pick again" : "Pick") : null,
          take.shot.takes.length > 1 ? h("button.act", {
            type: "button", title: "Look at it beside another take",
            onclick: () => Review.open(take.shot, Review.beside(take), "side"),
          }, "Compare") : null)));
    return tile;
  };

  // A take with the one it should be judged against: the pick, else its neighbour.
  Review.beside = (take) => {
    const rest = take.shot.takes.filter((one) => one !== take && one.video);
    const other = rest.find((one) => Review.partsOf(one).length) || rest[0];
    return other ? [take, other] : [take];
  };

  const taskOf = (task, alone) =>
    h("section.task", { "aria-label": task.address, data: { takes: String(Math.min(4, task.takes.length)) } },
      alone ? null : h("h4.cell", {}, task.cell.map(([axis, value]) =>
        h("span", {}, h("i", {}, axis), value))),
      task.trouble ? h("p.flag", {}, icon("flag"), task.trouble) : null,
      task.takes.length
        ? h("div.takes", {}, task.takes.map(Review.tile))
        : h("div.waits", {}, h("span", {}, task.action === "keep" ? "no take" : "not made yet"),
          task.wanted > 1 ? `${task.wanted} takes wanted` : null));

  const pickLine = (shot) => {
    const choice = state.choices.get(shot.shot);
    const pick = choice || shot.pick;
    if (!pick) return null;
    const cut = (part) => {
      const range = part.in || part.out ? ` ${part.in || "0"} – ${part.out || "end"}` : "";
      return `${part.take.replace(/^[^@#]*/, "")}${range}`;
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

  Review.shotCard = (shot) => {
    const name = Review.stateOf(shot);
    const waits = shot.tasks.filter((task) => !["keep", "move"].includes(task.action));
    const card = h("article.shot", {
      id: `shot-${shot.number}`, data: { shot: shot.shot, state: name },
      "aria-labelledby": `title-${shot.number}`,
    },
      h("header.slate", {},
        h("a.no", { href: `#/${shot.shot}`, title: "Link to this shot" }, String(shot.number).padStart(2, "0")),
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
      shot.against.map((words) => h("p.against", {}, words)),
      h("div.cols", {},
        h("div.sheet", { data: { tasks: shot.tasks.length > 1 ? "many" : "one" } }, shot.tasks.map((task) => taskOf(task, shot.tasks.length === 1 && !task.cell.length))),
        Review.about(shot)));
    return card;
  };

  const sceneOf = (scene, number) => {
    const seconds = scene.shots.reduce((sum, shot) => sum + (Review.face(shot)?.duration || 0), 0);
    return h("section.scene", { id: `scene-${number}`, "aria-labelledby": `scene-title-${number}` },
      h("header", {},
        h("p.eyebrow", {}, `Scene ${String(number).padStart(2, "0")}`,
          h("span", {}, Review.plural(scene.shots.length, "shot")),
          seconds ? h("span", {}, Review.minutes(seconds)) : null),
        h("h2", { id: `scene-title-${number}` }, scene.title || scene.id),
        scene.notes ? h("p.notes", {}, scene.notes) : null),
      scene.shots.map(Review.shotCard));
  };

  Review.drawSheet = (main) => {
    Review.fill(main, state.data.scenes.map((scene, at) => sceneOf(scene, at + 1)),
      h("p.nothing", { id: "nothing", hidden: true }, "No shot is like that."),
      state.data.strays.length ? h("section.strays", {},
        h("h2", {}, "Picks without a shot"),
        state.data.strays.map((one) => h("p", {}, one.shot, one.pick && one.pick.why ? ` – ${one.pick.why}` : ""))) : null);
    Review.sift();
  };

  Review.redraw = (shot) => {
    const old = document.getElementById(`shot-${shot.number}`);
    if (old) old.replaceWith(Review.shotCard(shot));
    Review.drawBar();
    Review.drawReel();
    Review.sift();
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
    for (const scene of document.querySelectorAll(".scene")) {
      scene.hidden = !scene.querySelector(".shot:not([hidden])");
    }
    const nothing = document.getElementById("nothing");
    if (nothing) nothing.hidden = shown > 0;
  };
})();
