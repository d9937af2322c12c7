// Places shaded by class (how dense they are, say): their fill, their legend, what lies where.
(function (G) {
  "use strict";

  const ACCENT = "#0b57d0", DISC = 9, UNKNOWN = "#f1f1ee";

  // Cells come with the command and are turned into world pixels once, however often it is drawn
  G.readShade = function (shade) {
    if (!shade || shade.features) return shade;
    shade.features = shade.cells.map(([id, rings]) => G.feature({ id: id, kind: "polygon", parts: rings }));
    return shade;
  };

  const features = (scene, shade) =>
    shade.kind === "cell" ? shade.features : scene.layers[shade.kind === "county" ? "counties" : "parks"] || [];

  G.drawShade = function (frame, scene, state) {
    const shade = state.shade, ctx = frame.ctx;
    for (const feature of features(scene, shade)) {
      const number = shade.classes[feature.id];
      if (number === undefined) continue;
      const picked = shade.picked.includes(feature.id);
      const hovered = state.hover && state.hover.id === feature.id;
      const look = { fill: number < 0 ? hatch(ctx) : shade.colours[number], picked: picked, hovered: hovered };
      if (feature.parts.length && scene._visible(frame, feature)) area(frame, scene, feature, shade.kind, look);
      if (shade.kind === "park" && feature.label) disc(frame, feature, look);
    }
  };

  function area(frame, scene, feature, kind, look) {
    const ctx = frame.ctx;
    ctx.beginPath();
    scene._trace(frame, feature, true);
    ctx.globalAlpha = kind === "cell" ? 0.82 : kind === "park" ? 0.55 : 0.85;
    ctx.fillStyle = look.fill;
    ctx.fill("evenodd");
    ctx.globalAlpha = 1;
    const edge = kind === "cell" ? "rgba(90, 60, 40, 0.28)" : "#8a7f74";
    ctx.strokeStyle = look.picked || look.hovered ? ACCENT : edge;
    ctx.lineWidth = look.picked ? 3.2 : look.hovered ? 2 : kind === "cell" ? 0.6 : 1;
    ctx.lineJoin = "round";
    ctx.stroke();
  }

  // A park is a few pixels wide where the whole city is seen; its disc is not its size
  function disc(frame, feature, look) {
    const ctx = frame.ctx, [x, y] = G.screen(frame, feature.label);
    ctx.beginPath();
    ctx.arc(x, y, DISC, 0, 2 * Math.PI);
    ctx.fillStyle = "#ffffff";
    ctx.fill();
    ctx.fillStyle = look.fill;
    ctx.fill();
    ctx.strokeStyle = look.picked || look.hovered ? ACCENT : "#3b3129";
    ctx.lineWidth = look.picked ? 3.4 : 1.6;
    ctx.stroke();
  }

  // Where discs stand, so that no name is written over them
  G.shadeBoxes = function (frame, { scene, shade }) {
    if (!shade || shade.kind !== "park") return [];
    return features(scene, shade).filter((feature) => feature.label && shade.classes[feature.id] !== undefined).map((feature) => {
      const [x, y] = G.screen(frame, feature.label);
      return [x - DISC, y - DISC, x + DISC, y + DISC];
    });
  };

  function hatch(ctx) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const brush = tile.getContext("2d");
    brush.fillStyle = UNKNOWN;
    brush.fillRect(0, 0, 8, 8);
    brush.strokeStyle = "#a4a29c";
    brush.lineWidth = 1.2;
    brush.beginPath();
    for (const shift of [-8, 0, 8]) {
      brush.moveTo(shift, 8);
      brush.lineTo(shift + 8, 0);
    }
    brush.stroke();
    return ctx.createPattern(tile, "repeat");
  }

  // The shaded place under a spot, the smallest first where parks lie in one another
  G.shadeHit = function (scene, shade, lon, lat, frame) {
    const x = G.worldX(lon), y = G.worldY(lat), near = (DISC + 3) / frame.scale;
    let best = null;
    for (const feature of features(scene, shade)) {
      if (shade.classes[feature.id] === undefined) continue;
      const [px, py] = shade.kind === "park" && feature.label ? [G.worldX(feature.label[0]), G.worldY(feature.label[1])] : [NaN, NaN];
      const size = feature.parts.length ? feature.box[2] - feature.box[0] : 0;
      if ((Math.hypot(px - x, py - y) <= near || G.inside(feature, x, y)) && (!best || size < best.size))
        best = { kind: "place", id: feature.id, feature: feature, size: size };
    }
    return best;
  };

  G.shadeLines = (shade, area, lang) =>
    shade.tips[area.id] || [area.feature.name ? area.feature.name[lang] : area.id];

  // The legend's entries as values, for the page and the picture alike
  G.shadeSection = ({ legend, colours }) => ({
    id: "shade", title: legend.title + (legend.unit ? " · " + legend.unit : ""),
    entries: legend.entries.map(([label, n], i) => ({
      facet: "shade", id: String(i), label: label, n: n, look: { symbol: "square", colour: colours[i] },
    })).reverse(), // the densest on top
  });

  G.shadeKeys = ({ legend }) => [
    ...(legend.unknown ? [{ label: legend.unknown, hatched: true }] : []),
    ...legend.notes.map((label) => ({ label: label, note: true })),
  ];

  G.drawHatched = function (ctx, x, y, size) {
    ctx.fillStyle = hatch(ctx);
    ctx.fillRect(x, y, size, size);
    ctx.strokeStyle = "#a4a29c";
    ctx.lineWidth = 1;
    ctx.strokeRect(x, y, size, size);
  };

  // Maps of one group show the same part of the world
  G.joinMaps = function (app, group) {
    if ((app.group || "") === group || typeof BroadcastChannel === "undefined") return;
    if (app.channel) app.channel.close();
    else app.map.on("move", () => tell(app));
    app.group = group;
    app.channel = new BroadcastChannel("map-" + group);
    app.channel.onmessage = ({ data }) => {
      if (!app.group) return;
      app.follows = true; // or two maps would answer each other for ever
      app.map.setView(data.centre, data.zoom, { animate: false });
      app.follows = false;
    };
  };

  function tell(app) {
    if (!app.group || !app.moved || app.follows) return;
    const centre = app.map.getCenter();
    app.channel.postMessage({ centre: [centre.lat, centre.lng], zoom: app.map.getZoom() });
  }
})(window.GeoMap);
