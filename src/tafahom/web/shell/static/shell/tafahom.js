"use strict";
// Small comforts; every page works without them.

document.documentElement.classList.add("scripted");

// On a wide screen the menu is always open; on a narrow one it opens on request.
const menu = document.querySelector("[data-side-menu]");
const wide = window.matchMedia("(min-width: 992px)");
if (menu) {
  const follow = () => { menu.open = wide.matches; };
  wide.addEventListener("change", follow);
  follow();
}

// On a narrow screen what was asked for comes first, the form on request.
document.querySelectorAll("[data-wide-open]").forEach((part) => {
  if (!window.matchMedia("(min-width: 1200px)").matches) part.open = false;
});

// After a form came back with errors, the summary of them is read first.
document.querySelector("[data-focus]")?.focus();

// A change of a choice is enough: no need to find the button.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-submit-on-change]");
  if (form) form.requestSubmit();
});

// "/" goes to the search field, as in most registers.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  const search = document.querySelector("input[type=search]");
  if (event.key === "/" && !typing && search) {
    event.preventDefault();
    search.focus();
  }
});

// Copy a link to what is shown.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy-link]");
  if (!button) return;
  await navigator.clipboard.writeText(window.location.href);
  button.textContent = button.dataset.copied;
});
document.querySelectorAll("[data-needs-js]").forEach((element) => { element.hidden = false; });
document.querySelectorAll("[data-print]").forEach((button) => {
  button.addEventListener("click", () => window.print());
});

document.addEventListener("htmx:configRequest", (event) => {
  const form = event.detail.formData;
  for (const name of new Set(form.keys())) {
    const kept = form.getAll(name).filter((value) => value !== "");
    form.delete(name);
    kept.forEach((value) => form.append(name, value));
  }
});

// Addresses carry only what was chosen.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "get") return;
  for (const field of form.elements) {
    if (field.name && field.value === "") field.disabled = true;
  }
  setTimeout(() => { for (const field of form.elements) field.disabled = false; });
});
