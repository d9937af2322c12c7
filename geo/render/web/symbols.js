// The symbols of projects: the shape says the industry, the figure inside says the stage,
// hollow says sample, a dashed ring says that the place is only approximate.
(function (G) {
  "use strict";

  G.RADII = [6, 6, 7.5, 9, 11, 14]; // by class of investment: not stated, < 1, < 5, < 10, < 50, more (亿元)

  const polygon = (sides, turn, stretch) =>
    Array.from({ length: sides }, (_, i) => {
      const angle = turn + (i * 2 * Math.PI) / sides;
      return [Math.cos(angle) * (stretch || 1), Math.sin(angle) * (stretch || 1)];
    });
  const star = Array.from({ length: 10 }, (_, i) => {
    const angle = -Math.PI / 2 + (i * Math.PI) / 5;
    const reach = i % 2 ? 0.55 : 1.25;
    return [Math.cos(angle) * reach, Math.sin(angle) * reach];
  });
  const plus = [[-0.4, -1.1], [0.4, -1.1], [0.4, -0.4], [1.1, -0.4], [1.1, 0.4], [0.4, 0.4],
    [0.4, 1.1], [-0.4, 1.1], [-0.4, 0.4], [-1.1, 0.4], [-1.1, -0.4], [-0.4, -0.4]];
  const rotate = (points, angle) => points.map(([x, y]) => [
    x * Math.cos(angle) - y * Math.sin(angle), x * Math.sin(angle) + y * Math.cos(angle)]);
  const OUTLINES = {
    square: polygon(4, Math.PI / 4, 1.2),
    triangle: polygon(3, -Math.PI / 2, 1.3),
    diamond: polygon(4, 0, 1.25),
    pentagon: polygon(5, -Math.PI / 2, 1.12),
    hexagon: polygon(6, 0, 1.1),
    star: star,
    plus: plus,
    cross: rotate(plus, Math.PI / 4),
    wedge: polygon(3, Math.PI / 2, 1.3),
  };

  function trace(ctx, symbol, x, y, r) {
    ctx.beginPath();
    const outline = OUTLINES[symbol];
    if (!outline) {
      ctx.arc(x, y, r, 0, 2 * Math.PI);
      return;
    }
    outline.forEach(([dx, dy], i) => ctx[i ? "lineTo" : "moveTo"](x + dx * r, y + dy * r));
    ctx.closePath();
  }

  G.luminance = function (hex) {
    const [r, g, b] = [1, 3, 5].map((i) => {
      const c = parseInt(hex.slice(i, i + 2), 16) / 255;
      return c <= 0.03928 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };

  // look: {symbol, colour, hollow, approximate, mark, selected}
  G.drawSymbol = function (ctx, x, y, r, look) {
    if (look.selected) {
      ctx.beginPath();
      ctx.arc(x, y, r + 8, 0, 2 * Math.PI);
      ctx.fillStyle = "rgba(11, 87, 208, 0.22)";
      ctx.fill();
      ctx.lineWidth = 2.5;
      ctx.strokeStyle = "#0b57d0";
      ctx.stroke();
    }
    if (look.approximate) {
      ctx.beginPath();
      ctx.arc(x, y, r + 4, 0, 2 * Math.PI);
      ctx.setLineDash([2.5, 2.5]);
      ctx.lineWidth = 1.2;
      ctx.strokeStyle = "rgba(50, 60, 75, 0.8)";
      ctx.stroke();
      ctx.setLineDash([]);
    }
    trace(ctx, look.symbol, x, y, r);
    ctx.lineJoin = "round";
    if (look.hollow) {
      ctx.lineWidth = 4;
      ctx.strokeStyle = "#ffffff";
      ctx.stroke();
      ctx.fillStyle = "#ffffff";
      ctx.fill();
      ctx.lineWidth = 2;
      ctx.strokeStyle = look.colour;
      ctx.stroke();
    } else {
      ctx.lineWidth = 3;
      ctx.strokeStyle = "#ffffff";
      ctx.stroke();
      ctx.fillStyle = look.colour;
      ctx.fill();
      ctx.lineWidth = 0.8;
      ctx.strokeStyle = "rgba(20, 25, 35, 0.75)";
      ctx.stroke();
    }
    if (look.mark && r >= 6) {
      const size = Math.max(8, Math.round(r * 1.15));
      ctx.font = `600 ${size}px ${G.FONT}`;
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.fillStyle = look.hollow || G.luminance(look.colour) > 0.32 ? "#1b2330" : "#ffffff";
      ctx.fillText(look.mark, x, y + 0.5);
    }
  };

  // A group of projects: a ring divided by colour, the number inside, how many are real below
  G.drawCluster = function (ctx, x, y, cluster) {
    const r = cluster.r;
    ctx.beginPath();
    ctx.arc(x, y, r + 1.5, 0, 2 * Math.PI);
    ctx.fillStyle = "#ffffff";
    ctx.fill();
    let from = -Math.PI / 2;
    for (const [colour, count] of cluster.parts) {
      const to = from + (count / cluster.n) * 2 * Math.PI;
      ctx.beginPath();
      ctx.arc(x, y, r - 2.5, from, to);
      ctx.lineWidth = 5;
      ctx.strokeStyle = colour;
      ctx.stroke();
      from = to;
    }
    ctx.beginPath();
    ctx.arc(x, y, r + 0.5, 0, 2 * Math.PI);
    ctx.lineWidth = 1;
    ctx.strokeStyle = "rgba(20, 25, 35, 0.55)";
    ctx.stroke();
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillStyle = "#1b2330";
    ctx.font = `600 ${cluster.n > 999 ? 11 : 13}px ${G.FONT}`;
    ctx.fillText(String(cluster.n), x, y + (cluster.real ? -4 : 0.5));
    if (cluster.real) {
      ctx.font = `500 9px ${G.FONT}`;
      ctx.fillText(G.fill(cluster.realText, { n: cluster.real }), x, y + 7);
    }
  };
})(window.GeoMap);
