"use strict";
// Files can be dropped anywhere on the form; what was chosen is listed before it is sent.

const form = document.querySelector("[data-drop]");
const input = form?.querySelector("input[type=file]");
const chosen = form?.querySelector("[data-chosen]");

function list() {
  chosen.replaceChildren(...Array.from(input.files, (file) => {
    const item = document.createElement("li");
    const name = document.createElement("bdi");
    name.textContent = file.name;
    item.append(name);
    return item;
  }));
  chosen.hidden = input.files.length === 0;
}

if (form && input) {
  let depth = 0;
  const over = (change) => {
    depth = Math.max(0, depth + change);
    form.classList.toggle("is-over", depth > 0);
  };
  form.addEventListener("dragenter", (event) => { event.preventDefault(); over(1); });
  form.addEventListener("dragleave", () => over(-1));
  form.addEventListener("dragover", (event) => event.preventDefault());
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    over(-depth);
    if (event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      list();
    }
  });
  input.addEventListener("change", list);
  form.addEventListener("submit", () => {
    const button = form.querySelector("[data-busy]");
    button.textContent = button.dataset.busy;
    button.disabled = true;
  });
}
