// A report's page: turns into the record by itself once it was read; the picture as in the review.
import { Paper } from "./paper.js";
import { idleFor, send } from "./session.js";

const section = document.getElementById("paper");
if (section) new Paper(section, []);

const state = document.getElementById("state");
async function look() {
  if (document.hidden || idleFor() > 20 * 60 * 1000) return;
  const answer = await send(state.dataset.watch).catch(() => null);
  const told = answer?.ok ? await answer.json() : null;
  if (told && String(told.version) !== state.dataset.version) location.reload();
}
if (state.dataset.watch) setInterval(look, 1500);

addEventListener("keydown", (event) => {
  if (event.key === "e" && !event.ctrlKey && !event.altKey && !event.metaKey && !event.target.closest("input, select, textarea, dialog")) {
    document.getElementById("check")?.click();
  }
});
