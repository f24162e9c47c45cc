"use strict";
// The register by keyboard: a letter marks and goes on, arrows move. Everything works without this.

const register = document.querySelector("[data-register]");
const MARKS = {
  "ح": "present", "غ": "absent", "ت": "late", "م": "excused",
  p: "present", a: "absent", l: "late", e: "excused",
};

if (register) {
  const rows = Array.from(register.querySelectorAll("tbody tr"), (row) => Array.from(row.querySelectorAll("input")));
  const places = new Map();
  rows.forEach((row, y) => row.forEach((input, x) => places.set(input, [x, y])));
  const letters = {};
  document.querySelectorAll(".letters .letter").forEach((one) => { letters[one.dataset.mark] = one.textContent; });
  const isRight = document.documentElement.dir !== "rtl";
  let changed = false;

  const go = (x, y) => {
    const input = rows[y]?.[x];
    if (!input) return;
    input.focus();
    input.select();
    input.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  const put = (input, mark) => {
    input.value = letters[mark] ?? "";
    input.dataset.mark = mark;
    input.removeAttribute("aria-invalid");
    changed = true;
  };

  register.addEventListener("keydown", (event) => {
    const place = places.get(event.target);
    if (!place || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const [x, y] = place;
    const forward = isRight ? 1 : -1;
    const moves = {
      ArrowDown: [x, y + 1], ArrowUp: [x, y - 1], Enter: [x, y + 1],
      ArrowRight: [x + forward, y], ArrowLeft: [x - forward, y],
    };
    if (moves[event.key]) {
      event.preventDefault();
      go(...moves[event.key]);
      return;
    }
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      put(event.target, "");
      return;
    }
    const mark = MARKS[event.key.toLowerCase()];
    if (mark) {
      event.preventDefault();
      put(event.target, mark);
      go(x, y + 1);
    }
  });
  // Keyboards of phones and pasted text send no keys.
  register.addEventListener("input", (event) => {
    if (!places.has(event.target)) return;
    const text = event.target.value.trim().toLowerCase();
    const mark = MARKS[text.slice(-1)];
    if (mark) put(event.target, mark);
    else event.target.dataset.mark = "";
    changed = true;
  });
  register.addEventListener("focusin", (event) => { if (places.has(event.target)) event.target.select(); });
  // A course under way opens where it is to be marked next.
  const width = rows[0]?.length ?? 0;
  const next = Array.from({ length: width }, (_one, x) => x).find((x) => rows.every((row) => !row[x].dataset.mark));
  if (next > 12) rows[0][next].scrollIntoView({ block: "nearest", inline: "center" });

  register.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}
