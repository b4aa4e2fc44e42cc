// Bringing in letters: files are dropped, chosen or photographed, put in order, and sent letter by letter with progress.
// Each letter has a key of its own from the moment it is put together: sent again with it, it is the same report.
import { signInAgain } from "./session.js";

const form = document.getElementById("upload");
const list = document.getElementById("pages");
const sent = document.getElementById("sent");
const drop = document.getElementById("drop");
const text = form.dataset;
const most = Number(text.most);
let chosen = [];

const element = (tag, content, kind = "") => {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  if (content) made.textContent = content;
  return made;
};
const icon = (name) => {
  const svg = drop.querySelector(".icon").cloneNode(true);
  const use = svg.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${name}`));
  return svg;
};
const size = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1e6).toFixed(1)} MB`);
const key = () => [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

function add(files) {
  for (const file of files) {
    const page = { file, picture: file.type.startsWith("image/") && !/hei[cf]|tiff/.test(file.type) ? URL.createObjectURL(file) : null };
    page.wrong = file.size === 0 ? text.empty : file.size > most ? text.large : "";
    chosen.push(page);
  }
  draw();
}

function move(from, to, focus) {
  if (to < 0 || to >= chosen.length || from === to) return;
  chosen.splice(to, 0, ...chosen.splice(from, 1));
  draw();
  if (focus) list.children[to].querySelector(`[data-move="${focus}"]`).focus();
}

function remove(place) {
  const [gone] = chosen.splice(place, 1);
  if (gone.picture) URL.revokeObjectURL(gone.picture);
  draw();
  (list.children[Math.min(place, chosen.length - 1)]?.querySelector("button") ?? document.getElementById("files")).focus();
}

function button(name, label, press, mark) {
  const made = element("button", "", "small");
  made.type = "button";
  made.title = label;
  made.append(icon(name), element("span", label, "unseen"));
  made.dataset.move = mark;
  made.addEventListener("click", press);
  return made;
}

function draw() {
  list.replaceChildren(...chosen.map((page, place) => {
    const item = element("li");
    item.draggable = true;
    const thumb = element("span", "", "thumb");
    if (page.picture) { const image = element("img"); image.src = page.picture; image.alt = ""; thumb.append(image); }
    else thumb.append(icon("file"));
    const name = element("span", "", "name");
    name.append(element("b", page.file.name), element("small", `${text.page.replace("#", place + 1)} · ${size(page.file.size)}`));
    if (page.wrong) name.append(" ", element("span", page.wrong, "chip bad"));
    item.append(thumb, name,
      button("up", text.up, () => move(place, place - 1, "up"), "up"),
      button("down", text.down, () => move(place, place + 1, "down"), "down"),
      button("cross", text.remove, () => remove(place), "remove"));
    item.addEventListener("dragstart", (event) => { event.dataTransfer.setData("text/place", place); item.classList.add("dragged"); });
    item.addEventListener("dragend", () => item.classList.remove("dragged"));
    item.addEventListener("dragover", (event) => { if (event.dataTransfer.types.includes("text/place")) { event.preventDefault(); item.classList.add("target"); } });
    item.addEventListener("dragleave", () => item.classList.remove("target"));
    item.addEventListener("drop", (event) => {
      const from = event.dataTransfer.getData("text/place");
      if (from !== "") { event.preventDefault(); event.stopPropagation(); move(Number(from), place); }
    });
    return item;
  }));
}

for (const id of ["files", "camera"]) {
  const input = document.getElementById(id);
  input.addEventListener("change", () => { add(input.files); input.value = ""; });
}
for (const kind of ["dragover", "dragleave", "drop"]) {
  drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.toggle("over", kind === "dragover"); });
}
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => { event.preventDefault(); if (event.dataTransfer.files.length) add(event.dataTransfer.files); });
addEventListener("paste", (event) => { if (event.clipboardData.files.length) add(event.clipboardData.files); });

form.addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopImmediatePropagation();
  const pages = chosen.filter((page) => !page.wrong);
  if (!pages.length) { document.getElementById("files").focus(); return; }
  const letters = form.elements.letters.value === "each" ? pages.map((page) => [page]) : [pages];
  const stamp = form.elements.received_at.value, sender = form.elements.postal_sender.value;
  const works = letters.map((letter) => ({ key: key(), letter, stamp, sender, row: row(letter) }));
  chosen = [];
  draw();
  form.elements.postal_sender.value = "";
  (async () => { for (const work of works) await bring(work); })();
});

function row(letter) {
  const item = element("li");
  const name = element("span", "", "name");
  name.append(element("b", letter.length > 1 ? text.letter.replace("#", letter.length) : letter[0].file.name));
  const told = element("small", text.waits);
  const bar = element("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", text.sending);
  name.append(told);
  item.append(name, bar);
  sent.prepend(item);
  return { item, told, bar };
}

// Sends one letter; what is lost on the way is sent again with the same key.
async function bring(work, tries = 0) {
  const { item, told, bar } = work.row;
  item.className = "";
  told.textContent = text.sending;
  const answer = await post(work, (share) => { bar.value = share; });
  if (answer.status === 401) { await signInAgain(); return bring(work, tries); }
  if (answer.status === 200 || answer.status === 201) return done(work, answer.body);
  if (answer.body?.report) return done(work, { id: answer.body.report, address: `/reports/${answer.body.report}`, duplicate: true });
  if ((answer.status === 0 || answer.status >= 500) && tries < 20) {
    told.textContent = text.away;
    await new Promise((wait) => setTimeout(wait, Math.min(10000, 1000 * 2 ** Math.min(tries, 4))));
    return bring(work, tries + 1);
  }
  item.className = "bad";
  bar.value = 0;
  told.textContent = `${text.failed}: ${Object.values(answer.body?.errors ?? {})[0] ?? answer.body?.detail ?? answer.status}`;
  const again = element("button", text.retry, "small");
  again.type = "button";
  again.addEventListener("click", () => { again.remove(); bring(work); });
  item.append(again);
}

function done({ row: { item, told, bar } }, body) {
  item.className = "good";
  bar.remove();
  const link = element("a", body.id);
  link.href = body.address;
  told.replaceChildren(`${body.duplicate ? text.again : text.kept} `, link);
  document.getElementById("upload-told").textContent = `${text.kept} ${body.id}`;
}

function post(work, progress) {
  const data = new FormData();
  data.append("upload", work.key);
  data.append("received_at", work.stamp);
  data.append("postal_sender", work.sender);
  for (const page of work.letter) data.append("files", page.file);
  return new Promise((ready) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.getAttribute("action"));
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRF-Token", document.body.dataset.csrf);
    request.upload.onprogress = (event) => { if (event.lengthComputable) progress(event.loaded / event.total); };
    request.onloadend = () => {
      let body = null;
      try { body = JSON.parse(request.responseText); } catch { /* not ours: told by its status */ }
      ready({ status: request.status, body });
    };
    request.send(data);
  });
}

addEventListener("beforeunload", (event) => { if (sent.querySelector("progress") || chosen.length) event.preventDefault(); });
