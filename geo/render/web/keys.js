// The map by keyboard: step through what is on it with n and p, open it with Enter.
(function (G) {
  "use strict";

  G.keyPressed = function (app, event) {
    if (event.target !== app.map.getContainer() || !app.points || event.ctrlKey || event.altKey || event.metaKey) return;
    const step = { n: 1, p: -1 }[event.key];
    if (step) {
      const frame = app.map.getSize();
      const shift = app.top._bounds.min.subtract(app.map.containerPointToLayerPoint([0, 0]));
      const seen = app.points.items.filter((item) => {
        const x = item.x + shift.x, y = item.y + shift.y;
        return x >= 0 && y >= 0 && x <= frame.x && y <= frame.y;
      }).sort((a, b) => a.x - b.x || a.y - b.y);
      if (!seen.length) return;
      app.step = ((app.step === undefined ? (step > 0 ? -1 : 0) : app.step) + step + seen.length) % seen.length;
      const item = (app.stepped = seen[app.step]);
      const lines = item.rows.length === 1 ? G.projectLines(app, item.rows[0]) : G.groupLines(app, item);
      app._tip(L.point(item.x + shift.x, item.y + shift.y), lines);
      app.live.textContent = lines.join(", ");
      event.preventDefault();
    } else if (event.key === "Enter" && app.stepped) {
      if (app.stepped.rows.length === 1) app._pick(app.stepped.rows[0]);
      else app._openGroup(app.stepped);
      app.stepped = undefined;
      event.preventDefault();
    } else if (event.key === "Escape") {
      app.tip.hidden = true;
      app.points.fan = null;
      app._redraw();
    }
  };
})(window.GeoMap);
