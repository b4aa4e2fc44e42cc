// The queue: asks for news every few seconds and changes only the lines that changed, so that focus, selection and
// scrolling stay; j, k and the arrows go from line to line.
import { Away, idleFor, send } from "./session.js";

const EVERY = 3000;
const PATIENCE = 20 * 60 * 1000; // nobody at the screen: the session may end

const live = document.getElementById("live");
const told = document.getElementById("told");
const links = () => [...document.querySelectorAll(".report-link")];

function move(step) {
  const all = links();
  const here = all.indexOf(document.activeElement);
  const next = all[here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, here + step))];
  next?.focus();
  next?.closest(".report").scrollIntoView({ block: "nearest" });
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, select, textarea, dialog")) return;
  const step = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) { event.preventDefault(); move(step); }
  else if (event.key === "n" && document.querySelector("[aria-keyshortcuts=n]")) location.assign("/next");
});

function changeLines(news) {
  const list = document.getElementById("reports");
  if (list.tagName !== news.tagName) { list.replaceWith(news); return [...news.querySelectorAll(".report")].map((line) => line.id); }
  if (list.tagName !== "OL") return []; // nothing waits, as before
  const fresh = [];
  const focused = document.activeElement.closest?.(".report")?.id;
  const wanted = new Set([...news.children].map((line) => line.id));
  for (const line of [...list.children]) if (!wanted.has(line.id) && line.id !== focused) line.remove();
  let before = null;
  for (const line of [...news.children]) {
    let own = document.getElementById(line.id);
    if (!own) { own = line; line.classList.add("fresh"); fresh.push(line.id); }
    else if (own.innerHTML !== line.innerHTML) {
      for (const part of [...own.children]) {
        if (!part.contains(document.activeElement)) part.replaceWith(line.children[0]);
        else line.children[0].remove();
      }
    }
    const place = before ? before.nextElementSibling : list.firstElementChild;
    if (own !== place && own.id !== focused) list.insertBefore(own, place);
    before = own;
  }
  return fresh;
}

let last = "";
async function ask() {
  if (document.hidden || idleFor() > PATIENCE) return;
  try {
    const answer = await send(live.dataset.rows);
    if (!answer.ok) throw new Away();
    const text = await answer.text();
    if (told.dataset.away) { told.textContent = ""; delete told.dataset.away; }
    if (text === last) return;
    last = text;
    const news = new DOMParser().parseFromString(text, "text/html");
    for (const id of ["tabs"]) {
      const own = document.getElementById(id);
      if (!own.contains(document.activeElement)) own.innerHTML = news.getElementById(id).innerHTML;
    }
    const fresh = changeLines(news.getElementById("reports"));
    if (fresh.length) told.textContent = live.dataset.new.replace("#", fresh.length);
  } catch (error) {
    if (!(error instanceof Away)) throw error;
    told.textContent = live.dataset.gone;
    told.dataset.away = "1";
  }
}
if (live) setInterval(ask, EVERY);
