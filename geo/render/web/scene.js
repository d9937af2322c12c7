// What lies below the projects: land, water, roads, counties, parks, names.
(function (G) {
  "use strict";

  const STYLE = {
    sea: "#d5e4ec", land: "#eceae4", city: "#fbfaf6", water: "#b5d3e3", river: "#8fb9d1",
    road: "#d8c29a", roadCase: "#ffffff", county: "#8a94a3", accent: "#0b57d0", park: "#7b3f9e",
  };
  // where a name may stand, the best first: half widths to the side, pixels down
  const COUNTY_SPOTS = [];
  for (const dy of [0, -18, 18, -36, 36, -54, 54, -72, 72])
    for (const dx of [0, -0.5, 0.5, -1, 1, -1.6, 1.6]) COUNTY_SPOTS.push([dx, dy]);
  COUNTY_SPOTS.sort((a, b) => Math.abs(a[0]) * 60 + Math.abs(a[1]) - Math.abs(b[0]) * 60 - Math.abs(b[1]));
  const PARK_SPOTS = [[0, 15], [0, -15], [1, 0], [-1, 0]];

  // Turn flat lon, lat lists into world pixels once, so that a redraw only scales and shifts
  function project(flat) {
    const out = new Float64Array(flat.length);
    for (let i = 0; i < flat.length; i += 2) {
      out[i] = G.worldX(flat[i]);
      out[i + 1] = G.worldY(flat[i + 1]);
    }
    return out;
  }
  function extent(parts) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const part of parts)
      for (let i = 0; i < part.length; i += 2) {
        box[0] = Math.min(box[0], part[i]);
        box[1] = Math.min(box[1], part[i + 1]);
        box[2] = Math.max(box[2], part[i]);
        box[3] = Math.max(box[3], part[i + 1]);
      }
    return box;
  }

  G.feature = function (feature) {
    const parts = (feature.parts || []).map(project);
    return Object.assign({}, feature, { parts: parts, box: extent(parts) });
  };

  G.Scene = class {
    constructor(atlas) {
      this.layers = {};
      for (const [name, features] of Object.entries(atlas.layers)) {
        this.layers[name] = features.map(G.feature);
      }
      this.visible = { counties: true, parks: true, roads: true, names: true, points: true };
      this.offline = true;
    }

    draw(frame, state) {
      const ctx = frame.ctx;
      if (this.offline) {
        ctx.fillStyle = STYLE.sea;
        ctx.fillRect(0, 0, frame.width, frame.height);
        this._fill(frame, "land", STYLE.land);
        this._fill(frame, "counties", STYLE.city);
        if (state.shade && state.shade.kind !== "park") G.drawShade(frame, this, state);
        this._fill(frame, "water", STYLE.water);
        this._lines(frame, "water", STYLE.river, 1.6);
        if (this.visible.roads) {
          const width = frame.zoom < 9 ? 1 : frame.zoom < 11 ? 1.8 : 2.6;
          this._lines(frame, "roads", STYLE.roadCase, width + 1.6);
          this._lines(frame, "roads", STYLE.road, width);
        }
      } else if (state.shade && state.shade.kind !== "park") G.drawShade(frame, this, state);
      if (this.visible.counties) this._counties(frame, state);
      if (state.shade && state.shade.kind === "park") G.drawShade(frame, this, state);
      else if (this.visible.parks) this._parks(frame, state);
    }

    _visible(frame, feature) {
      const [west, north, east, south] = feature.box;
      const s = frame.scale;
      return east * s >= frame.x && west * s <= frame.x + frame.width &&
        south * s >= frame.y && north * s <= frame.y + frame.height;
    }

    _trace(frame, feature, close) {
      const ctx = frame.ctx;
      const { scale: s, x, y } = frame;
      for (const part of feature.parts) {
        let px = NaN, py = NaN;
        const last = part.length - 2;
        for (let i = 0; i <= last; i += 2) {
          const sx = part[i] * s - x, sy = part[i + 1] * s - y;
          // a vertex less than a pixel from the last is not seen
          if (i && i < last && Math.abs(sx - px) < 1 && Math.abs(sy - py) < 1) continue;
          if (i) ctx.lineTo(sx, sy);
          else ctx.moveTo(sx, sy);
          px = sx;
          py = sy;
        }
        if (close) ctx.closePath();
      }
    }

    _fill(frame, layer, colour) {
      const ctx = frame.ctx;
      ctx.fillStyle = colour;
      for (const feature of this.layers[layer] || []) {
        if (feature.kind !== "polygon" || !this._visible(frame, feature)) continue;
        ctx.beginPath();
        this._trace(frame, feature, true);
        ctx.fill("evenodd");
      }
    }

    _lines(frame, layer, colour, width) {
      const ctx = frame.ctx;
      ctx.strokeStyle = colour;
      ctx.lineWidth = width;
      ctx.lineJoin = ctx.lineCap = "round";
      ctx.beginPath();
      for (const feature of this.layers[layer] || [])
        if (feature.kind === "line" && this._visible(frame, feature)) this._trace(frame, feature, false);
      ctx.stroke();
    }

    _counties(frame, state) {
      const ctx = frame.ctx;
      const chosen = state.active.county;
      for (const feature of this.layers.counties || []) {
        if (!this._visible(frame, feature)) continue;
        const active = chosen.includes(feature.id);
        const hovered = state.hover && state.hover.kind === "county" && state.hover.id === feature.id;
        ctx.beginPath();
        this._trace(frame, feature, true);
        if (active || hovered) {
          ctx.fillStyle = active ? "rgba(11, 87, 208, 0.10)" : "rgba(11, 87, 208, 0.05)";
          ctx.fill("evenodd");
        }
        ctx.lineJoin = "round";
        ctx.lineWidth = active ? 2.6 : 1.2;
        ctx.strokeStyle = active ? STYLE.accent : STYLE.county;
        ctx.stroke();
      }
    }

    _parks(frame, state) {
      const ctx = frame.ctx;
      for (const feature of this.layers.parks || []) {
        const active = state.active.park.includes(feature.id);
        const hovered = state.hover && state.hover.kind === "park" && state.hover.id === feature.id;
        ctx.strokeStyle = active ? STYLE.accent : STYLE.park;
        ctx.lineWidth = active || hovered ? 2.4 : 1.3;
        if (feature.parts.length && this._visible(frame, feature)) {
          ctx.beginPath();
          this._trace(frame, feature, true);
          ctx.fillStyle = active ? "rgba(11, 87, 208, 0.12)" : hovered ? "rgba(123, 63, 158, 0.12)" : "rgba(123, 63, 158, 0.05)";
          ctx.fill("evenodd");
          if (feature.outline !== "polygon") ctx.setLineDash([6, 4]);
          ctx.stroke();
          ctx.setLineDash([]);
        }
        if (feature.label) {
          const [sx, sy] = G.screen(frame, feature.label);
          ctx.fillStyle = "#ffffff";
          ctx.fillRect(sx - 4, sy - 4, 8, 8);
          ctx.strokeRect(sx - 4, sy - 4, 8, 8);
        }
      }
    }

    // Write names where no symbol and no other name stands; `taken` are boxes in screen pixels
    drawNames(frame, state, taken) {
      if (!this.visible.names) return;
      const lang = state.lang;
      for (const feature of this.layers.counties || [])
        this._name(frame, taken, feature, { text: feature.name[lang], size: 15, weight: 600, colour: "#2b3440", spots: COUNTY_SPOTS });
      if (frame.zoom >= 9 && this.visible.parks)
        for (const feature of this.layers.parks || [])
          this._name(frame, taken, feature, { text: feature.name[lang], size: 12, weight: 500, colour: STYLE.park, spots: PARK_SPOTS, free: true });
      if (frame.zoom >= 10 && lang === "zh" && this.offline)
        for (const feature of this.layers.towns || [])
          this._name(frame, taken, feature, { text: feature.name[lang], size: 11.5, weight: 400, colour: "#69737f", spots: [[0, 0]] });
    }

    _name(frame, taken, feature, style) {
      if (!feature.label || !style.text) return;
      const ctx = frame.ctx;
      const [x, y] = G.screen(frame, feature.label);
      ctx.font = `${style.weight} ${style.size}px ${G.FONT}`;
      const half = ctx.measureText(style.text).width / 2 + 3, high = style.size / 2 + 2;
      for (const [dx, dy] of style.spots) {
        const sx = x + dx * (half + 12), sy = y + dy;
        const box = [sx - half, sy - high, sx + half, sy + high];
        // a name outside its own area would name its neighbour
        if (feature.parts.length && !style.free && !inside(feature, (sx + frame.x) / frame.scale, (sy + frame.y) / frame.scale)) continue;
        if (box[2] < 0 || box[0] > frame.width || box[3] < 0 || box[1] > frame.height) continue;
        if (taken.some((b) => b[0] < box[2] && b[2] > box[0] && b[1] < box[3] && b[3] > box[1])) continue;
        taken.push(box);
        ctx.textAlign = "center";
        ctx.textBaseline = "middle";
        ctx.lineJoin = "round";
        ctx.lineWidth = 3.5;
        ctx.strokeStyle = "rgba(255, 255, 255, 0.92)";
        ctx.strokeText(style.text, sx, sy);
        ctx.fillStyle = style.colour;
        ctx.fillText(style.text, sx, sy);
        return;
      }
    }

    // The park (the smallest first) or county under a place, for hovering and clicking
    hit(lon, lat, frame, shade) {
      if (shade) return G.shadeHit(this, shade, lon, lat, frame);
      const wx = G.worldX(lon), wy = G.worldY(lat);
      if (this.visible.parks) {
        const near = 12 / frame.scale;
        let best = null;
        for (const feature of this.layers.parks || []) {
          const [px, py] = feature.label ? [G.worldX(feature.label[0]), G.worldY(feature.label[1])] : [NaN, NaN];
          const touched = Math.hypot(px - wx, py - wy) <= near || inside(feature, wx, wy);
          const size = feature.parts.length ? feature.box[2] - feature.box[0] : 0;
          if (touched && (!best || size < best.size)) best = { size: size, feature: feature };
        }
        // a circle that fills the window would swallow every click meant for the county
        if (best && best.size * frame.scale < 0.6 * frame.width) return { kind: "park", id: best.feature.id, feature: best.feature };
      }
      for (const feature of this.layers.counties || [])
        if (inside(feature, wx, wy)) return { kind: "county", id: feature.id, feature: feature };
      return null;
    }
  };

  const inside = (G.inside = function (feature, x, y) {
    const [west, north, east, south] = feature.box;
    if (x < west || x > east || y < north || y > south) return false;
    let odd = false;
    for (const part of feature.parts)
      for (let i = 0, j = part.length - 2; i < part.length; j = i, i += 2) {
        const yi = part[i + 1], yj = part[j + 1];
        if (yi > y !== yj > y && x < ((part[j] - part[i]) * (y - yi)) / (yj - yi) + part[i]) odd = !odd;
      }
    return odd;
  });

  G.screen = (frame, lonlat) => [
    G.worldX(lonlat[0]) * frame.scale - frame.x, G.worldY(lonlat[1]) * frame.scale - frame.y];
})(window.GeoMap);
