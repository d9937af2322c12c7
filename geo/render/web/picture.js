// The map as a PNG: redrawn at twice the size with title, legend, scale bar, source and date.
(function (G) {
  "use strict";

  const HEAD = 64, SIDE = 210, RATIO = 2;
  const FOOT_FONT = `400 12px ${G.FONT}`;
  const LINE = 17; // pixels of a line at the foot

  G.picture = function (map, scene, points, state) {
    const size = map.getSize();
    const canvas = document.createElement("canvas");
    const ctx = canvas.getContext("2d");
    const width = size.x + SIDE;
    ctx.font = FOOT_FONT;
    const lines = state.text.picture_foot.flatMap((line) => wrapped(ctx, line, width - 32));
    const legendEnd = HEAD + 12 + legendRows(state) * 20;
    const height = Math.max(HEAD + size.y, legendEnd) + lines.length * LINE + 12;
    canvas.width = width * RATIO;
    canvas.height = height * RATIO;
    ctx.scale(RATIO, RATIO);
    ctx.fillStyle = "#ffffff";
    ctx.fillRect(0, 0, width, height);
    drawMap(ctx, map, scene, points, state, size);
    title(ctx, state, width);
    legend(ctx, state, size.x + 14, HEAD + 6);
    scaleBar(ctx, map, state, 16, HEAD + size.y - 14);
    foot(ctx, lines, height - lines.length * LINE);
    return canvas;
  };

  // a note may take two rows
  const legendRows = (state) => G.legendKeys(state).filter((key) => key.note).length +
    G.legendSections(state).reduce((n, section) => n + section.entries.length + 1.5, 0) + G.legendKeys(state).length + G.legendSizes(state).length;

  function drawMap(ctx, map, scene, points, state, size) {
    ctx.save();
    ctx.translate(0, HEAD);
    ctx.beginPath();
    ctx.rect(0, 0, size.x, size.y);
    ctx.clip();
    if (!scene.offline) tiles(ctx, map);
    const topLeft = map.containerPointToLayerPoint([0, 0]);
    const frame = G.frame(map, ctx, topLeft, size);
    scene.draw(frame, state);
    points.draw(frame, state);
    ctx.restore();
    ctx.strokeStyle = "#8a94a3";
    ctx.lineWidth = 1;
    ctx.strokeRect(0.5, HEAD + 0.5, size.x - 1, size.y - 1);
  }

  // Tiles come from another server; one that forbids reading its pixels makes the export fail,
  // and the page then says so
  function tiles(ctx, map) {
    const corner = map.getContainer().getBoundingClientRect();
    for (const image of map.getContainer().querySelectorAll("img.leaflet-tile")) {
      const box = image.getBoundingClientRect();
      if (image.complete && image.naturalWidth) ctx.drawImage(image, box.left - corner.left, box.top - corner.top, box.width, box.height);
    }
  }

  function title(ctx, state, width) {
    ctx.textAlign = "left";
    ctx.textBaseline = "alphabetic";
    ctx.fillStyle = "#1b2330";
    ctx.font = `700 22px ${G.FONT}`;
    ctx.fillText(clip(ctx, state.text.picture_title, width - 32), 16, 30);
    ctx.font = `400 13px ${G.FONT}`;
    ctx.fillStyle = "#4a5563";
    ctx.fillText(clip(ctx, state.text.picture_subtitle, width - 32), 16, 52);
  }

  function legend(ctx, state, x, y) {
    ctx.textBaseline = "middle";
    for (const section of G.legendSections(state)) {
      ctx.textAlign = "left";
      ctx.font = `600 13px ${G.FONT}`;
      ctx.fillStyle = "#1b2330";
      ctx.fillText(section.title, x, y + 8);
      y += 22;
      for (const entry of section.entries) y = row(ctx, entry, entry.label, String(entry.n), x, y);
      y += 6;
    }
    for (const key of G.legendKeys(state)) y = key.note ? note(ctx, key.label, x, y) : row(ctx, key, key.label, "", x, y);
    for (const [size, label] of G.legendSizes(state))
      y = row(ctx, { look: { symbol: "circle", colour: "#5b6470", r: Math.min(9.5, G.RADII[size]) } }, label + " " + state.text.legend_size, "", x, y);
  }

  function note(ctx, text, x, y) {
    ctx.fillStyle = "#4a5563";
    ctx.font = FOOT_FONT;
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    for (const line of broken(ctx, text, SIDE - 30)) {
      ctx.fillText(line, x, y + 8);
      y += LINE;
    }
    return y;
  }

  // Chinese breaks anywhere, so a letter is what a line is made of
  function broken(ctx, text, width) {
    const lines = [""];
    for (const letter of text) {
      if (ctx.measureText(lines[lines.length - 1] + letter).width > width) lines.push("");
      lines[lines.length - 1] += letter;
    }
    return lines;
  }

  function row(ctx, { look, hatched, dashed }, label, count, x, y) {
    if (look) G.drawSymbol(ctx, x + 9, y + 8, look.r || 6.5, look);
    else if (hatched) G.drawHatched(ctx, x + 2, y + 1, 14);
    else if (dashed) {
      ctx.setLineDash([4, 3]);
      ctx.strokeStyle = "#7b3f9e";
      ctx.lineWidth = 1.3;
      ctx.beginPath();
      ctx.arc(x + 9, y + 8, 7, 0, 2 * Math.PI);
      ctx.stroke();
      ctx.setLineDash([]);
    }
    ctx.fillStyle = "#2b3440";
    ctx.font = `400 12px ${G.FONT}`;
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    ctx.fillText(clip(ctx, label, SIDE - 66), x + 24, y + 8);
    ctx.textAlign = "right";
    ctx.fillText(count, x + SIDE - 30, y + 8);
    return y + 20;
  }

  function scaleBar(ctx, map, state, x, y) {
    const middle = map.getSize().y / 2;
    const metres = map.distance(map.containerPointToLatLng([0, middle]), map.containerPointToLatLng([100, middle]));
    const power = Math.pow(10, Math.floor(Math.log10(metres)));
    const nice = [5, 2, 1].map((k) => k * power).find((length) => length <= metres) || power;
    const width = (nice / metres) * 100;
    ctx.fillStyle = "rgba(255, 255, 255, 0.85)";
    ctx.fillRect(x - 8, y - 22, width + 16, 32);
    ctx.strokeStyle = "#1b2330";
    ctx.lineWidth = 2;
    ctx.beginPath();
    ctx.moveTo(x, y - 6);
    ctx.lineTo(x, y);
    ctx.lineTo(x + width, y);
    ctx.lineTo(x + width, y - 6);
    ctx.stroke();
    ctx.fillStyle = "#1b2330";
    ctx.font = `500 12px ${G.FONT}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "alphabetic";
    ctx.fillText(nice >= 1000 ? nice / 1000 + " km" : nice + " m", x + width / 2, y - 9);
  }

  function foot(ctx, lines, y) {
    ctx.textAlign = "left";
    ctx.textBaseline = "alphabetic";
    ctx.fillStyle = "#4a5563";
    ctx.font = FOOT_FONT;
    lines.forEach((line, i) => ctx.fillText(line, 16, y + i * LINE));
  }

  // Credits must stay whole, however narrow the picture
  function wrapped(ctx, text, width) {
    const lines = [];
    let line = "";
    for (const piece of text.split(/(?<=[；;，, ])/)) {
      if (line && ctx.measureText(line + piece).width > width) {
        lines.push(line);
        line = "";
      }
      line += piece;
    }
    return [...lines, line];
  }

  function clip(ctx, text, width) {
    if (ctx.measureText(text).width <= width) return text;
    let end = text.length;
    while (end > 1 && ctx.measureText(text.slice(0, end) + "…").width > width) end--;
    return text.slice(0, end) + "…";
  }

  G.savePicture = function (map, scene, points, state, fail) {
    try {
      G.picture(map, scene, points, state).toBlob((blob) => {
        const link = document.createElement("a");
        link.href = URL.createObjectURL(blob);
        link.download = state.text.picture_file;
        document.body.append(link);
        link.click();
        link.remove();
        setTimeout(() => URL.revokeObjectURL(link.href), 10000);
      }, "image/png");
    } catch (error) {
      fail(state.text.picture_refused); // the tiles' server forbids reading its pixels
    }
  };
})(window.GeoMap);
