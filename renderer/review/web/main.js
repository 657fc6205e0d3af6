"use strict";
// Draws the page and keeps it in step with the address line.
(() => {
  const { h } = Review;

  Review.address = (hash) => {
    if (location.hash !== hash) history.replaceState(null, "", hash);
  };

  const goTo = () => {
    const { hash } = location; // a viewer that is shut writes its own
    const film = Review.filmIn(hash);
    if (film !== null && !Review.isFilm(film)) Review.say(`There is no deliverable ${film}.`, true);
    else if (film !== null && film !== Review.state.film) Review.film(film);
    const found = Review.readLink(hash);
    if (!found) return;
    if (!Review.state.shots.includes(found.shot)) Review.film(Review.filmsOf(found.shot)[0]);
    if (!Review.visible(found.shot)) {
      Review.state.find = "";
      document.querySelector("#bar input[type=search]").value = "";
      Review.filter("all");
    }
    const card = document.getElementById(`shot-${found.shot.number}`);
    Review.bring(card);
    if (found.takes.length) return Review.open(found.shot, found.takes, found.mode);
    Review.address(hash);
    (card?.querySelector(".frame") || card?.querySelector(".no"))?.focus({ preventScroll: true });
  };

  const start = () => {
    Review.load(JSON.parse(document.getElementById("data").textContent));
    const sheet = h("main", { id: "sheet" });
    Review.fill(document.getElementById("page"), Review.frameBar(),
      h("nav", { id: "reel", "aria-label": "Storyboard" }), sheet);
    Review.drawBar();
    Review.drawReel();
    Review.drawSheet(sheet);
    Review.listen();
    goTo();
    addEventListener("hashchange", goTo);
    Review.follow();
    document.documentElement.dataset.ready = "yes";
  };
  start();
})();
