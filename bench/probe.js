// Runs in the page before its own scripts. It notes when somebody clicks, and when the projects that
// are drawn have changed; times are milliseconds since the start of the navigation.
(function () {
  "use strict";
  if (window !== window.top) return; // a frame of the page is looked at from above
  window.__marks = [];
  window.__clicked = 0;

  // deck.gl draws all points of a layer with one instanced call; its size is how many it drew
  let instances = 0;
  for (const name of ["drawArraysInstanced", "drawElementsInstanced"]) {
    const draw = WebGL2RenderingContext.prototype[name];
    WebGL2RenderingContext.prototype[name] = function (...args) {
      instances = args[args.length - 1];
      return draw.apply(this, args);
    };
  }

  const small = document.createElement("canvas");
  small.width = small.height = 128;
  const ctx = small.getContext("2d", { willReadFrequently: true });
  function hash(canvas) {
    ctx.clearRect(0, 0, 128, 128);
    ctx.drawImage(canvas, 0, 0, 128, 128);
    let sum = 0, filled = 0;
    for (const value of ctx.getImageData(0, 0, 128, 128).data) {
      sum = (sum * 31 + value) | 0;
      filled += value > 0;
    }
    return filled ? sum : null;
  }

  // Each says what of the projects is on the screen, or null while nothing is
  const probes = {
    app: function (frame) {
      const app = frame.GeoMap && frame.GeoMap.app;
      if (!app || !app.points || !app.points.items.length) return null;
      if (app.points.items !== this.items) {
        this.items = app.points.items; // a new list with every drawing
        this.drawings = (this.drawings || 0) + 1;
      }
      return { n: app.points.rows.length, drawings: this.drawings };
    },
    density: function (frame) {
      const app = frame.GeoMap && frame.GeoMap.app;
      if (!app || !app.state || !app.state.shade || !app.below) return null;
      if (app.below !== this.below) {
        this.below = app.below; // says what lies below the projects; set when that is drawn anew
        this.drawings = (this.drawings || 0) + 1;
      }
      return { n: null, drawings: this.drawings };
    },
    markers: function (frame) {
      const icons = frame.document.getElementsByClassName("leaflet-marker-icon");
      return icons.length && icons[0].complete ? { n: icons.length } : null;
    },
    cluster: function (frame) {
      const icons = frame.document.getElementsByClassName("leaflet-marker-icon");
      if (!icons.length) return null;
      let pixels = "";
      for (let i = 0; i < Math.min(icons.length, 40); i++) pixels += icons[i].textContent + icons[i].style.transform;
      return { n: null, pixels: pixels };
    },
    deck: () => (instances ? { n: instances } : null),
    bare: function () {
      const box = document.querySelector(".st-key-said p");
      return box ? { n: null, pixels: box.textContent } : null;
    },
  };

  const listened = new WeakSet();
  function listen(target) {
    if (listened.has(target)) return;
    listened.add(target);
    target.addEventListener("click", () => (window.__clicked = performance.now()), true);
    target.addEventListener("keydown", (event) => {
      if (event.key === "Enter") window.__clicked = performance.now();
    }, true);
  }

  const way = "__WAY__";
  const framed = way !== "deck" && way !== "bare";
  let seen = null;
  function look() {
    listen(document);
    const frame = framed && window.frames.length ? window.frames[0] : null;
    if (frame) listen(frame.document);
    const found = framed && !frame ? null : probes[way](frame);
    const said = JSON.stringify(found);
    if (found && said !== seen) {
      // what was drawn in this frame is on the screen when the next one begins
      requestAnimationFrame(() => {
        const mark = Object.assign({ at: performance.now() }, found);
        // reading pixels back takes longer than drawing them, so it comes after the clock was read
        if (way === "app") mark.pixels = hash(frame.GeoMap.app.top._container);
        if (way === "density") mark.pixels = hash(frame.GeoMap.app.base._container);
        window.__marks.push(mark);
      });
      seen = said;
    }
    requestAnimationFrame(look);
  }
  requestAnimationFrame(look);
})();
