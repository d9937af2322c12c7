// Joins the map to a Streamlit page through streamlit-folium's frame.
(function (G) {
  "use strict";

  const AT_DELAY = 350; // the page rewrites its address after a rerun; ours goes in afterwards

  G.streamlitHost = function () {
    let timer = null;
    let last = null;
    const write = function () {
      try {
        const url = new URL(window.parent.location.href);
        if (last === null || url.searchParams.get("at") === last) return;
        url.searchParams.set("at", last);
        window.parent.history.replaceState(window.parent.history.state, "", url);
      } catch (error) {
        /* the page forbids it: the address then lacks the position, nothing else */
      }
    };
    return {
      emit: (event) => window.Streamlit.setComponentValue({ event: event }),
      load: async function (url) {
        const answer = await fetch(new URL(url, window.location.href));
        if (!answer.ok) throw new Error("status " + answer.status);
        return answer.json();
      },
      publish: function (at) {
        last = at;
        clearTimeout(timer);
        timer = setTimeout(write, AT_DELAY);
      },
      copyLink: async function () {
        write();
        const text = window.parent.location.href;
        if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
        // an intranet address without TLS has no clipboard interface
        const field = document.createElement("textarea");
        field.value = text;
        document.body.append(field);
        field.select();
        const done = document.execCommand("copy");
        field.remove();
        if (!done) throw new Error("no clipboard");
      },
    };
  };
})(window.GeoMap);
