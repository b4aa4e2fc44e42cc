// The form beside its original: keys from field to field, suggestions, where each field was read, drafts.
import { Draft } from "./draft.js";
import { Paper } from "./paper.js";

const form = document.getElementById("record");
const fields = [...form.querySelectorAll("[data-field]")];
const section = document.getElementById("paper");
const paper = section && new Paper(section, fields);
const marks = [...document.querySelectorAll("mark[data-fields]")];
const input = (field) => field.querySelector("input:not([type=hidden]), select, textarea");
const inputs = fields.map(input);
const fieldOf = (element) => element.closest?.("[data-field]");

form.addEventListener("focusin", (event) => {
  const field = fieldOf(event.target);
  if (!field) return;
  paper?.light(field);
  for (const mark of marks) {
    const lit = mark.dataset.fields.split(" ").includes(field.dataset.field);
    mark.classList.toggle("lit", lit);
    if (lit) mark.scrollIntoView({ block: "nearest" });
  }
});

function step(from, by) {
  const next = inputs[inputs.indexOf(from) + by];
  if (!next) return by > 0 && document.getElementById("save").focus();
  next.focus();
  next.select?.();
}

function accept(field) {
  const offer = field?.querySelector("[data-accepts]");
  if (!offer) return;
  const own = input(field);
  own.value = offer.dataset.accepts;
  field.classList.add("accepted");
  own.dispatchEvent(new Event("input", { bubbles: true }));
  own.focus();
}

form.addEventListener("click", (event) => {
  const field = fieldOf(event.target);
  if (event.target.closest("[data-accepts]")) accept(field);
  const takes = event.target.closest("[data-takes]");
  if (takes) {
    const own = input(field);
    if (own.type === "checkbox") own.checked = takes.dataset.takes === "true";
    else own.value = takes.dataset.takes;
    own.dispatchEvent(new Event("input", { bubbles: true }));
    own.focus();
  }
});

form.addEventListener("keydown", (event) => {
  const own = event.target;
  if (!inputs.includes(own)) return;
  if (event.key === "Enter" && event.altKey) accept(fieldOf(own));
  else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !event.shiftKey && own.tagName !== "TEXTAREA") step(own, 1);
  else if (event.altKey && event.key === "ArrowDown") step(own, 1);
  else if (event.altKey && event.key === "ArrowUp") step(own, -1);
  else return;
  event.preventDefault();
});

addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const panel = event.target.closest?.(".panel form");
    if (panel) panel.requestSubmit();
    else form.requestSubmit(document.getElementById(event.shiftKey ? "save-next" : "save"));
  } else if (event.altKey && event.code === "KeyC") {
    const open = fields.filter((field) => field.matches(".to-check, .is-missing, .is-clash"));
    const here = open.indexOf(fieldOf(document.activeElement));
    if (open.length) input(open[(here + 1) % open.length]).focus();
  } else if (event.altKey && event.code === "KeyP") {
    const view = document.querySelector(".paper-view, .letter-text");
    if (document.activeElement === view) (last ?? inputs[0]).focus();
    else { last = inputs.includes(document.activeElement) ? document.activeElement : null; view?.focus(); }
  } else if (event.altKey && paper) {
    const does = { "+": "in", "=": "in", "-": "out", PageUp: "back", PageDown: "on" }[event.key] ?? (event.code === "KeyR" ? "turn" : null);
    if (!does) return;
    paper.do(does);
  } else return;
  event.preventDefault();
});
let last = null;

const draft = new Draft(form, document.getElementById("draft-told"));

// Who only looked at a report holds it no longer; who has typed, or sends something, is known to the desk anyway.
const holder = document.querySelector("[data-release]");
let sent = false;
addEventListener("submit", () => { sent = true; });
addEventListener("pagehide", () => {
  if (!holder || sent || draft.touched) return;
  fetch(holder.dataset.release, {
    method: "POST", keepalive: true, redirect: "manual", headers: { "X-CSRF-Token": document.body.dataset.csrf },
  }).catch(() => null); // the page is gone: nobody is left to be told
});

const first = document.getElementById("conflict") ?? form.querySelector(".error, .to-check, .is-missing")?.closest("[data-field]");
if (first && (document.activeElement === document.body)) (first.id === "conflict" ? first : input(first)).focus({ preventScroll: true });
