// The projects on the map: symbols, groups where it is crowded, a fan where several share a place.
(function (G) {
  "use strict";

  const CELL = 46; // pixels; a group never hides more than its neighbourhood
  const APART_ZOOM = 13; // from here on only what truly overlaps is grouped
  const FAN_LIMIT = 80;

  G.Points = class {
    constructor(columns) {
      const n = (this.n = columns.n);
      const lon = G.int32(columns.lon), lat = G.int32(columns.lat);
      this.stage = G.bytes(columns.stage);
      this.industry = G.bytes(columns.industry);
      this.size = G.bytes(columns.size);
      this.flags = G.bytes(columns.flags); // 1: sample, 2: approximate place
      this.x = new Float64Array(n).fill(NaN);
      this.y = new Float64Array(n).fill(NaN);
      for (let i = 0; i < n; i++)
        if (lon[i] !== G.HIDDEN) {
          this.x[i] = G.worldX(lon[i] / 1e6);
          this.y[i] = G.worldY(lat[i] / 1e6);
        }
      this.lines = (columns.lines || []).map(([row, parts]) => ({
        row: row,
        parts: parts.map((flat) => flat.map((v, i) => (i % 2 ? G.worldY(v) : G.worldX(v)))),
      }));
      this.rows = new Uint32Array(0);
      this.fan = null;
      this.items = [];
    }

    // mask: one bit a row, in row order, the highest bit first
    show(mask) {
      const rows = [];
      for (let i = 0; i < this.n; i++)
        if (mask[i >> 3] & (128 >> (i & 7)) && this.x[i] === this.x[i]) rows.push(i);
      this.rows = Uint32Array.from(rows);
      this.fan = null;
    }

    // Group by cells of the world grid of this zoom, so that a pan does not reshuffle the groups
    layout(frame) {
      const { scale: s, x: ox, y: oy } = frame;
      const pad = CELL;
      const cells = new Map();
      const cell = frame.zoom >= APART_ZOOM ? 8 : CELL;
      for (const row of this.rows) {
        const wx = this.x[row] * s, wy = this.y[row] * s;
        const sx = wx - ox, sy = wy - oy;
        if (sx < -pad || sy < -pad || sx > frame.width + pad || sy > frame.height + pad) continue;
        const key = Math.floor(wx / cell) * 4194304 + Math.floor(wy / cell);
        let group = cells.get(key);
        if (!group) cells.set(key, (group = { rows: [], sx: 0, sy: 0 }));
        group.rows.push(row);
        group.sx += sx;
        group.sy += sy;
      }
      this.items = this._merge([...cells.values()].map((group) => ({
        rows: group.rows, x: group.sx / group.rows.length, y: group.sy / group.rows.length,
      })), frame);
      return this.items;
    }

    // Join groups whose drawings would overlap (cells cut through crowds)
    _merge(groups, frame) {
      const reach = frame.zoom >= 16 ? 5 : frame.zoom >= APART_ZOOM ? 13 : 34;
      groups.sort((a, b) => b.rows.length - a.rows.length);
      const kept = [];
      const grid = new Map();
      const key = (x, y) => Math.floor(x / reach) * 4096 + Math.floor(y / reach);
      for (const group of groups) {
        let home = null;
        for (let dx = -reach; dx <= reach && !home; dx += reach)
          for (let dy = -reach; dy <= reach && !home; dy += reach)
            for (const other of grid.get(key(group.x + dx, group.y + dy)) || [])
              if (Math.hypot(other.x - group.x, other.y - group.y) < reach) { home = other; break; }
        if (home) {
          const total = home.rows.length + group.rows.length;
          home.x += ((group.x - home.x) * group.rows.length) / total;
          home.y += ((group.y - home.y) * group.rows.length) / total;
          for (const row of group.rows) home.rows.push(row);
        } else {
          kept.push(group);
          const k = key(group.x, group.y);
          if (!grid.has(k)) grid.set(k, []);
          grid.get(k).push(group);
        }
      }
      return kept;
    }

    draw(frame, state) {
      const way = state.tour && state.tour.stops.length;
      frame.ctx.globalAlpha = way ? 0.4 : 1; // what is not on the tour steps back
      this._drawLines(frame, state);
      const items = this.layout(frame);
      let selected = null;
      for (const item of items) {
        const single = item.rows.length === 1;
        item.r = single ? G.RADII[this.size[item.rows[0]]] : Math.min(30, 13 + 2.6 * Math.log2(item.rows.length));
        const holds = state.selectedRow >= 0 && item.rows.includes(state.selectedRow);
        if (single && !holds) this._symbol(frame.ctx, item.rows[0], item.x, item.y, state, false);
        else if (single) selected = item;
        else {
          if (holds) this._halo(frame.ctx, item);
          G.drawCluster(frame.ctx, item.x, item.y, this._cluster(item, state));
        }
      }
      if (selected) this._symbol(frame.ctx, selected.rows[0], selected.x, selected.y, state, true);
      const taken = items.map((item) => [item.x - item.r, item.y - item.r, item.x + item.r, item.y + item.r]);
      state.scene.drawNames(frame, state, [...taken, ...G.shadeBoxes(frame, state)]);
      frame.ctx.globalAlpha = 1;
      if (state.tour) {
        G.drawChosen(frame, state.tour, this);
        G.drawTour(frame, state.tour);
      }
      if (this.fan) this._drawFan(frame, state);
    }

    look(row, state, selected) {
      const industry = state.atlas.industries[this.industry[row]];
      const stage = state.atlas.stages[this.stage[row]];
      const by = state.colour === "industry" ? industry : stage;
      return {
        symbol: industry ? industry.symbol : "circle",
        colour: by ? by.colour : "#7a828c",
        hollow: Boolean(this.flags[row] & 1),
        approximate: Boolean(this.flags[row] & 2),
        mark: stage ? stage.mark : "",
        selected: selected,
      };
    }

    _symbol(ctx, row, x, y, state, selected) {
      G.drawSymbol(ctx, x, y, G.RADII[this.size[row]], this.look(row, state, selected));
    }

    _halo(ctx, item) {
      ctx.beginPath();
      ctx.arc(item.x, item.y, item.r + 6, 0, 2 * Math.PI);
      ctx.fillStyle = "rgba(11, 87, 208, 0.25)";
      ctx.fill();
    }

    _cluster(item, state) {
      const parts = new Map();
      let real = 0;
      const entries = state.colour === "industry" ? state.atlas.industries : state.atlas.stages;
      const codes = state.colour === "industry" ? this.industry : this.stage;
      for (const row of item.rows) {
        parts.set(codes[row], (parts.get(codes[row]) || 0) + 1);
        if (!(this.flags[row] & 1)) real++;
      }
      const ordered = [...parts].sort((a, b) => a[0] - b[0]);
      return {
        n: item.rows.length, r: item.r, real: real, realText: state.text.real_n,
        parts: ordered.map(([code, count]) => [entries[code] ? entries[code].colour : "#7a828c", count]),
      };
    }

    _drawLines(frame, state) {
      const ctx = frame.ctx;
      for (const line of this.lines) {
        if (!state.shown(line.row)) continue;
        const look = this.look(line.row, state, false);
        ctx.beginPath();
        for (const part of line.parts)
          for (let i = 0; i < part.length; i += 2)
            ctx[i ? "lineTo" : "moveTo"](part[i] * frame.scale - frame.x, part[i + 1] * frame.scale - frame.y);
        ctx.lineJoin = ctx.lineCap = "round";
        for (const [width, colour] of [[7, "#ffffff"], [4, look.colour]]) {
          ctx.lineWidth = width;
          ctx.strokeStyle = colour;
          if (look.hollow) ctx.setLineDash([8, 5]);
          ctx.stroke();
        }
        ctx.setLineDash([]);
      }
    }

    // Spread the projects of one place on a spiral of screen pixels
    openFan(item) {
      const rows = item.rows.slice(0, FAN_LIMIT);
      const spots = rows.map((row, i) => {
        if (rows.length <= 10) {
          const angle = -Math.PI / 2 + (i * 2 * Math.PI) / rows.length;
          const reach = Math.max(34, rows.length * 6);
          return [Math.cos(angle) * reach, Math.sin(angle) * reach];
        }
        const angle = i * 2.399963; // the golden angle spreads any number evenly
        const reach = 15 * Math.sqrt(i + 3);
        return [Math.cos(angle) * reach, Math.sin(angle) * reach];
      });
      const first = item.rows[0];
      this.fan = { rows: rows, spots: spots, wx: this.x[first], wy: this.y[first], more: item.rows.length - rows.length };
    }

    _drawFan(frame, state) {
      const ctx = frame.ctx;
      const cx = this.fan.wx * frame.scale - frame.x, cy = this.fan.wy * frame.scale - frame.y;
      const reach = Math.max(...this.fan.spots.map(([x, y]) => Math.hypot(x, y))) + 24;
      ctx.beginPath();
      ctx.arc(cx, cy, reach, 0, 2 * Math.PI);
      ctx.fillStyle = "rgba(255, 255, 255, 0.86)";
      ctx.fill();
      ctx.strokeStyle = "rgba(63, 74, 87, 0.6)";
      ctx.lineWidth = 1;
      ctx.stroke();
      ctx.beginPath();
      for (const [x, y] of this.fan.spots) {
        ctx.moveTo(cx, cy);
        ctx.lineTo(cx + x, cy + y);
      }
      ctx.strokeStyle = "rgba(63, 74, 87, 0.35)";
      ctx.stroke();
      this.fan.rows.forEach((row, i) => {
        const [x, y] = this.fan.spots[i];
        this._symbol(ctx, row, cx + x, cy + y, state, row === state.selectedRow);
        if (state.tour && state.tour.chosen.includes(row)) G.drawMark(ctx, cx + x + 9, cy + y - 9);
      });
      if (this.fan.more) {
        ctx.font = `600 12px ${G.FONT}`;
        ctx.textAlign = "center";
        ctx.fillStyle = "#1b2330";
        ctx.fillText("+" + this.fan.more, cx, cy);
      }
    }

    // What is under a point of the screen: {row} or {group}, else null
    hit(px, py, frame, reach) {
      if (this.fan) {
        const cx = this.fan.wx * frame.scale - frame.x, cy = this.fan.wy * frame.scale - frame.y;
        for (let i = 0; i < this.fan.rows.length; i++) {
          const [x, y] = this.fan.spots[i];
          if (Math.hypot(px - cx - x, py - cy - y) <= G.RADII[this.size[this.fan.rows[i]]] + reach)
            return { row: this.fan.rows[i], x: cx + x, y: cy + y };
        }
      }
      let best = null;
      for (const item of this.items) {
        const away = Math.hypot(px - item.x, py - item.y);
        if (away <= item.r + reach && (!best || away < best.away)) best = { away: away, item: item };
      }
      if (!best) return null;
      const item = best.item;
      return item.rows.length === 1 ? { row: item.rows[0], x: item.x, y: item.y } : { group: item, x: item.x, y: item.y };
    }

    // The extent of rows in degrees, or null where nothing is shown
    bounds(rows) {
      let west = Infinity, north = Infinity, east = -Infinity, south = -Infinity;
      for (const row of rows) {
        if (this.x[row] !== this.x[row]) continue;
        west = Math.min(west, this.x[row]);
        east = Math.max(east, this.x[row]);
        north = Math.min(north, this.y[row]);
        south = Math.max(south, this.y[row]);
      }
      if (west === Infinity) return null;
      const unproject = (x, y) => L.CRS.EPSG3857.pointToLatLng(L.point(x, y), 0);
      return L.latLngBounds(unproject(west, south), unproject(east, north));
    }
  };
})(window.GeoMap);
