// What every page has: keys, dialogs, menus that close, forms that are sent once.
import "./session.js";

const typing = (target) => target.closest("input, select, textarea, [contenteditable]");
const places = { q: "/", u: "/upload", w: "/walk-in", s: "/senior" };
let going = false;

addEventListener("keydown", (event) => {
  if (event.key === "Escape") for (const open of document.querySelectorAll("details[open].who-am-i, details[open].panel")) {
    open.open = false;
    if (open.contains(document.activeElement)) open.querySelector("summary").focus();
  }
  if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target) || document.querySelector("dialog[open]")) return;
  const find = document.getElementById("find");
  if (event.key === "/" && find) { event.preventDefault(); find.focus(); find.select(); }
  else if (event.key === "?") document.getElementById("keys")?.showModal();
  else if (going && places[event.key]) location.assign(places[event.key]);
  going = event.key === "g";
});

document.addEventListener("click", (event) => {
  const shows = event.target.closest("[data-shows]");
  if (shows) document.getElementById(shows.dataset.shows).showModal();
  for (const open of document.querySelectorAll("details[open].who-am-i, details[open].panel")) {
    if (!open.contains(event.target)) open.open = false;
  }
});

// A double click sends a form once. The button works again when the page is come back to.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method === "dialog") return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "1";
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

for (const field of document.querySelectorAll(".filters select, .filters input[type=checkbox]")) {
  field.addEventListener("change", () => field.form.requestSubmit());
}
for (const panel of document.querySelectorAll("details.panel")) {
  panel.addEventListener("toggle", () => {
    if (panel.open) panel.querySelector("textarea, input:not([type=hidden]), select")?.focus();
  });
}
