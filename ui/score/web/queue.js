// What the phone keeps: each entry under a key of its own, so that two tabs do not undo each other.
window.Score = window.Score || {};
(function (S) {
  "use strict";

  // An intranet address without TLS has no crypto.randomUUID.
  S.uuid = function () {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  };

  // Returns null where this browser keeps nothing (private mode, cookies forbidden).
  S.openBox = function (tour) {
    const base = "geo.score/" + tour + "/";
    try {
      localStorage.setItem(base + "probe", "1");
      localStorage.removeItem(base + "probe");
    } catch (error) {
      return null;
    }
    const read = function (key) {
      try {
        return JSON.parse(localStorage.getItem(key));
      } catch (error) {
        return null;
      }
    };
    const list = function (part) {
      const found = [];
      for (let i = 0; i < localStorage.length; i++) {
        const key = localStorage.key(i);
        if (key.startsWith(base + part)) found.push(key);
      }
      return found.map(read).filter((entry) => entry && typeof entry === "object");
    };
    // false: the phone's memory for this page is full
    const write = function (name, value) {
      try {
        localStorage.setItem(base + name, JSON.stringify(value));
        return true;
      } catch (error) {
        return false;
      }
    };
    return {
      get: (name) => read(base + name),
      set: write,
      // an entry waits until the server has said that it is kept
      put: (entry) => write("wait/" + entry.uuid, entry),
      waiting: () => list("wait/").sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)),
      isWaiting: (uuid) => localStorage.getItem(base + "wait/" + uuid) !== null,
      drop: (uuid) => localStorage.removeItem(base + "wait/" + uuid),
    };
  };

  // One phone has one name for itself; it only tells two members of one name apart.
  S.device = function () {
    const key = "geo.score.device";
    let found = localStorage.getItem(key);
    if (!found) {
      found = S.uuid();
      localStorage.setItem(key, found);
    }
    return found;
  };
})(window.Score);
