// The page of one text: shows how it reads while it is written. Without this the button does the same.
import { send } from "./session.js";

const form = document.getElementById("text-form");
const wrong = document.getElementById("wrong");
const shown = document.getElementById("preview");
let waiting, asked = 0;

async function preview() {
  const number = ++asked;
  let told;
  try {
    const answer = await send(form.dataset.preview, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    told = await answer.json();
  } catch { return; } // the desk is away: what stands there stays
  if (number !== asked) return;
  wrong.hidden = !told.wrong;
  wrong.querySelector("p").textContent = told.wrong ?? "";
  if (told.text !== undefined) shown.textContent = told.text;
}

form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(preview, 250);
});
document.getElementById("show-preview")?.setAttribute("hidden", "");
