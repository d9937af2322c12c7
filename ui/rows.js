// Streamlit's table chooses a row by its box only. A press of the mouse anywhere in a row of the
// linked table is passed on as a press on its box; keys and fingers are left alone.
(function () {
  "use strict";
  if (window.rowsTakePresses) return;
  window.rowsTakePresses = true;

  const BOX = 16, HEAD = 36, SCROLLBAR = 14; // pixels: middle of the box, height of the head

  function pass(event) {
    if (!event.isTrusted || event.button || event.pointerType === "touch") return;
    const table = event.target.closest && event.target.closest(".st-key-table");
    const canvas = table && table.querySelector("canvas");
    if (!canvas) return;
    const box = canvas.getBoundingClientRect();
    const inside = event.clientY > box.top + HEAD && event.clientY < box.bottom - SCROLLBAR &&
      event.clientX > box.left + 2 * BOX && event.clientX < box.right - SCROLLBAR;
    if (!inside) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    event.target.dispatchEvent(new event.constructor(event.type, {
      bubbles: true, cancelable: true, composed: true, view: window, detail: event.detail,
      clientX: box.left + BOX, clientY: event.clientY, button: 0, buttons: event.buttons,
      pointerId: event.pointerId, pointerType: "mouse", isPrimary: true,
    }));
  }

  for (const type of ["pointerdown", "mousedown", "pointerup", "mouseup", "click"])
    window.addEventListener(type, pass, true);
})();
