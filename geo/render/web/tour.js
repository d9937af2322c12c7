// A tour on the map: its way, its numbered stops, and a loop drawn by hand to choose sites with.
(function (G) {
  "use strict";

  const WAY = "#0b57d0", END = "#1b2330", RADIUS = 13, CHOSEN = 6;
  const MOST = 400;

  const pixels = function (frame, flat) {
    const out = [];
    for (let i = 0; i < flat.length; i += 2)
      out.push([G.worldX(flat[i]) * frame.scale - frame.x, G.worldY(flat[i + 1]) * frame.scale - frame.y]);
    return out;
  };

  G.drawTour = function (frame, tour) {
    const ctx = frame.ctx;
    ctx.lineJoin = ctx.lineCap = "round";
    const ways = tour.lines.map((flat) => pixels(frame, flat));
    for (const [width, colour] of [[8, "#ffffff"], [4.5, WAY]])
      for (const way of ways) stroke(ctx, way, width, colour);
    for (const way of ways) arrow(ctx, way);
    const taken = [];
    for (const [words, lon, lat] of tour.ends) disc(ctx, apart(frame, lon, lat, taken), words, END, true);
    tour.spots = [];
    for (const [number, lon, lat, row] of tour.stops) {
      const at = apart(frame, lon, lat, taken);
      disc(ctx, at, String(number), WAY, false);
      tour.spots.push([...at, row]);
    }
  };

  // Sites that are asked for and are no stop (yet): a dot at the place itself, whatever group hides it
  G.drawChosen = function (frame, tour, points) {
    const planned = new Set(tour.stops.map((stop) => stop[3]));
    frame.ctx.globalAlpha = planned.size ? 0.45 : 1;
    for (const row of tour.chosen) {
      if (planned.has(row) || points.x[row] !== points.x[row]) continue;
      G.drawMark(frame.ctx, points.x[row] * frame.scale - frame.x, points.y[row] * frame.scale - frame.y);
    }
    frame.ctx.globalAlpha = 1;
  };

  G.drawMark = function (ctx, x, y) {
    for (const [radius, colour] of [[CHOSEN + 2, "#ffffff"], [CHOSEN, WAY], [CHOSEN - 3, "#ffffff"]]) {
      ctx.beginPath();
      ctx.arc(x, y, radius, 0, 2 * Math.PI);
      ctx.fillStyle = colour;
      ctx.fill();
    }
  };

  // The row of the numbered stop that is drawn at a place of the canvas, undefined where none is
  G.stopAt = function (tour, x, y, slack) {
    for (const [sx, sy, row] of (tour.spots || []).slice().reverse())
      if (row >= 0 && Math.hypot(sx - x, sy - y) <= RADIUS + slack) return row;
    return undefined;
  };

  function stroke(ctx, way, width, colour) {
    ctx.beginPath();
    way.forEach(([x, y], i) => ctx[i ? "lineTo" : "moveTo"](x, y));
    ctx.lineWidth = width;
    ctx.strokeStyle = colour;
    ctx.stroke();
  }

  // One arrow in the middle of a leg that is long enough to have one
  function arrow(ctx, way) {
    let length = 0;
    for (let i = 1; i < way.length; i++) length += Math.hypot(way[i][0] - way[i - 1][0], way[i][1] - way[i - 1][1]);
    if (length < 70) return;
    let left = length / 2;
    for (let i = 1; i < way.length; i++) {
      const [ax, ay] = way[i - 1], [bx, by] = way[i];
      const step = Math.hypot(bx - ax, by - ay);
      if (step < left) { left -= step; continue; }
      ctx.save();
      ctx.translate(ax + ((bx - ax) * left) / step, ay + ((by - ay) * left) / step);
      ctx.rotate(Math.atan2(by - ay, bx - ax));
      ctx.beginPath();
      ctx.moveTo(9, 0);
      ctx.lineTo(-6, 7);
      ctx.lineTo(-6, -7);
      ctx.closePath();
      ctx.fillStyle = WAY;
      ctx.strokeStyle = "#ffffff";
      ctx.lineWidth = 2;
      ctx.stroke();
      ctx.fill();
      ctx.restore();
      return;
    }
  }

  // Stops at one spot stand side by side
  function apart(frame, lon, lat, taken) {
    let x = G.worldX(lon) * frame.scale - frame.x;
    const y = G.worldY(lat) * frame.scale - frame.y;
    while (taken.some((other) => Math.hypot(other[0] - x, other[1] - y) < 2 * RADIUS - 4)) x += 2 * RADIUS - 2;
    taken.push([x, y]);
    return [x, y];
  }

  function disc(ctx, [x, y], words, colour, square) {
    ctx.beginPath();
    if (square) ctx.rect(x - RADIUS + 1, y - RADIUS + 1, 2 * RADIUS - 2, 2 * RADIUS - 2);
    else ctx.arc(x, y, RADIUS, 0, 2 * Math.PI);
    ctx.fillStyle = colour;
    ctx.fill();
    ctx.lineWidth = 2.5;
    ctx.strokeStyle = "#ffffff";
    ctx.stroke();
    ctx.fillStyle = "#ffffff";
    ctx.font = `700 13px ${G.FONT}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(words, x, y + 0.5);
    ctx.textBaseline = "alphabetic";
  }

  // Show a tour whole when it was planned afresh; a change by hand leaves the visitor's own view
  G.showTour = function (app, tour) {
    if (!tour || app.toured === tour.fit) return;
    app.toured = tour.fit;
    const bounds = tour.stops.length ? extent(tour) : null;
    if (bounds) app._fitTo(bounds.pad(0.06));
  };

  // The mark on the spot; the server's answer follows. A numbered stop opens beside the map instead
  G.toggleChosen = function (tour, row) {
    if (tour.stops.some((stop) => stop[3] === row)) return;
    const left = tour.chosen.filter((other) => other !== row);
    tour.chosen = left.length < tour.chosen.length ? left : [...left, row];
  };

  G.choose = function (app) {
    app._say(app.state.text.lasso_hint);
    lasso(app.map, app.points, (rows) => {
      app.notice.hidden = true;
      if (rows && rows.length) app._emit({ kind: "lasso", rows: rows });
    });
  };

  function extent(tour) {
    const bounds = L.latLngBounds([]);
    for (const [, lon, lat] of [...tour.ends, ...tour.stops]) bounds.extend([lat, lon]);
    for (const flat of tour.lines) for (let i = 0; i < flat.length; i += 2) bounds.extend([flat[i + 1], flat[i]]);
    return bounds.isValid() ? bounds : null;
  }

  // Let the next stroke of mouse or finger choose what it encloses
  function lasso(map, points, done) {
    const container = map.getContainer();
    const canvas = G.element("canvas", "gm-lasso");
    const size = map.getSize();
    canvas.width = size.x;
    canvas.height = size.y;
    container.append(canvas);
    const ctx = canvas.getContext("2d");
    const path = [];
    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    const end = (rows) => {
      canvas.remove();
      window.removeEventListener("keydown", cancel);
      done(rows);
    };
    const cancel = (event) => event.key === "Escape" && end(null);
    window.addEventListener("keydown", cancel);
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      path.push(at(event));
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!path.length) return;
      path.push(at(event));
      ctx.clearRect(0, 0, size.x, size.y);
      ctx.beginPath();
      path.forEach(([x, y], i) => ctx[i ? "lineTo" : "moveTo"](x, y));
      ctx.closePath();
      ctx.fillStyle = "rgba(11, 87, 208, 0.14)";
      ctx.strokeStyle = WAY;
      ctx.lineWidth = 2;
      ctx.fill();
      ctx.stroke();
    });
    canvas.addEventListener("pointerup", () => end(path.length > 2 ? inside(map, points, path) : null));
    canvas.addEventListener("pointercancel", () => end(null));
  }

  function inside(map, points, path) {
    const loop = path.map(([x, y]) => {
      const spot = map.containerPointToLatLng([x, y]);
      return [G.worldX(spot.lng), G.worldY(spot.lat)];
    });
    const found = [];
    for (const row of points.rows) {
      const x = points.x[row], y = points.y[row];
      let within = false;
      for (let i = 0, j = loop.length - 1; i < loop.length; j = i++) {
        const [ax, ay] = loop[i], [bx, by] = loop[j];
        if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) within = !within;
      }
      if (within) found.push(row);
    }
    return found.slice(0, MOST);
  }
})(window.GeoMap);
