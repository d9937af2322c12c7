// The legend: always visible, counts what is shown, and a click on an entry filters by it.
(function (G) {
  "use strict";

  function swatch(look) {
    const canvas = document.createElement("canvas");
    const ratio = window.devicePixelRatio || 1;
    canvas.width = canvas.height = 22 * ratio;
    canvas.className = "gm-swatch";
    canvas.setAttribute("aria-hidden", "true");
    const ctx = canvas.getContext("2d");
    ctx.scale(ratio, ratio);
    G.drawSymbol(ctx, 11, 11, look.r || 7, look);
    return canvas;
  }

  const SIZES = [[1, "<1"], [3, "5–10"], [5, "≥50"]]; // classes of investment that the legend shows
  G.legendSizes = (state) => (state.shade ? [] : SIZES);

  // The entries of the legend as values, used on the page and in the picture alike
  G.legendSections = function (state) {
    const { atlas, text, counts, active, colour, lang, shade } = state;
    if (shade) return [G.shadeSection(shade)];
    const stages = atlas.stages.map((stage) => ({
      facet: "stage", id: stage.id, label: stage.name[lang], n: counts.stage[stage.id] || 0,
      look: { symbol: "circle", colour: colour === "stage" ? stage.colour : "#7a828c", mark: stage.mark },
    }));
    const industries = atlas.industries.map((industry) => ({
      facet: "industry", id: industry.id, label: industry.name[lang], n: counts.industry[industry.id] || 0,
      look: { symbol: industry.symbol, colour: colour === "industry" ? industry.colour : "#7a828c" },
    }));
    const keep = (entry) => entry.n > 0 || active[entry.facet].includes(entry.id);
    const sections = [
      { id: "stage", title: text.legend_stage, entries: stages.filter(keep) },
      { id: "industry", title: text.legend_industry, entries: industries.filter(keep) },
    ];
    return colour === "industry" ? sections.reverse() : sections;
  };

  G.legendKeys = (state) => state.shade ? G.shadeKeys(state.shade) : [
    { label: state.text.legend_real, look: { symbol: "circle", colour: "#5b6470" } },
    { label: state.text.legend_sample, look: { symbol: "circle", colour: "#5b6470", hollow: true } },
    { label: state.text.legend_approximate, look: { symbol: "circle", colour: "#5b6470", approximate: true, r: 5 } },
    { label: state.text.legend_park, dashed: true },
  ];

  G.Legend = L.Control.extend({
    options: { position: "topright" },
    initialize: function (onPick, onLayer) {
      L.Control.prototype.initialize.call(this);
      this._pick = onPick;
      this._layer = onLayer;
      this._open = { stage: true, industry: true, shade: true, layers: false };
    },
    onAdd: function () {
      this._box = G.element("section", "gm-legend");
      L.DomEvent.disableClickPropagation(this._box);
      L.DomEvent.disableScrollPropagation(this._box);
      return this._box;
    },
    update: function (state, scene) {
      const focused = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.key : null;
      const scroll = this._box.scrollTop;
      const head = G.element("div", "gm-legend-head");
      head.append(G.element("strong", "", state.text.legend), G.element("span", "gm-n", state.text.n_of_N));
      const nodes = [head];
      for (const section of G.legendSections(state)) nodes.push(this._section(section, state));
      nodes.push(this._keys(state), this._layers(state, scene));
      this._box.replaceChildren(...nodes);
      this._box.setAttribute("aria-label", state.text.legend);
      this._box.scrollTop = scroll;
      if (focused) {
        const again = [...this._box.querySelectorAll("[data-key]")].find((node) => node.dataset.key === focused);
        if (again) again.focus({ preventScroll: true });
      }
    },
    _details: function (id, title) {
      const details = G.element("details", "gm-section");
      details.open = this._open[id];
      details.addEventListener("toggle", () => (this._open[id] = details.open));
      details.append(G.element("summary", "", title));
      return details;
    },
    _section: function (section, state) {
      const details = this._details(section.id, section.title);
      for (const entry of section.entries) {
        if (entry.facet === "shade") {
          const row = G.element("div", "gm-key gm-class");
          row.append(swatch(entry.look), G.element("span", "gm-label", entry.label), G.element("span", "gm-count", String(entry.n)));
          details.append(row);
          continue;
        }
        const pressed = state.active[entry.facet].includes(entry.id);
        const button = G.element("button", "gm-entry");
        button.type = "button";
        button.dataset.key = entry.facet + ":" + entry.id;
        button.setAttribute("aria-pressed", String(pressed));
        button.title = G.fill(pressed ? state.text.legend_release : state.text.legend_choose, { name: entry.label });
        button.append(swatch(entry.look), G.element("span", "gm-label", entry.label), G.element("span", "gm-count", String(entry.n)));
        button.addEventListener("click", () => this._pick(entry.facet, entry.id));
        details.append(button);
      }
      return details;
    },
    _keys: function (state) {
      const box = G.element("div", "gm-keys");
      for (const key of G.legendKeys(state)) {
        const row = G.element("div", "gm-key");
        const mark = key.dashed ? G.element("span", "gm-dashed") : key.hatched ? G.element("span", "gm-hatched") : key.note ? "" : swatch(key.look);
        row.append(mark, G.element("span", "gm-label", key.label));
        box.append(row);
      }
      if (!G.legendSizes(state).length) return box;
      const sizes = G.element("div", "gm-key gm-sizes");
      sizes.append(G.element("span", "gm-label", state.text.legend_size));
      for (const [size, label] of G.legendSizes(state)) {
        sizes.append(swatch({ symbol: "circle", colour: "#5b6470", r: Math.min(9.5, G.RADII[size]) }), G.element("span", "", label));
      }
      box.append(sizes);
      return box;
    },
    _layers: function (state, scene) {
      const details = this._details("layers", state.text.layers);
      for (const [id, label] of [["counties", state.text.layer_counties], ["parks", state.text.layer_parks], ["roads", state.text.layer_roads], ["names", state.text.layer_names], ...(state.shade ? [["points", state.text.layer_points]] : [])]) {
        const row = G.element("label", "gm-entry");
        const box = G.element("input");
        box.type = "checkbox";
        box.checked = scene.visible[id];
        box.dataset.key = "layer:" + id;
        box.addEventListener("change", () => this._layer(id, box.checked));
        row.append(box, G.element("span", "gm-label", label));
        details.append(row);
      }
      return details;
    },
  });
})(window.GeoMap);
