// The map as a page of its own, without a server: filters by the legend, shows cards itself.
(function (G) {
  "use strict";

  G.standalone = function (base64) {
    const data = G.json(base64);
    const map = L.map("map_div", { zoomSnap: 0.25, preferCanvas: true });
    map.setView([0, 0], 2);
    const chosen = data.command.active;
    const host = {
      emit: function (event) {
        if (event.kind === "filter" && (event.facet === "stage" || event.facet === "industry")) toggle(event.facet, event.id);
        else if (event.kind === "project") card(event.row);
      },
      load: (name) => Promise.resolve(data.files[name]),
    };
    const columns = data.files.points;
    const codes = { stage: G.bytes(columns.stage), industry: G.bytes(columns.industry) };
    const entries = { stage: data.files.atlas.stages, industry: data.files.atlas.industries };
    const passes = (row, facet) => {
      const entry = entries[facet][codes[facet][row]];
      return !chosen[facet].length || Boolean(entry && chosen[facet].includes(entry.id));
    };

    function toggle(facet, id) {
      const rest = chosen[facet].filter((other) => other !== id);
      chosen[facet] = rest.length === chosen[facet].length ? [...rest, id] : rest;
      show(-1);
    }

    function show(selected) {
      const bits = new Uint8Array(Math.ceil(columns.n / 8));
      const counts = { stage: {}, industry: {} };
      let shown = 0;
      for (let row = 0; row < columns.n; row++) {
        const ok = { stage: passes(row, "stage"), industry: passes(row, "industry") };
        if (ok.stage && ok.industry) {
          bits[row >> 3] |= 128 >> (row & 7);
          shown++;
        }
        for (const [facet, other] of [["stage", "industry"], ["industry", "stage"]]) {
          const entry = entries[facet][codes[facet][row]];
          if (entry && ok[other]) counts[facet][entry.id] = (counts[facet][entry.id] || 0) + 1;
        }
      }
      const text = Object.assign({}, data.command.text);
      text.n_of_N = G.fill(text.n_of_N_template, { shown: shown, total: columns.n });
      G.app.apply(Object.assign({}, data.command, {
        mask: btoa(String.fromCharCode(...bits)), counts: counts, selected: selected, text: text }));
    }

    const box = G.element("section", "gm-card");
    box.hidden = true;
    document.body.append(box);
    function card(row) {
      show(row);
      box.hidden = row < 0;
      if (row < 0) return;
      const close = G.element("button", "gm-retry", data.command.text.close);
      close.addEventListener("click", () => card(-1));
      const list = G.element("dl");
      for (const [label, values] of data.fields)
        if (values[row]) list.append(G.element("dt", "", label), G.element("dd", "", values[row]));
      box.replaceChildren(close, list);
    }

    G.attach(map, host);
    card(data.command.selected);
  };
})(window.GeoMap);
