"use strict";
// Beside each shot: the prompt, what changed in it, and the settings.
(() => {
  const { h } = Review;

  const diffOf = (task) =>
    h("p.diff", {}, task.diff.map(([kind, text]) =>
      kind === "old" ? h("del", {}, text) : kind === "new" ? h("ins", {}, text)
        : h(kind === "gap" ? "span.gap" : "span", {}, text)));

  const promptOf = (task) => {
    const text = h("p.prompt", {}, task.prompt);
    const long = task.prompt.length > 420;
    if (!long) return text;
    text.classList.add("cut");
    const more = h("button.act", { type: "button", "aria-expanded": "false" }, "Whole prompt");
    more.addEventListener("click", () => {
      const cut = text.classList.toggle("cut");
      more.setAttribute("aria-expanded", String(!cut));
      more.textContent = cut ? "Whole prompt" : "Less";
    });
    return [text, more];
  };

  const copying = (task) =>
    h("button.act", {
      type: "button",
      onclick: () => Review.copy(task.prompt, "The prompt is on the clipboard."),
    }, "Copy");

  Review.copy = async (text, words) => {
    try {
      await navigator.clipboard.writeText(text);
      Review.say(words);
    } catch {
      Review.say("This browser does not let a page copy; select the text instead.", true);
    }
  };

  const settingsOf = (task) =>
    h("dl.settings", {}, task.settings.map(([name, value, old]) => [
      h("dt", { class: old === null ? null : "changed" }, name.split(".").at(-1)),
      h("dd", { title: `${name}: ${value}` },
        old === null ? null : [h("del", {}, old), " "],
        old === null ? value : h("ins", {}, value)),
    ]));

  const bodyOf = (task) => [
    task.diff ? [
      h("h5", {}, `Changed since ${task.since}`),
      diffOf(task),
    ] : null,
    h("h5", {}, "Prompt", copying(task)),
    promptOf(task),
    h("h5", {}, "Settings", h("span.plain", {}, `${Review.price(task.price)} a take`)),
    settingsOf(task),
  ];

  Review.about = (shot) => {
    const body = h("div.body");
    const tabs = h("div.tabs", { role: "group", "aria-label": "Tasks of this shot" });
    const show = (at) => {
      [...tabs.children].forEach((tab, place) => tab.setAttribute("aria-pressed", String(place === at)));
      Review.fill(body, bodyOf(shot.tasks[at]));
    };
    if (shot.tasks.length > 1) {
      Review.put(tabs, shot.tasks.map((task, at) =>
        h("button.tab", { type: "button", onclick: () => show(at) },
          Review.cellOf(task, shot).map(([, value]) => value).join(" · ") || task.address)));
    }
    const face = Review.face(shot);
    show(Math.max(0, shot.tasks.indexOf(face?.task)));
    return h("aside.about", {}, shot.tasks.length > 1 ? tabs : null, body);
  };
})();
