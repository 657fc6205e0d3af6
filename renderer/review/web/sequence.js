"use strict";
// Parts of takes, one after the other, that play as one film. Two videos take turns: while one
// plays, the other waits at the first frame of the part that follows.
(() => {
  const { h } = Review;

  // Each part lies `at` seconds into the film, begins `from` seconds into its take and has a length.
  const laid = (cuts) => {
    let at = 0;
    return cuts.filter((cut) => cut.take.video).map(({ take, in: first, out: last }) => {
      const start = Review.toFrame(first, take) || 0;
      const stop = Math.min(Review.toFrame(last, take) ?? take.frames, take.frames);
      const piece = { take, at, from: start / take.fps, length: Math.max(1, stop - start) / take.fps };
      at += piece.length;
      return piece;
    });
  };

  Review.Sequence = class extends Review.Sync {
    constructor(cuts, onChange) {
      const pieces = laid(cuts);
      const video = () => h("video", { preload: "auto", playsinline: true });
      super([video(), video()], pieces[0]?.take.fps || 24, onChange);
      this.pieces = pieces;
      this.go(0, 0);
    }

    get piece() { return this.pieces[this.at]; }
    get length() { return this.pieces.reduce((sum, piece) => sum + piece.length, 0); }
    get time() {
      const into = this.leader.readyState ? this.leader.currentTime - this.piece.from : this.into;
      return this.piece.at + Math.min(this.piece.length, Math.max(0, into));
    }

    // Show a part from a moment in it (seconds), and make the next one ready.
    go(at, into) {
      this.at = at;
      this.into = into;
      if (this.leader.piece !== this.piece && this.videos[1].piece === this.piece) this.videos.reverse();
      const [front, spare] = this.videos;
      this.cue(front, this.piece, into);
      front.dataset.front = "yes";
      spare.dataset.front = "no";
      spare.pause();
      const next = this.pieces[(at + 1) % this.pieces.length];
      if (next !== this.piece) this.cue(spare, next, 0);
      if (this.playing) this.run();
    }

    cue(video, piece, into) {
      video.want = piece.from + (into || 0.5 / piece.take.fps);
      if (video.piece !== piece) {
        video.piece = piece;
        video.src = Review.media(piece.take.video);
        video.onloadedmetadata = () => { video.currentTime = video.want; };
      } else if (video.readyState && Math.abs(video.currentTime - video.want) > 0.25 / piece.take.fps) {
        video.currentTime = video.want;
      }
    }

    run() {
      this.leader.playbackRate = this.rate;
      return this.leader.play().catch(() => {});
    }

    async play(rate = 1) {
      this.back = null;
      this.rate = rate;
      this.playing = true;
      if (this.time >= this.length - 1 / this.fps) this.seek(0);
      await this.run();
    }

    seek(time) {
      const kept = Math.max(0, Math.min(time, this.length - 0.5 / this.fps));
      const found = this.pieces.findLastIndex((piece) => piece.at <= kept + 1e-6);
      this.go(found, Math.max(0, kept - this.pieces[found].at));
      this.onChange();
    }

    follow() {
      const { piece, leader } = this;
      if (leader.seeking || !leader.readyState) return;
      if (!leader.ended && leader.currentTime < piece.from + piece.length - 0.25 / piece.take.fps) {
        if (leader.paused) this.run();
      } else if (this.at + 1 < this.pieces.length) {
        this.go(this.at + 1, 0);
      } else if (this.loop) {
        this.go(0, 0);
      } else {
        this.pause();
      }
    }

    mute(muted) { for (const video of this.videos) video.muted = muted; }

    align() {}
  };
})();
