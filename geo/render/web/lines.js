// What is said of a thing on the map, line by line: for the tooltip and for a screen reader.
(function (G) {
  "use strict";

  G.projectLines = function (app, row) {
    const { text, lang, atlas } = app.state;
    const details = app.details;
    const stage = atlas.stages[app.points.stage[row]], industry = atlas.industries[app.points.industry[row]];
    const lines = [details ? details.names[row] : text.loading];
    lines.push([stage, industry].filter(Boolean).map((entry) => entry.name[lang]).join(" · "));
    if (details && details.invest_wan[row] !== null) lines.push(text.invest + " " + G.money(details.invest_wan[row], lang));
    if (app.points.flags[row] & 2) lines.push(text.legend_approximate);
    if (app.points.flags[row] & 1) lines.push(text.sample_mark);
    return lines.filter(Boolean);
  };

  G.groupLines = function (app, group) {
    const real = group.rows.filter((row) => !(app.points.flags[row] & 1)).length;
    return [G.fill(app.state.text.group_n, { n: group.rows.length, real: real }), app.state.text.group_hint];
  };

  G.areaLines = function (app, area) {
    const { text, lang, active, shade } = app.state;
    if (shade) return G.shadeLines(shade, area, lang);
    const name = area.feature.name[lang];
    const lines = [name];
    if (area.kind === "park") lines.push(G.fill(text["park_" + area.feature.outline] || "", { area: area.feature.area_km2 }));
    lines.push(G.fill(active[area.kind].includes(area.id) ? text.legend_release : text.legend_choose, { name: name }));
    return lines.filter(Boolean);
  };
})(window.GeoMap);
