"use strict";
// Several videos that play as one: the first leads, the others are bent towards it.
(() => {
  const SMALL = 0.012; // seconds; not visible
  const LARGE = 0.12; // seconds after which bending would take too long

  Review.Sync = class {
    constructor(videos, fps, onChange) {
      this.videos = videos;
      this.fps = fps;
      this.onChange = onChange;
      this.rate = 1;
      this.playing = false;
      this.loop = true;
      this.from = 0;
      this.to = Infinity;
      this.back = null;
      this.tick = this.tick.bind(this);
      this.handle = requestAnimationFrame(this.tick);
    }

    get leader() { return this.videos[0]; }
    get time() { return this.leader.currentTime; }
    get length() { return Math.max(0, ...this.videos.map((one) => one.duration || 0)); }
    get frame() { return Math.floor(this.time * this.fps + 0.01); }
    get lastFrame() { return Math.max(0, Math.round(this.length * this.fps) - 1); }

    end() {
      cancelAnimationFrame(this.handle);
      this.handle = 0;
      this.pause();
      for (const video of this.videos) {
        video.removeAttribute("src");
        video.load();
      }
    }

    async play(rate = 1) {
      this.back = null;
      this.rate = rate;
      this.playing = true;
      if (this.leader.currentTime >= Math.min(this.to, this.length) - 1 / this.fps) this.seek(this.from);
      await Promise.all(this.videos.map((video) => {
        video.playbackRate = rate;
        return video.play().catch(() => {});
      }));
    }

    pause() {
      this.playing = false;
      this.back = null;
      for (const video of this.videos) video.pause();
      if (this.handle) this.align();
    }

    mute(muted) { this.leader.muted = muted; }

    toggle() { return this.playing || this.back ? this.pause() : this.play(); }

    // J: no browser plays backwards, so the frames are sought one after the other.
    reverse() {
      const rate = this.back ? Math.min(4, this.back.rate * 2) : 1;
      this.pause();
      this.back = { rate, at: performance.now(), time: this.time };
    }

    faster() { return this.play(this.playing ? Math.min(4, this.rate * 2) : 1); }

    // The middle of a frame: its first moment may still show the one before.
    seekFrame(frame) {
      const kept = Math.min(this.lastFrame, Math.max(0, frame));
      this.seek((kept + 0.5) / this.fps);
    }

    step(by) {
      if (this.playing || this.back) this.pause();
      this.seekFrame(this.frame + by);
    }

    seek(time) {
      for (const video of this.videos) {
        const end = (video.duration || 0) - 0.5 / this.fps;
        video.currentTime = Math.max(0, Math.min(time, end > 0 ? end : time));
      }
      this.onChange();
    }

    align() {
      const time = this.leader.currentTime;
      for (const video of this.videos.slice(1)) {
        if (Math.abs(video.currentTime - time) > 0.25 / this.fps) {
          video.currentTime = Math.min(time, Math.max(0, (video.duration || time) - 0.5 / this.fps));
        }
      }
    }

    tick(now) {
      if (!this.handle) return;
      if (this.back) this.rewind(now);
      else if (this.playing) this.follow();
      this.onChange();
      this.handle = requestAnimationFrame(this.tick);
    }

    rewind(now) {
      const time = this.back.time - ((now - this.back.at) / 1000) * this.back.rate;
      if (this.videos.some((video) => video.seeking)) return;
      this.seek(Math.max(this.from, time));
      if (time <= this.from) this.back = null;
    }

    follow() {
      const lead = this.leader;
      if (lead.currentTime >= this.to || lead.ended) {
        if (!this.loop) return this.pause();
        this.seek(this.from);
        for (const video of this.videos) if (video.paused) video.play().catch(() => {});
        return;
      }
      for (const video of this.videos.slice(1)) {
        if (video.ended || video.seeking || lead.seeking) continue;
        const drift = video.currentTime - lead.currentTime;
        if (Math.abs(drift) > LARGE) {
          if (lead.currentTime < video.duration - 1 / this.fps) video.currentTime = lead.currentTime;
          video.playbackRate = this.rate;
        } else if (Math.abs(drift) > SMALL) {
          video.playbackRate = this.rate * (1 - Math.max(-0.08, Math.min(0.08, drift * 1.5)));
        } else {
          video.playbackRate = this.rate;
        }
        if (video.paused) video.play().catch(() => {});
      }
    }
  };
})();
