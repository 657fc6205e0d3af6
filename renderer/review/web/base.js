"use strict";
// The one global: small parts put themselves on it, in the order of the script tags.
const Review = {};

(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const MEDIA = /^media\/[0-9a-f]{64}(\.strip)?\.(mp4|webm|mov|jpg)$/;
  const ICONS = {
    play: "M7 4.5v15l13-7.5z",
    pause: "M6 4.5h4.5v15H6zM13.5 4.5H18v15h-4.5z",
    back: "M17.5 5v14L8 12zM6 5h1.8v14H6z",
    forward: "M6.5 5v14L16 12zM16.2 5H18v14h-1.8z",
    close: "M6 7.2 7.2 6 12 10.8 16.8 6 18 7.2 13.2 12 18 16.8 16.8 18 12 13.2 7.2 18 6 16.8 10.8 12z",
    left: "M14.8 5 16.2 6.4 10.6 12l5.6 5.6-1.4 1.4L7.8 12z",
    right: "M9.2 5 7.8 6.4l5.6 5.6-5.6 5.6 1.4 1.4 7-7z",
    tick: "m9.6 17.6-5.4-5.4 1.5-1.5 3.9 3.9 8.7-8.7 1.5 1.5z",
    loop: "M7 7h9V4.4L20 8l-4 3.6V9H9v4H7zm10 10H8v2.6L4 16l4-3.6V15h7v-4h2z",
    sound: "M4 9.5v5h3.2l4.3 3.6V5.9L7.2 9.5zm10.2-1.2v7.4a4 4 0 0 0 0-7.4zm0-3.3v1.8a5.6 5.6 0 0 1 0 10.4V19a7.4 7.4 0 0 0 0-14z",
    mute: "M4 9.5v5h3.2l4.3 3.6V5.9L7.2 9.5zM20 9.7l-1.2-1.2-2 2-2-2-1.2 1.2 2 2.1-2 2 1.2 1.2 2-2 2 2 1.2-1.2-2-2z",
    link: "M10.6 13.4a3.5 3.5 0 0 0 5 0l2.6-2.6a3.5 3.5 0 0 0-5-5l-1 1 1.2 1.3 1-1a1.7 1.7 0 0 1 2.5 2.4l-2.6 2.6a1.7 1.7 0 0 1-2.4 0zm2.8-2.8a3.5 3.5 0 0 0-5 0l-2.6 2.6a3.5 3.5 0 0 0 5 5l1-1-1.2-1.3-1 1a1.7 1.7 0 0 1-2.5-2.4l2.6-2.6a1.7 1.7 0 0 1 2.4 0z",
    theme: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 1.8v14.4a7.2 7.2 0 0 1 0-14.4z",
    flag: "M6 3.5h1.8V5h9.7l-2 4 2 4H7.8v7.5H6z",
  };

  // Builds an element. Text only ever becomes a text node; attributes are a fixed few.
  Review.h = (tag, attributes, ...children) => {
    const [name, ...classes] = tag.split(".");
    const element = document.createElement(name || "div");
    if (classes.length) element.className = classes.join(" ");
    for (const [key, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
      else if (key === "data") Object.assign(element.dataset, value);
      else if (key === "src" || key === "poster") element.setAttribute(key, Review.media(value));
      else if (key === "href") element.setAttribute("href", value.startsWith("#") ? value : "#");
      else element.setAttribute(key, value === true ? "" : String(value));
    }
    Review.put(element, children);
    return element;
  };

  // The shape of a take's picture, for the styles: nothing is stretched or cut.
  Review.shape = (element, take) => {
    const [width, height] = take?.width ? [take.width, take.height] : [16, 9];
    element.style.setProperty("--shape", `${width} / ${height}`);
    element.style.setProperty("--ratio", (width / height).toFixed(4));
    return element;
  };

  Review.put = (element, children) => {
    for (const child of [children].flat(4)) {
      if (child === null || child === undefined || child === false || child === "") continue;
      element.append(child instanceof Node ? child : document.createTextNode(String(child)));
    }
    return element;
  };

  Review.fill = (element, ...children) => {
    element.replaceChildren();
    return Review.put(element, children);
  };

  Review.media = (path) => {
    if (!MEDIA.test(path)) throw new Error("not a file of this page");
    return path;
  };

  Review.icon = (name) => {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    svg.classList.add("icon");
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", ICONS[name]);
    path.setAttribute("fill-rule", "evenodd");
    svg.append(path);
    return svg;
  };

  Review.button = (label, icon, onclick, more) =>
    Review.h("button.tool", { type: "button", title: label, "aria-label": label, onclick, ...more },
      Review.icon(icon));

  const two = (number) => String(number).padStart(2, "0");

  // Timecode of a frame: minutes, seconds, frames.
  Review.timecode = (frame, fps) => {
    const rate = Math.max(1, Math.round(fps));
    const seconds = Math.floor(frame / rate);
    return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}:${two(frame % rate)}`;
  };

  Review.seconds = (value) => `${(Math.round(value * 10) / 10).toFixed(1)} s`;
  Review.minutes = (value) => `${Math.floor(value / 60)}:${two(Math.round(value % 60))}`;
  Review.bytes = (value) =>
    value >= 1e6 ? `${(value / 1e6).toFixed(1)} MB` : `${Math.max(1, Math.round(value / 1e3))} kB`;

  // 0.05000 reads as $0.05; what is paid is never rounded away.
  Review.money = (text) => {
    const [whole, part = ""] = text.split(".");
    return `$${whole}.${part.replace(/0+$/, "").padEnd(2, "0")}`;
  };
  Review.price = (cost) =>
    cost.low === cost.high
      ? Review.money(cost.low) : `${Review.money(cost.low)} to ${Review.money(cost.high)}`;
  Review.plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

  let waiting = 0;
  Review.say = (text, wrong) => {
    let line = document.getElementById("said");
    if (!line) {
      line = Review.h("p", { id: "said", role: "status" });
      document.body.append(line);
    }
    // An open dialog covers all else, so the words go into it.
    ([...document.querySelectorAll("dialog[open]")].at(-1) || document.body).append(line);
    line.textContent = text;
    line.className = wrong ? "wrong shown" : "shown";
    clearTimeout(waiting);
    waiting = setTimeout(() => { line.className = ""; }, wrong ? 9000 : 4200);
  };
})();
