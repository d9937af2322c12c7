// The map in the browser: data is fetched once and stays here; the server then sends small
// commands (which rows, which colours, which words). No text is ever parsed as HTML or script.
window.GeoMap = window.GeoMap || {};
(function (G) {
  "use strict";

  G.FONT = 'system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif';
  G.HIDDEN = -2147483648; // the coordinate of a project without a place

  // Web Mercator at zoom 0: a world of 256 pixels
  G.worldX = (lon) => ((lon + 180) / 360) * 256;
  G.worldY = function (lat) {
    const sine = Math.sin((lat * Math.PI) / 180);
    return (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * 256;
  };

  G.bytes = function (base64) {
    const text = atob(base64);
    const out = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i);
    return out;
  };
  G.int32 = (base64) => new Int32Array(G.bytes(base64).buffer);
  G.json = (base64) => JSON.parse(new TextDecoder().decode(G.bytes(base64)));

  G.element = function (tag, className, text) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined && text !== null) node.textContent = text;
    return node;
  };

  // 万元 in, words out: 12345 万 is 1.23 亿元 or CNY 123.45 m; the page's own words are ui/i18n.py
  G.money = function (wan, lang) {
    if (wan === null || wan === undefined) return "";
    if (lang === "en") {
      const [value, unit] = wan >= 100000 ? [wan / 100000, "bn"] : [wan / 100, "m"];
      return "CNY " + value.toLocaleString("en", { maximumFractionDigits: 2 }) + " " + unit;
    }
    if (wan >= 10000) return (wan / 10000).toLocaleString("zh", { maximumFractionDigits: 2 }) + " 亿元";
    return wan.toLocaleString("zh") + " 万元";
  };

  G.fill = (template, values) =>
    template.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
})(window.GeoMap);
