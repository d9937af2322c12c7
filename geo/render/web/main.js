// Ties the pieces to one Leaflet map: loads data once, applies commands, reports what is picked.
(function (G) {
  "use strict";

  let app = null;

  // host: {emit(event), load(url) -> Promise<object>, publish(at)}
  G.attach = function (map, host) {
    map.attributionControl.setPrefix(false);
    app = new App(map, host);
    G.app = app;
    if (G.waiting) app.apply(G.waiting);
    G.waiting = null;
  };

  G.apply = function (base64) {
    const command = G.json(base64);
    if (app) app.apply(command);
    else G.waiting = command;
  };

  class App {
    constructor(map, host) {
      this.map = map;
      this.host = host;
      this.cache = new Map();
      this.turn = 0;
      this.drawn = 0; // counts paintings of a command, so that a test or a bench can wait for one
      this.hover = null;
      this.placed = false;
      this._frame();
      this._controls();
      this._listen();
    }

    _frame() {
      const container = this.map.getContainer();
      container.classList.add("gm-map");
      // Leaflet focuses the map on a press; the page must not scroll away under the finger
      container.focus = () => HTMLElement.prototype.focus.call(container, { preventScroll: true });
      this.veil = G.element("div", "gm-veil");
      this.tip = G.element("div", "gm-tip");
      this.tip.hidden = true;
      this.live = G.element("div", "gm-live");
      this.live.setAttribute("aria-live", "polite");
      this.notice = G.element("div", "gm-notice");
      this.notice.hidden = true;
      this.legal = G.element("div", "gm-legal");
      container.append(this.veil, this.tip, this.live, this.notice, this.legal);
      for (const [name, index] of [["gmBase", 350], ["gmPoints", 450]]) {
        const pane = this.map.createPane(name);
        pane.style.zIndex = index;
        pane.style.pointerEvents = "none"; // the map itself takes clicks and asks what lies there
      }
    }

    _controls() {
      const self = this;
      L.control.scale({ imperial: false, position: "bottomleft" }).addTo(this.map);
      this.legend = new G.Legend(
        (facet, id) => this._emit({ kind: "filter", facet: facet, id: id }),
        (layer, on) => {
          this.scene.visible[layer] = on;
          this._show();
          this._redraw();
        },
      ).addTo(this.map);
      const Tools = L.Control.extend({
        options: { position: "topleft" },
        onAdd: function () {
          self.tools = G.element("div", "leaflet-bar gm-tools");
          L.DomEvent.disableClickPropagation(self.tools);
          return self.tools;
        },
      });
      new Tools().addTo(this.map);
    }

    _toolbar(text) {
      const tools = [["fit", text.tool_fit, () => this.fit()], ["png", text.tool_png, () => this.savePicture()]];
      if (this.host.publish) tools.push(["link", text.tool_link, () => this._copyLink()]);
      if (this.command.tour) tools.push(["lasso", text.tool_lasso, () => G.choose(this)]);
      this.tools.replaceChildren(...tools.map(([id, words, act]) => {
        const button = G.element("button", "gm-tool", words);
        button.type = "button";
        button.dataset.tool = id;
        button.title = text["tool_" + id + "_title"];
        button.addEventListener("click", act);
        return button;
      }));
    }

    _listen() {
      const map = this.map;
      let asked = null;
      map.on("mousemove", (event) => {
        asked = event;
        requestAnimationFrame(() => {
          if (asked) this._hovering(asked);
          asked = null;
        });
      });
      map.on("mouseout", () => this._hovering(null));
      map.on("click", (event) => this._clicked(event));
      map.on("zoomstart", () => this.points && (this.points.fan = null));
      map.on("moveend", () => this._publish());
      map.on("dragstart zoomstart", () => (this.moved = true));
      map.getContainer().addEventListener("keydown", (event) => G.keyPressed(this, event));
      new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());
    }

    async _load(url) {
      if (!this.cache.has(url)) this.cache.set(url, this.host.load(url));
      try {
        return await this.cache.get(url);
      } catch (error) {
        this.cache.delete(url);
        throw error;
      }
    }

    async apply(command) {
      const turn = ++this.turn;
      const text = command.text;
      if (!this.points) this.veil.textContent = text.loading;
      let atlas, columns;
      try {
        [atlas, columns] = await Promise.all([this._load(command.atlas), this._load(command.points)]);
      } catch (error) {
        if (turn === this.turn) this._failed(command);
        return;
      }
      if (turn !== this.turn) return; // a newer command has come meanwhile
      this._install(command, atlas, columns);
      this._state(command, atlas);
      const fresh = !this.placed;
      this._place(command); // puts the canvases on the map, which draws them
      this._toolbar(text);
      this.legal.textContent = this.legal.title = text.legal;
      this.legend.update(this.state, this.scene);
      this.veil.hidden = this.tip.hidden = true;
      const below = JSON.stringify([command.atlas, command.active.county, command.active.park, command.shade]);
      if (!fresh) {
        if (below !== this.below) this.base.redraw(); // most filters leave what lies below as it is
        this.top.redraw();
      }
      this.below = below;
      this._focus(command);
      G.showTour(this, command.tour);
      G.joinMaps(this, command.shade ? command.shade.group : "");
      this.map.getContainer().setAttribute("aria-label", text.map_label);
      this.live.textContent = text.n_of_N;
      this._empty(command);
      this._publish(); // the page has just rewritten its address
      requestAnimationFrame(() => {
        this.drawn++;
        // names are not needed for the first picture
        this._load(command.details).then((details) => (this.details = details), () => {});
      });
    }

    _install(command, atlas, columns) {
      if (this.atlas !== atlas) {
        this.atlas = atlas;
        const visible = this.scene && this.scene.visible;
        this.scene = new G.Scene(atlas);
        if (visible) this.scene.visible = visible;
        else if (command.shade) Object.assign(this.scene.visible, { points: false, parks: false });
        this.scene.offline = !command.tiles;
      }
      if (this.columns !== columns) {
        this.columns = columns;
        this.points = new G.Points(columns);
        this.mask = null;
      }
      if (!this.base) {
        this.base = new G.CanvasLayer((frame) => this.scene.draw(frame, this.state), { pane: "gmBase" });
        this.top = new G.CanvasLayer((frame) => this.points.draw(frame, this.state), { pane: "gmPoints", padding: 0.3 });
      }
    }

    _state(command, atlas) {
      if (this.mask !== command.mask) {
        this.mask = command.mask;
        this.bits = G.bytes(command.mask);
        this._show();
      }
      this.command = command;
      this.state = {
        atlas: atlas, scene: this.scene, text: command.text, lang: command.lang, colour: command.colour,
        active: command.active, counts: command.counts, hover: this.hover,
        selectedRow: command.selected, tour: command.tour, shade: G.readShade(command.shade),
        shown: (row) => Boolean(this.bits[row >> 3] & (128 >> (row & 7))),
      };
    }

    _show() {
      this.points.show(this.scene.visible.points ? this.bits : new Uint8Array(this.bits.length));
    }

    _place(command) {
      if (this.placed) return;
      this.placed = true;
      if (command.at) this.map.setView([command.at[1], command.at[0]], command.at[2], { animate: false });
      else this.fitHome();
      this.at = command.at || null;
      this.base.addTo(this.map);
      this.top.addTo(this.map);
      this.moved = Boolean(command.at);
    }

    fitHome() {
      const [west, south, east, north] = this.atlas.bbox;
      this._fitTo(L.latLngBounds([south, west], [north, east]));
    }

    fit() {
      const bounds = this.points.bounds(this.points.rows);
      if (bounds) this._fitTo(bounds.pad(0.05));
      else this.fitHome();
    }

    _fitTo(bounds) {
      const wide = this.map.getSize().x > 640;
      this.map.fitBounds(bounds, { animate: false, maxZoom: 14, paddingTopLeft: [wide ? 56 : 50, 12], paddingBottomRight: wide ? [222, 12] : [8, 132] });
    }

    _redraw() {
      if (!this.base || !this.state) return;
      this.state.hover = this.hover;
      this.base.redraw();
      this.top.redraw();
    }

    // Bring a project that was chosen elsewhere into sight, out of its group if it hides in one
    _focus(command) {
      const row = command.selected;
      const known = this.focused === row;
      this.focused = row;
      if (row < 0 || known || this.picked === row || this.points.x[row] !== this.points.x[row]) return;
      const frame = this._screen();
      const x = this.points.x[row] * frame.scale - frame.x, y = this.points.y[row] * frame.scale - frame.y;
      const inside = x > 40 && y > 40 && x < frame.width - 40 && y < frame.height - 40;
      const alone = this.points.items.some((item) => item.rows.length === 1 && item.rows[0] === row);
      if (inside && alone) return;
      const to = L.CRS.EPSG3857.pointToLatLng(L.point(this.points.x[row], this.points.y[row]), 0);
      this.map.setView(to, alone ? this.map.getZoom() : Math.max(13, this.map.getZoom()), { animate: false });
      const group = this.points.items.find((item) => item.rows.length > 1 && item.rows.includes(row));
      if (group) {
        this.points.openFan(group);
        this._redraw();
      }
    }

    _screen() {
      const map = this.map;
      return G.frame(map, null, map.containerPointToLayerPoint([0, 0]), map.getSize());
    }

    // items are laid out in the canvas' own pixels, which start a little outside the window
    _hit(point) {
      const offset = this.top._bounds ? this.top._bounds.min : L.point(0, 0);
      const at = this.map.containerPointToLayerPoint(point).subtract(offset);
      const frame = G.frame(this.map, null, offset, this.map.getSize());
      const stop = this.state.tour && !this.points.fan ? G.stopAt(this.state.tour, at.x, at.y, 2) : undefined;
      if (stop !== undefined) return { row: stop };
      return this.points.hit(at.x, at.y, frame, L.Browser.touch && !matchMedia("(hover: hover)").matches ? 12 : 3);
    }

    _area(at) {
      return this.scene.hit(at.lng, at.lat, this._screen(), this.state.shade);
    }

    _hovering(event) {
      if (!this.points || !this.state) return;
      const found = event && this._hit(event.containerPoint);
      const area = event && !found ? this._area(event.latlng) : null;
      const changed = (this.hover && this.hover.id) !== (area && area.id);
      this.hover = area;
      this.map.getContainer().style.cursor = found || area ? "pointer" : "";
      if (changed) {
        this.state.hover = area;
        this.base.redraw();
      }
      if (found) this._tip(event.containerPoint, found.group ? G.groupLines(this, found.group) : G.projectLines(this, found.row));
      else if (area) this._tip(event.containerPoint, G.areaLines(this, area));
      else this.tip.hidden = true;
    }

    _tip(point, lines) {
      this.tip.replaceChildren(...lines.map((line, i) => G.element(i ? "div" : "strong", "", line)));
      this.tip.hidden = false;
      const size = this.map.getSize();
      const width = this.tip.offsetWidth, height = this.tip.offsetHeight;
      const x = Math.max(4, Math.min(point.x + 14, size.x - width - 6));
      const y = point.y + 18 + height > size.y ? point.y - height - 12 : point.y + 18;
      this.tip.style.transform = `translate(${Math.round(x)}px, ${Math.round(Math.max(4, y))}px)`;
    }

    _clicked(event) {
      if (!this.points || !this.state) return;
      const found = this._hit(event.containerPoint);
      if (found && found.group) return this._openGroup(found.group);
      if (found) return this._pick(found.row);
      if (this.points.fan) {
        this.points.fan = null;
        return this._redraw();
      }
      const area = this._area(event.latlng);
      if (area && area.kind === "place") this._emit({ kind: "place", id: area.id });
      else if (area) this._emit({ kind: "filter", facet: area.kind, id: area.id });
      else if (this.state.selectedRow >= 0) this._emit({ kind: "project", row: -1 });
    }

    _pick(row) {
      this.picked = row;
      if (this.state.tour) G.toggleChosen(this.state.tour, row);
      else this.state.selectedRow = row;
      this._redraw(); // the answer on the spot; the server's command follows
      this._emit({ kind: "project", row: row });
    }

    _openGroup(group) {
      this.tip.hidden = true;
      const bounds = this.points.bounds(group.rows);
      const closest = Math.min(this.map.getBoundsZoom(bounds.pad(0.3)), 15);
      const width = this.map.distance(bounds.getSouthWest(), bounds.getNorthEast());
      if (width < 60 || closest <= this.map.getZoom() + 0.2) {
        this.points.openFan(group);
        this.live.textContent = G.groupLines(this, group)[0];
        return this._redraw();
      }
      this.map.fitBounds(bounds, { padding: [60, 60], maxZoom: 15 });
    }

    // Leaflet reads a centre back from whole pixels: what is less than one from the last place is that place
    _at() {
      const map = this.map, zoom = +map.getZoom().toFixed(2), centre = map.getCenter();
      const last = this.at && this.at[2] === zoom && map.project([this.at[1], this.at[0]], zoom);
      if (!last || last.distanceTo(map.project(centre, zoom)) >= 1) {
        this.at = [+centre.lng.toFixed(5), +centre.lat.toFixed(5), zoom];
      }
      return this.at;
    }

    _emit(event) {
      event.at = this._at();
      event.n = Date.now();
      this.host.emit(event);
    }

    _publish() {
      if (!this.placed || !this.moved || !this.host.publish) return;
      const [lng, lat, zoom] = this._at();
      this.host.publish([lng.toFixed(5), lat.toFixed(5), zoom].join(","));
    }

    async _copyLink() {
      this.moved = true;
      this._publish();
      const ok = await this.host.copyLink().then(() => true, () => false);
      this._say(ok ? this.state.text.link_copied : this.state.text.link_failed);
    }

    savePicture() {
      G.savePicture(this.map, this.scene, this.points, this.state, (words) => this._say(words));
      this.top.redraw(); // the picture laid the groups out in its own pixels
    }

    _say(words) {
      this.live.textContent = words;
      this.notice.textContent = words;
      this.notice.hidden = false;
      clearTimeout(this.quiet);
      this.quiet = setTimeout(() => (this.notice.hidden = true), 4000);
    }

    _empty(command) {
      if (!this.emptyCard) this.map.getContainer().append((this.emptyCard = G.element("div", "gm-empty")));
      this.emptyCard.hidden = this.points.rows.length > 0 || Boolean(command.shade);
      this.emptyCard.replaceChildren(G.element("strong", "", command.text.empty_title), G.element("div", "", command.text.empty_hint));
    }

    _failed(command) {
      const retry = G.element("button", "gm-retry", command.text.retry);
      retry.addEventListener("click", () => this.apply(command));
      this.veil.hidden = false;
      this.veil.replaceChildren(G.element("strong", "", command.text.load_failed), retry);
    }
  }
})(window.GeoMap);
