"use strict";
// One take large, or two to four beside each other, or two with a wipe between them.
(() => {
  const { h, icon } = Review;
  const MOST = 4;
  const view = { shot: null, takes: [], mode: "single", sync: null, muted: false, start: null, stop: null, cut: [], part: null };
  Review.view = view;

  const dialog = h("dialog", { id: "viewer", "aria-label": "Viewer" });
  const parts = {};

  Review.isOpen = () => dialog.open;

  const flat = (takes) => takes.filter((take, at) => takes.indexOf(take) === at).slice(0, MOST);

  Review.open = (shot, takes, mode = "single") => {
    const changed = view.shot !== shot;
    view.shot = shot;
    view.takes = flat(takes.length ? takes : [Review.face(shot)].filter(Boolean));
    if (mode === "single") view.takes = view.takes.slice(0, 1);
    if (mode === "wipe") view.takes = view.takes.slice(0, 2);
    view.mode = view.takes.length > 1 ? mode : "single";
    const part = view.takes[0] && Review.partWith(view.takes[0]);
    if (changed || !dialog.open) {
      view.start = part ? toFrame(part.in, view.takes[0]) : null;
      view.stop = part ? toFrame(part.out, view.takes[0]) : null;
      view.cut = Review.cutOf(shot);
      view.part = null;
    }
    if (!dialog.isConnected) document.body.append(dialog);
    draw();
    if (!dialog.open) dialog.showModal();
    parts.stage.focus({ preventScroll: true });
    Review.address(view.takes.length ? Review.linkOf(view.takes, view.mode) : Review.linkTo(shot));
  };

  // Done at once, and not when the browser says that it is closed: the next key may come first.
  Review.shut = () => {
    if (dialog.open) dialog.close();
    view.sync?.end();
    view.sync = null;
    if (!view.shot) return;
    Review.address(Review.linkTo(view.shot));
    const take = view.takes[0];
    const tile = take && document.querySelector(`.take[data-name="${CSS.escape(take.name)}"] .frame`);
    tile?.focus();
    view.shot = null;
  };
  dialog.addEventListener("close", Review.shut);

  const toFrame = (text, take) => {
    if (!text) return null;
    return text.endsWith("f") ? Number.parseInt(text, 10) : Math.round(Number.parseFloat(text) * take.fps);
  };
  Review.toFrame = toFrame;

  const paneOf = (take, at) => {
    const caption = h("figcaption", {},
      h("b", {}, `${view.takes.length > 1 ? `${"ABCD"[at]}  ` : ""}#${take.number}`),
      h("span", {}, Review.cellOf(take.task, take.shot).filter(([axis]) => axis !== "seed").map(([, value]) => value).join(" · ")),
      take.seed === null ? null : h("span", {}, `seed ${take.seed}`),
      Review.partsOf(take).length ? h("span.pickmark", {}, icon("tick"), "pick") : null,
      take.kind === "take" ? null : h("span.plain", {}, take.label),
      take.flags.length ? h("span.flag", {}, icon("flag"), take.flags.join("; ")) : null,
      take.note ? h("span.plain", {}, take.note) : null);
    const pane = h("figure.pane", { data: { at: String(at) } });
    pane.style.setProperty("--shape", `${take.width || 16} / ${take.height || 9}`);
    if (take.video) {
      const video = h("video", {
        src: take.video, preload: "auto", playsinline: true,
        "aria-label": `Take ${take.number}: ${take.task.prompt.slice(0, 120)}`,
      });
      video.muted = at > 0 || view.muted;
      video.addEventListener("error", () => {
        pane.classList.add("broken");
        Review.put(pane, h("p.sorry", {}, "This browser cannot play this file. Open it in an editor instead."));
      }, { once: true });
      pane.append(video);
    } else {
      pane.append(take.poster ? h("img", { src: take.poster, alt: "" }) : h("p.sorry", {}, take.flags[0] || "There is no video."));
    }
    pane.append(caption);
    return pane;
  };

  const stageOf = () => {
    const stage = h("div.stage", { tabindex: "-1", data: { mode: view.mode, count: String(view.takes.length) } },
      view.takes.map(paneOf));
    if (!view.takes.length) stage.append(h("p.sorry", {}, "There is no take of this shot yet."));
    if (view.mode === "wipe") {
      const wipe = h("input.wipe", {
        type: "range", min: "0", max: "100", step: "0.5", value: "50", "aria-label": "Wipe between the takes",
      });
      const set = () => stage.style.setProperty("--wipe", `${wipe.value}%`);
      wipe.addEventListener("input", set);
      stage.addEventListener("pointermove", (event) => {
        if (!(event.buttons & 1) && event.pointerType !== "mouse") return;
        const box = stage.querySelector(".pane").getBoundingClientRect();
        wipe.value = String(Math.min(100, Math.max(0, ((event.clientX - box.left) / box.width) * 100)));
        set();
      });
      stage.append(h("span.blade", { "aria-hidden": "true" }), wipe);
      set();
    } else {
      stage.addEventListener("click", (event) => { if (event.target.closest("video")) view.sync?.toggle(); });
    }
    return stage;
  };

  const transport = () => {
    const fps = view.takes[0]?.fps || 24;
    Object.assign(parts, Review.deck(() => view.sync, view.muted, () => Review.mute(), () => Review.loop()));
    parts.range = h("span.range", {});
    parts.pick = h("button.act.strong", { type: "button", onclick: () => Review.chooseShown() });
    return h("div.transport", {},
      h("div.track", {}, parts.bar, parts.range),
      h("div.buttons", {},
        parts.time, parts.keys,
        h("span.marks", {},
          h("button.act", { type: "button", title: "In point here (I)", onclick: () => Review.mark("start") }, "In"),
          h("button.act", { type: "button", title: "Out point here (O)", onclick: () => Review.mark("stop") }, "Out"),
          h("span.plain.cut", {}, cutWords(fps)),
          h("button.act", {
            type: "button", title: "Make the shot of several takes: add this one, from in to out (E)",
            disabled: !view.takes[0]?.current, onclick: () => Review.add(),
          }, "Add"),
          parts.pick)));
  };

  // Before it is picked: the parts that are put together here, or the film from this shot on.
  Review.screenShown = () => {
    view.sync?.pause();
    if (view.cut.length > 1) Review.screen(view.shot.title || view.shot.shot, view.cut);
    else Review.screenAll(view.shot);
  };

  // One pick, or several parts in sequence.
  Review.namePick = () => {
    if (!parts.pick) return;
    const several = view.cut.length > 1;
    parts.pick.title = several ? "Pick these parts (A)" : "Pick the first take shown (A)";
    parts.pick.disabled = !(several || view.takes[0]?.current);
    Review.fill(parts.pick, icon("tick"), several ? `Pick ${view.cut.length} parts` : `Pick #${view.takes[0]?.number ?? ""}`);
  };

  const cutWords = (fps) => {
    if (view.start === null && view.stop === null) return "whole take";
    const from = Review.timecode(view.start || 0, fps);
    return `${from} – ${view.stop === null ? "end" : Review.timecode(view.stop, fps)}`;
  };

  const modes = () =>
    h("div.modes", { role: "group", "aria-label": "How to look" },
      [["single", "Single"], ["side", "Side by side"], ["wipe", "Wipe"]].map(([name, words]) =>
        h("button.tab", {
          type: "button", "aria-pressed": String(view.mode === name),
          disabled: name !== "single" && playable().length < 2, onclick: () => Review.look(name),
        }, words)));

  const playable = () => view.shot.takes.filter((take) => take.video);

  // The take that a number means: of the task that is shown or focused, where several have it.
  Review.numbered = (shot, number) => {
    const alike = shot.takes.filter((take) => take.number === number);
    const name = document.activeElement?.closest?.(".take")?.dataset.name;
    const here = Review.isOpen() ? view.takes[0] : Review.state.takes.get(name);
    return alike.find((take) => take.task === here?.task) || alike[0];
  };

  const strip = () =>
    h("div.reels", { role: "group", "aria-label": "Takes of this shot" },
      view.shot.takes.map((take) => {
        const place = view.takes.indexOf(take);
        const thumb = h("button.thumb", {
          type: "button", "aria-pressed": String(place >= 0),
          title: `${take.name}${take.number < 10 ? ` (${take.number})` : ""}${take.kind === "take" ? "" : `, ${take.label}`}`,
          "aria-label": ["Take", take.number, ...Review.cellOf(take.task, take.shot).map(([, value]) => value),
            take.kind === "take" ? "" : take.label].join(" ").trim(),
          onclick: () => Review.turn(take),
        },
          take.poster ? h("img", { src: take.poster, alt: "", loading: "lazy" }) : h("span.blank", {}, "–"),
          h("span.key", {}, place >= 0 && view.takes.length > 1 ? "ABCD"[place] : String(take.number)),
          Review.partsOf(take).length ? h("span.pickmark", {}, icon("tick")) : null);
        return Review.shape(thumb, take);
      }));

  const draw = () => {
    view.sync?.end();
    const shot = view.shot;
    parts.stage = stageOf();
    Review.fill(dialog,
      h("header.head", {},
        h("div.titles", {},
          h("span.no", {}, String(shot.number).padStart(2, "0")),
          h("h2", {}, shot.title || shot.id),
          h("span.path", {}, shot.shot),
          Review.badge(Review.stateOf(shot))),
        modes(),
        h("div.keys", {},
          Review.button("Shot before (up arrow)", "left", () => Review.turnShot(-1)),
          Review.button("Next shot (down arrow)", "right", () => Review.turnShot(1)),
          Review.button("Copy a link to this view", "link", () => Review.copy(location.href, "The link is on the clipboard.")),
          Review.button("Close (escape)", "close", () => Review.shut()))),
      parts.stage, transport(), Review.drawCut(), strip());
    const videos = [...parts.stage.querySelectorAll("video")];
    if (videos.length) {
      view.sync = new Review.Sync(videos, view.takes[0].fps, onChange);
      bounds();
      const first = view.start;
      if (first) videos[0].addEventListener("loadedmetadata", () => view.sync?.seekFrame(first), { once: true });
    }
  };

  const bounds = () => {
    const sync = view.sync;
    if (!sync) return;
    sync.from = view.start === null ? 0 : (view.start + 0.5) / sync.fps;
    sync.to = view.stop === null ? Infinity : view.stop / sync.fps;
  };

  const onChange = () => {
    const sync = view.sync;
    if (!sync || !parts.clock || !Review.showTime(parts, sync)) return;
    const end = Math.max(1, sync.lastFrame);
    parts.range.style.setProperty("--from", `${((view.start || 0) / end) * 100}%`);
    parts.range.style.setProperty("--to", `${(Math.min(view.stop ?? end, end) / end) * 100}%`);
    parts.range.hidden = view.start === null && view.stop === null;
  };

  // What keys and buttons do.
  Review.look = (mode) => {
    const at = view.sync?.leader.currentTime || 0;
    let takes = view.takes;
    if (mode !== "single" && takes.length < 2) takes = Review.beside(takes[0]);
    Review.open(view.shot, takes, mode);
    hold(at);
  };

  Review.turn = (take) => {
    const at = view.sync?.leader.currentTime || 0;
    let takes = [take];
    if (view.mode !== "single") {
      const there = view.takes.includes(take);
      const most = view.mode === "wipe" ? 2 : MOST;
      takes = there ? view.takes.filter((one) => one !== take) : [...view.takes.slice(0, most - 1), take];
      if (!takes.length) takes = [take];
    }
    view.part = null;
    Review.open(view.shot, takes, view.mode);
    hold(at);
  };

  // Stay at the same moment when other takes come on the stage.
  const hold = (time) => {
    const sync = view.sync;
    if (!sync || !time) return;
    const when = sync.videos.map((video) => new Promise((done) => {
      if (video.readyState >= 1) done();
      else video.addEventListener("loadedmetadata", done, { once: true });
    }));
    Promise.all(when).then(() => { if (view.sync === sync) sync.seek(time); });
  };

  Review.turnShot = (by) => {
    const shots = Review.state.shots.filter(Review.visible);
    const next = shots[shots.indexOf(view.shot) + by];
    if (next) Review.open(next, [], "single");
    else Review.say(by > 0 ? "This is the last shot." : "This is the first shot.");
  };

  Review.mark = (which) => {
    const sync = view.sync;
    if (!sync) return;
    view[which] = which === "stop" ? sync.frame + 1 : sync.frame;
    if (view.start !== null && view.stop !== null && view.stop <= view.start) {
      view[which === "stop" ? "start" : "stop"] = null;
    }
    marked();
    Review.remark();
  };

  Review.clearMarks = () => {
    view.start = view.stop = null;
    marked();
    Review.remark();
  };

  Review.setMarks = (part) => {
    view.start = toFrame(part.in, part.take);
    view.stop = toFrame(part.out, part.take);
    marked();
    hold((view.start || 0.5) / part.take.fps);
  };

  const marked = () => {
    bounds();
    dialog.querySelector(".cut").textContent = cutWords(view.takes[0]?.fps || 24);
    parts.shownFrame = "";
  };

  Review.mute = () => {
    view.muted = !view.muted;
    view.sync?.mute(view.muted);
    if (parts.sound) Review.fill(parts.sound, icon(view.muted ? "mute" : "sound"));
  };

  Review.loop = () => Review.turnLoop(parts, view.sync);

  Review.shown = () => {
    const take = view.takes[0];
    return take && {
      take,
      in: view.start === null ? "" : `${view.start}f`,
      out: view.stop === null ? "" : `${view.stop}f`,
    };
  };

  Review.chooseShown = () => {
    const cuts = view.cut.length > 1 ? view.cut : [Review.shown()];
    if (cuts[0]) Review.choose(cuts);
  };
  Review.refreshViewer = () => {
    if (!dialog.open) return;
    const shot = Review.state.shots.find((one) => one.shot === view.shot.shot);
    if (!shot) return Review.shut();
    const takes = view.takes.map((take) => Review.state.takes.get(take.name)).filter(Boolean);
    const at = view.sync?.leader.currentTime || 0;
    view.cut = view.cut.map((part) => ({ ...part, take: Review.state.takes.get(part.take.name) })).filter((part) => part.take);
    view.shot = shot; // the same one, loaded again: marks and parts stay
    Review.open(shot, takes, view.mode);
    hold(at);
  };
})();
