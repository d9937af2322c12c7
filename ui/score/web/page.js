// Draws the sheet. Every text that came from a person is written with textContent.
(function (S) {
  "use strict";

  const POINTS = [1, 2, 3, 4, 5];

  function el(tag, options, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(options || {})) {
      if (name === "text") node.textContent = value;
      else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (value !== false && value !== null) node.setAttribute(name, value === true ? "" : value);
    }
    node.append(...children.filter(Boolean));
    return node;
  }

  S.fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  // `model` is read anew on each drawing; `act` are the deeds of main.js.
  S.draw = function (root, model, act) {
    const focus = document.activeElement && document.activeElement.id;
    const known = model.member || model.named;
    root.replaceChildren(
      el("h2", { text: model.title }),
      status(model, act),
      ...(known ? sheet(model, act) : [naming(model, act)]),
    );
    root.hidden = false;
    document.documentElement.lang = model.lang === "zh" ? "zh-CN" : model.lang;
    if (focus && document.getElementById(focus)) document.getElementById(focus).focus({ preventScroll: true });
  };

  // Somebody is writing: what is drawn anew under their fingers would lose the cursor, and with it
  // the Chinese characters that are being composed.
  S.refresh = function (root, model, act) {
    const busy = document.activeElement;
    const writes = busy && (busy.tagName === "TEXTAREA" || (busy.tagName === "INPUT" && busy.type !== "file"));
    if (writes) document.getElementById("status").replaceWith(status(model, act));
    else S.draw(root, model, act);
  };

  function status(model, act) {
    const w = model.words;
    const open = model.waiting > 0;
    const box = el(
      "div",
      { class: "status" + (open ? " open" : ""), role: "status", id: "status" },
      el("b", { text: S.fill(open ? w.waiting : w.nothing_waiting, { n: model.waiting }) }),
      el("span", { text: S.fill(w.kept, { n: model.kept }) }),
    );
    if (open && model.stuck) box.append(el("p", { text: model.trouble || w.stuck }));
    if (!model.safe) box.append(el("p", { class: "bad", text: w.no_storage }));
    for (const one of model.refused) {
      box.append(
        el(
          "p",
          { class: "bad" },
          S.fill(w.refused, { stop: model.nameOf(one.entry.project), why: one.why }) + " ",
          el("button", { type: "button", class: "link", text: w.discard, onclick: () => act.discard(one.uuid) }),
        ),
      );
    }
    return box;
  }

  function naming(model, act) {
    const w = model.words;
    const field = el("input", { id: "name", maxlength: 60, autocomplete: "name", value: model.draftName || "" });
    return el(
      "form",
      {
        class: "card",
        onsubmit: function (event) {
          event.preventDefault();
          if (field.value.trim()) act.name(field.value.trim());
        },
      },
      el("label", { for: "name", text: w.name }),
      field,
      el("p", { class: "hint", text: w.name_hint }),
      el("button", { type: "submit", class: "main", text: w.begin }),
    );
  }

  function sheet(model, act) {
    const w = model.words;
    const who = el("p", { class: "who" }, S.fill(w.as, { name: model.member || model.named }) + " ");
    if (!model.member) {
      who.append(el("button", { type: "button", class: "link", text: w.rename, onclick: () => act.name("") }));
    }
    if (!model.stops.length) return [who, el("p", { text: w.no_stops })];
    return [who, stops(model, act), stop(model, act)];
  }

  function stops(model, act) {
    const nav = el("nav", { class: "stops", "aria-label": model.words.stops });
    model.stops.forEach(function (one, at) {
      const state = model.stateOf(one.id);
      nav.append(
        el("button", {
          type: "button",
          id: "stop-" + at,
          class: state,
          "aria-current": at === model.at ? "step" : null,
          "aria-label": at + 1 + " " + one.name + " " + model.words["state_" + state],
          text: { saved: "✓ ", waiting: "↑ ", draft: "… ", none: "" }[state] + (at + 1),
          onclick: () => act.go(at),
        }),
      );
    });
    return nav;
  }

  function stop(model, act) {
    const w = model.words;
    const one = model.stops[model.at];
    const draft = model.draftOf(one.id);
    const state = model.stateOf(one.id);
    const rows = model.sheet.map((criterion) => criterionRow(criterion, draft, (v) => act.rate(one.id, criterion.id, v)));
    const remark = el("textarea", {
      id: "remark",
      rows: 2,
      maxlength: 1000,
      placeholder: w.remark_hint,
      "aria-label": w.remark,
      oninput: (event) => act.remark(one.id, event.target.value),
    });
    remark.value = draft.remark || "";
    return el(
      "section",
      { class: "card", "aria-label": one.name },
      el("h3", {}, el("span", { class: "number", text: model.at + 1 }), one.name),
      el("p", { class: "state " + state, text: w["state_" + state] }),
      ...rows,
      remark,
      el("div", { class: "photo" }, photoButton(one, w, act), el("span", { id: "photos", text: photosSaid(model, one) })),
      model.fault ? el("p", { class: "bad", role: "alert", text: w[model.fault] }) : null,
      el("button", {
        type: "button",
        id: "save",
        class: "main",
        disabled: !model.canSave(one.id),
        text: saveSaid(model, one, w),
        onclick: () => act.save(one.id),
      }),
      el(
        "div",
        { class: "steps" },
        el("button", { type: "button", disabled: model.at === 0, text: w.back, onclick: () => act.go(model.at - 1) }),
        el("button", { type: "button", disabled: model.at === model.stops.length - 1, text: w.next, onclick: () => act.go(model.at + 1) }),
      ),
    );
  }

  // After saving, the button itself says how far the score has come: the status is out of sight there.
  function saveSaid(model, one, w) {
    if (!model.given(one.id)) return w.save;
    return model.canSave(one.id) ? w.save_again : w["state_" + model.stateOf(one.id)];
  }

  function criterionRow(criterion, draft, rate) {
    const now = draft.criteria[criterion.id];
    const row = el("div", { class: "points", role: "group", "aria-label": criterion.name });
    for (const points of POINTS) {
      row.append(
        el("button", {
          type: "button",
          id: criterion.id + "-" + points,
          "aria-pressed": String(now === points),
          "aria-label": criterion.name + " " + points,
          text: points,
          onclick: () => rate(points),
        }),
      );
    }
    return el(
      "div",
      { class: "criterion" },
      el("div", { class: "name", text: criterion.name }),
      el("div", { class: "hint", text: criterion.hint }),
      row,
    );
  }

  function photoButton(one, w, act) {
    const field = el("input", {
      type: "file",
      id: "photo",
      accept: "image/*",
      onchange: (event) => event.target.files[0] && act.photo(one.id, event.target.files[0]),
    });
    return el("label", { class: "button", for: "photo" }, w.photo, field);
  }

  function photosSaid(model, one) {
    const { waiting, kept } = model.photosOf(one.id);
    return waiting || kept ? S.fill(model.words.photos, { waiting, kept }) : "";
  }
})(window.Score);
