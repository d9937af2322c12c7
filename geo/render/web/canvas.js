// A Leaflet layer that is one canvas, redrawn when the view settles and moved with it meanwhile.
(function (G) {
  "use strict";

  // frame: {ctx, scale, x, y, width, height, zoom}: screen = world(zoom 0) * scale - (x, y)
  G.CanvasLayer = L.Renderer.extend({
    initialize: function (draw, options) {
      this._draw = draw;
      L.Renderer.prototype.initialize.call(this, options);
    },
    _initContainer: function () {
      const canvas = (this._container = document.createElement("canvas"));
      canvas.setAttribute("aria-hidden", "true");
      this._ctx = canvas.getContext("2d");
    },
    _destroyContainer: function () {
      L.DomUtil.remove(this._container);
      delete this._ctx;
      delete this._container;
    },
    _updatePaths: function () {},
    _update: function () {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      L.DomUtil.setPosition(this._container, this._bounds.min);
      this.redraw();
    },
    redraw: function () {
      if (!this._ctx || !this._bounds) return;
      const size = this._bounds.getSize();
      const ratio = window.devicePixelRatio || 1;
      const canvas = this._container;
      const width = Math.round(size.x * ratio);
      const height = Math.round(size.y * ratio);
      if (canvas.width !== width || canvas.height !== height) {
        canvas.width = width;
        canvas.height = height;
        canvas.style.width = size.x + "px";
        canvas.style.height = size.y + "px";
      }
      const ctx = this._ctx;
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
      ctx.clearRect(0, 0, size.x, size.y);
      this._draw(G.frame(this._map, ctx, this._bounds.min, size));
    },
  });

  G.frame = function (map, ctx, topLeft, size) {
    const origin = map.getPixelOrigin().add(topLeft);
    const zoom = map.getZoom();
    return {
      ctx: ctx, zoom: zoom, scale: Math.pow(2, zoom), x: origin.x, y: origin.y,
      width: size.x, height: size.y,
    };
  };
})(window.GeoMap);
