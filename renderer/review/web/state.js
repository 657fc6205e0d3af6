"use strict";
// What the page knows: the data, the choices made here, filters, and the address line.
(() => {
  const state = {
    data: null, shots: [], every: [], film: "", lacking: [], byFilm: new Map(), takes: new Map(), twins: new Map(),
    choices: new Map(), filter: "all", find: "",
  };
  Review.state = state;

  Review.MARKS = {
    picked: "✓", lapsed: "!", missing: "?", "to review": "○", "not made": "·", chosen: "✓",
  };
  Review.FILTERS = [
    ["all", "All", () => true],
    ["review", "To review", (shot) => ["to review", "lapsed", "missing"].includes(Review.stateOf(shot))],
    ["picked", "Picked", (shot) => ["picked", "chosen"].includes(Review.stateOf(shot))],
    ["changed", "Changed", (shot) => shot.changed],
    ["failed", "Failed", (shot) => shot.failed],
    ["draft", "Draft", (shot) => shot.draft],
  ];

  Review.load = (data) => {
    state.data = data;
    state.every = data.scenes.flatMap((scene) => scene.shots);
    state.takes = new Map();
    state.twins = new Map();
    state.byFilm = new Map();
    for (const scene of data.scenes) {
      for (const shot of scene.shots) {
        shot.base = `${shot.scene}/${shot.id}`;
        // One stack: what is valid comes first, of whichever task it is.
        shot.takes = shot.tasks.flatMap((task) => task.takes).sort((a, b) => a.version - b.version);
        shot.sceneTitle = scene.title || scene.id;
        for (const task of shot.tasks) {
          for (const take of task.takes) {
            take.shot = shot;
            take.task = task;
            state.takes.set(take.name, take);
            state.twins.set(take.sha256, [...(state.twins.get(take.sha256) || []), take]);
          }
        }
      }
    }
    Review.showFilm(state.film);
    restore();
  };

  // A film has the shots that agree with it in all axes that they have, one of each name.
  const isOf = (shot, film) => Object.entries(shot.film).every(([axis, value]) => (film.axes[axis] ?? value) === value);
  const shotsOf = (film) => {
    if (state.byFilm.has(film)) return state.byFilm.get(film);
    const found = new Map();
    state.byFilm.set(film, found);
    for (const shot of state.every) {
      if (!found.get(shot.base)) found.set(shot.base, isOf(shot, film) ? shot : null);
    }
    return found;
  };
  const filmNamed = (name) => state.data.films.find((one) => one.name === name);
  Review.isFilm = (name) => Boolean(filmNamed(name));
  Review.several = () => state.data.films.length > 1;
  Review.showFilm = (name) => {
    const film = filmNamed(name) || state.data.films[0];
    const found = shotsOf(film);
    state.film = film.name;
    state.shots = [...found.values()].filter(Boolean);
    state.shots.forEach((shot, at) => { shot.number = at + 1; });
    state.lacking = [...found].filter(([, shot]) => !shot).map(([base]) => base);
  };
  Review.filmsWith = (base) => state.data.films.filter((film) => shotsOf(film).get(base)).map((film) => film.name);
  Review.filmsOf = (shot) => state.data.films.filter((film) => isOf(shot, film)).map((film) => film.name);
  Review.pickedIn = (name) => {
    const shots = [...shotsOf(filmNamed(name)).values()].filter(Boolean);
    const done = shots.filter((shot) => ["picked", "chosen"].includes(Review.stateOf(shot)));
    return [done.length, shots.length];
  };
  // `9:16 · de`: most values say enough where people choose; the address line has the axes, too.
  const wordsOfAxes = (axes) => Object.entries(axes)
    .map(([axis, value]) => (/^(true|false|[\d.]+)$/.test(value) ? `${axis} ${value}` : value)).join(" · ");
  Review.filmWords = (name) => wordsOfAxes(filmNamed(name)?.axes || {}) || name;
  Review.forWhich = (shot) => {
    const count = Review.filmsOf(shot).length;
    if (!Review.several()) return "";
    if (count === state.data.films.length) return `for all ${count} deliverables`;
    const own = wordsOfAxes(shot.film);
    return count > 1 ? `for ${own}, in ${count} deliverables` : `for ${own}`;
  };

  // What tells the tasks of a shot apart: not the axes of its film, which all of them share.
  Review.cellOf = (task, shot) => task.cell.filter(([axis]) => !(axis in shot.film));

  // Where else this very file is a take of the shot: films that differ in no picture share it.
  Review.sharedWith = (take) => {
    const { shot } = take;
    const others = (state.twins.get(take.sha256) || []).map((twin) => twin.shot)
      .filter((other, at, all) => other !== shot && other.base === shot.base && all.indexOf(other) === at);
    return others.map((other) => wordsOfAxes(Object.fromEntries(
      Object.entries(other.film).filter(([axis, value]) => shot.film[axis] !== value))));
  };

  Review.stateOf = (shot) => (state.choices.has(shot.shot) ? "chosen" : shot.state);
  Review.test = (name) => Review.FILTERS.find((row) => row[0] === name)[2];
  Review.visible = (shot) => {
    if (!Review.test(state.filter)(shot)) return false;
    if (!state.find) return true;
    const words = [shot.shot, shot.title, shot.sceneTitle, ...shot.tasks.map((task) => task.prompt)];
    return words.join("\n").toLowerCase().includes(state.find.toLowerCase());
  };

  // The take to show for a shot: chosen here, picked, the default, any.
  Review.face = (shot) => {
    const names = [
      state.choices.get(shot.shot)?.parts[0].take, shot.pick?.parts[0].take, shot.default,
    ];
    for (const name of names) if (name && state.takes.has(name)) return state.takes.get(name);
    return shot.takes.find((take) => take.current) || shot.takes[0] || null;
  };

  // What is shown of a shot in the film: the parts of its pick, or the take that stands for it.
  Review.cutsOf = (shot) => {
    const parts = (state.choices.get(shot.shot) || shot.pick)?.parts || [];
    const found = parts.map((part) => ({ take: state.takes.get(part.take), in: part.in, out: part.out }));
    if (found.length && found.every((part) => part.take)) return found;
    const face = Review.face(shot);
    return face ? [{ take: face }] : [];
  };

  // Which parts of its shot's pick a take is, from 1; most often none, or the only one.
  Review.partsOf = (take) => {
    const choice = state.choices.get(take.shot.shot);
    if (!choice) return take.parts;
    return choice.parts.flatMap((part, at) => (part.take === take.name ? [at + 1] : []));
  };

  Review.partWith = (take) => {
    const pick = state.choices.get(take.shot.shot) || take.shot.pick;
    return pick?.parts.find((part) => part.sha256 === take.sha256) || null;
  };

  // Choices made from disk wait here until they are saved; a browser without storage forgets them.
  const key = () => `renderer-review ${state.data.provider} ${state.data.title}`;

  const shape = (parts) => JSON.stringify(parts.map((part) => [part.sha256, part.in, part.out]));

  const restore = () => {
    if (state.data.live) return state.choices.clear();
    let kept = {};
    try { kept = JSON.parse(localStorage.getItem(key()) || "{}"); } catch { kept = {}; }
    for (const [shot, choice] of Object.entries(kept)) {
      const found = state.every.find((one) => one.shot === shot);
      const sound = found && Array.isArray(choice?.parts) && choice.parts.length > 0
        && typeof choice.why === "string" && choice.parts.every((part) => {
          const take = state.takes.get(part?.take);
          return take && take.current && take.sha256 === part.sha256;
        });
      const done = sound && found.state === "picked" && found.pick.why === choice.why
        && shape(found.pick.parts) === shape(choice.parts);
      if (sound && !done) state.choices.set(shot, choice);
    }
  };

  Review.keep = () => {
    try { localStorage.setItem(key(), JSON.stringify(Object.fromEntries(state.choices))); } catch { /* no storage */ }
  };

  // #/scene/shot, #/scene/shot@axis=value/2, several takes joined by & for a comparison. A shot of
  // several films names the one that is looked at: &film=locale=de.
  const filmWord = (name) => `film=${encodeURIComponent(name).replace(/%(3A|2C|3D)/g, (code) => decodeURIComponent(code))}`;
  const ofFilm = (shot) => (Review.filmsOf(shot).length > 1 ? `&${filmWord(state.film)}` : "");
  Review.linkToFilm = (name) => `#/&${filmWord(name)}`;
  Review.linkTo = (shot) => `#/${shot.shot}${ofFilm(shot)}`;
  Review.linkOf = (takes, mode) => {
    const names = takes.map((take) => `${take.task.address}/${take.number}`);
    return `#/${names.join("&")}${mode && mode !== "single" ? `&${mode}` : ""}${ofFilm(takes[0].shot)}`;
  };
  const wordsOf = (hash) => {
    try { return hash.slice(1).split("&").map(decodeURIComponent); } catch { return []; }
  };
  Review.filmIn = (hash) => {
    const word = wordsOf(hash).find((one) => one.startsWith("film="));
    return word === undefined ? null : word.slice("film=".length);
  };
  Review.readLink = (hash) => {
    const words = wordsOf(hash).filter((one) => !one.startsWith("film="));
    if (!words[0]?.startsWith("/")) return null;
    words[0] = words[0].slice(1);
    const mode = ["side", "wipe"].includes(words.at(-1)) ? words.pop() : "single";
    const takes = words.map((word) => {
      const at = word.lastIndexOf("/");
      return state.takes.get(`${word.slice(0, at)}#${word.slice(at + 1)}`);
    }).filter(Boolean);
    const named = (shots) => shots.find((one) => one.shot === words[0]) || shots.find((one) => one.base === words[0]);
    const shot = takes[0]?.shot || state.every.find((one) => one.shot === words[0])
      || named(state.shots) || named(state.every);
    return shot ? { shot, takes, mode } : null;
  };
})();
