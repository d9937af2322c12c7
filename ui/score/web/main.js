// Keeps what is given in the phone until the server says that it is kept, and sends it again until then.
(function (S) {
  "use strict";

  const AT_ONCE = 20; // scores of one message; a photo goes alone
  const PATIENCE = 6000; // ms until an answer is missed
  const SLOWEST = 30000;
  const root = document.getElementById("app");
  let args = null;
  let box = null;
  let memory = new Map(); // where this browser keeps nothing: lost with the page, and the page says so
  let at = 0;
  let fault = "";
  let timer = null;
  let delay = PATIENCE;
  let stuck = false;
  let beat = 0;
  let height = 0;
  let sentPhoto = false;

  const post = (type, more) =>
    window.parent.postMessage({ isStreamlitMessage: true, type: "streamlit:" + type, ...more }, "*");

  function forgetful() {
    const get = (name) => memory.get(name) ?? null;
    const all = () => Array.from(memory).filter(([name]) => name.startsWith("wait/"));
    return {
      get,
      set: (name, value) => (memory.set(name, structuredClone(value)), true),
      put: (entry) => (memory.set("wait/" + entry.uuid, entry), true),
      waiting: () => all().map(([, entry]) => entry),
      isWaiting: (uuid) => memory.has("wait/" + uuid),
      drop: (uuid) => memory.delete("wait/" + uuid),
    };
  }

  // Two members may share a phone: neither sees what the other gave.
  const who = () => args.member || box.get("name") || "";
  const own = (part, project) => part + "/" + encodeURIComponent(who()) + "/" + project;
  const given = (project) => box.get(own("given", project));
  const blank = () => ({ criteria: {}, remark: "" });
  const draftOf = (project) => box.get(own("draft", project)) || given(project) || blank();
  const refusals = () => box.get("refused") || {};
  const same = (a, b) =>
    a.remark.trim() === b.remark.trim() &&
    args.sheet.every((one) => (a.criteria[one.id] || 0) === (b.criteria[one.id] || 0));
  const isEmpty = (draft) => !draft.remark.trim() && !Object.keys(draft.criteria).length;

  function canSave(project) {
    const draft = draftOf(project);
    return !isEmpty(draft) && !(given(project) && same(draft, given(project)));
  }

  function stateOf(project) {
    if (canSave(project)) return "draft";
    const last = given(project);
    if (!last) return "none";
    return box.isWaiting(last.uuid) ? "waiting" : "saved";
  }

  function photosOf(project) {
    const ids = box.get(own("photos", project)) || [];
    const waiting = ids.filter((id) => box.isWaiting(id)).length;
    return { waiting, kept: ids.length - waiting };
  }

  function model() {
    const refused = refusals();
    const all = box.waiting();
    return {
      ...args,
      named: box.get("name") || "",
      draftName: box.get("name-before") || "",
      at,
      fault,
      stuck,
      safe: box.safe,
      waiting: all.filter((entry) => !refused[entry.uuid]).length,
      kept: box.get("kept") || 0,
      refused: all.filter((entry) => refused[entry.uuid]).map((entry) => ({ uuid: entry.uuid, entry, why: refused[entry.uuid] })),
      nameOf: (project) => (args.stops.find((one) => one.id === project) || { name: project }).name,
      stateOf,
      draftOf,
      given,
      canSave,
      photosOf,
    };
  }

  function draw(how) {
    (how || S.draw)(root, model(), act);
    const wanted = Math.ceil(root.getBoundingClientRect().height) + 4;
    if (wanted !== height) {
      height = wanted;
      post("setFrameHeight", { height });
    }
  }

  // Sends the oldest first; what is on its way stays in the phone.
  function send() {
    clearTimeout(timer);
    timer = null;
    const refused = refusals();
    const all = box.waiting().filter((entry) => !refused[entry.uuid]);
    if (!all.length) {
      stuck = false;
      delay = PATIENCE;
      if (sentPhoto) emit([]); // or the browser would send the picture along with every later message
      sentPhoto = false;
      return;
    }
    const scores = all.filter((entry) => entry.kind !== "photo").slice(0, AT_ONCE);
    const batch = scores.length ? scores : [all.find((entry) => entry.kind === "photo")];
    sentPhoto = sentPhoto || !scores.length;
    emit(batch);
    timer = setTimeout(function () {
      stuck = true;
      delay = Math.min(delay * 1.5, SLOWEST);
      send();
      draw(S.refresh);
    }, delay);
  }

  function emit(entries) {
    beat += 1;
    post("setComponentValue", { dataType: "json", value: { beat: Date.now() + "-" + beat, entries } });
  }

  // What the server has kept leaves the phone; what it will never keep is shown with the reason.
  function answered() {
    const refused = refusals();
    let news = false;
    for (const uuid of args.acks || []) {
      if (!box.isWaiting(uuid)) continue;
      box.drop(uuid);
      delete refused[uuid];
      box.set("kept", (box.get("kept") || 0) + 1);
      news = true;
    }
    for (const [uuid, why] of Object.entries(args.refused || {})) {
      if (!box.isWaiting(uuid) || refused[uuid]) continue;
      refused[uuid] = why;
      news = true;
    }
    if (!news) {
      stuck = stuck || Boolean(args.trouble);
      return;
    }
    box.set("refused", refused);
    stuck = false;
    delay = PATIENCE;
    send();
  }

  const act = {
    name: function (name) {
      if (!name) box.set("name-before", box.get("name") || "");
      box.set("name", name);
      draw();
    },
    go: function (to) {
      at = to;
      fault = "";
      box.set("at", at);
      draw();
    },
    rate: function (project, criterion, points) {
      const draft = draftOf(project);
      box.set(own("draft", project), { criteria: { ...draft.criteria, [criterion]: points }, remark: draft.remark });
      draw();
    },
    remark: function (project, text) {
      box.set(own("draft", project), { criteria: draftOf(project).criteria, remark: text });
      const save = document.getElementById("save");
      save.disabled = !canSave(project);
    },
    save: function (project) {
      const draft = draftOf(project);
      const entry = {
        uuid: S.uuid(),
        kind: "score",
        project,
        member: who(),
        device: box.device,
        criteria: draft.criteria,
        remark: draft.remark.trim(),
        at: new Date().toISOString(),
      };
      fault = box.put(entry) ? "" : "full";
      if (!fault) {
        box.set(own("given", project), { uuid: entry.uuid, criteria: entry.criteria, remark: entry.remark });
        box.set(own("draft", project), null);
        send();
      }
      draw();
    },
    photo: async function (project, file) {
      fault = "";
      try {
        const entry = {
          uuid: S.uuid(),
          kind: "photo",
          project,
          member: who(),
          image: await S.shrink(file),
          at: new Date().toISOString(),
        };
        if (box.put(entry)) {
          box.set(own("photos", project), [...(box.get(own("photos", project)) || []), entry.uuid]);
          send();
        } else {
          fault = "full_photo";
        }
      } catch (error) {
        fault = "no_photo";
      }
      draw();
    },
    discard: function (uuid) {
      const refused = refusals();
      delete refused[uuid];
      box.set("refused", refused);
      box.drop(uuid);
      draw();
    },
  };

  function open(tour) {
    box = S.openBox(tour);
    const safe = box !== null;
    box = Object.assign(box || forgetful(), { safe, device: safe ? S.device() : S.uuid() });
    const kept = box.get("at") || 0;
    at = kept < args.stops.length ? kept : 0;
    timer = setTimeout(send, 0); // what a reload has left over
  }

  window.addEventListener("message", function (event) {
    if (event.source !== window.parent || !event.data || event.data.type !== "streamlit:render") return;
    const changed = !args || args.tour !== event.data.args.tour;
    args = event.data.args;
    args.stops = args.stops.map((one) => ({ id: one.project, name: one.name }));
    if (changed) open(args.tour);
    at = Math.min(at, Math.max(0, args.stops.length - 1));
    answered();
    draw(S.refresh);
  });
  // Streamlit covers the page with an English dialog while the network is away. Here the network may
  // be away for long, the sheet goes on without it, and its own line says what is the matter.
  function undisturbed() {
    const page = window.parent.document;
    const close = function () {
      const button = page.querySelector('[data-testid="stDialog"] button[aria-label="Close"]');
      if (button) button.click();
    };
    new MutationObserver(close).observe(page.body, { childList: true, subtree: true });
    close();
  }
  try {
    undisturbed();
  } catch (error) {
    /* the page forbids it: then the dialog has to be closed by hand */
  }

  window.addEventListener("online", () => box && send());
  window.addEventListener("resize", () => box && draw(S.refresh));
  post("componentReady", { apiVersion: 1 });
})(window.Score);
