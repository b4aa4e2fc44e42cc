// The customer's side of the sample messenger: it tells the server what he does, and shows what the bot says.
"use strict";

const EVERY = 600; // milliseconds between looks for news
const PHONE = "+79173402218";
const talk = document.getElementById("talk");
const words = document.getElementById("words");
const keyboard = document.getElementById("keyboard");
let chat = newChat();
let seen = null; // how much of what the bot said, to anybody, was looked at

function newChat() {
  return 1_000_000 + Math.floor(Math.random() * 1_000_000_000);
}

async function tell(deed, what) {
  try {
    const answer = await fetch(`/control/${deed}`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ chat, ...what }),
    });
    trouble(!answer.ok);
    return answer.ok;
  } catch {
    trouble(true);
    return false;
  }
}

function trouble(is) {
  document.getElementById("trouble").hidden = !is;
}

function show(text, whose) {
  const said = document.createElement("div");
  said.className = `said ${whose}`;
  said.textContent = text;
  talk.append(said);
  talk.scrollTop = talk.scrollHeight;
  return said;
}

async function say(text) {
  if (!text.trim()) return;
  show(text, "mine");
  keyboard.hidden = true;
  await tell("say", { text });
}

function heard(message) {
  show(message.text, "bot");
  const markup = message.reply_markup ?? {};
  const row = document.createElement("div");
  row.className = "buttons";
  for (const one of (markup.inline_keyboard ?? []).flat()) row.append(button(one.text, (self) => press(self, one)));
  if (row.children.length) talk.append(row);
  const asked = (markup.keyboard ?? []).flat().filter((one) => one.request_contact);
  keyboard.replaceChildren(...asked.map((one) => button(one.text, share)));
  keyboard.hidden = asked.length === 0;
  talk.scrollTop = talk.scrollHeight;
}

function button(text, deed) {
  const one = document.createElement("button");
  one.type = "button";
  one.textContent = text;
  one.addEventListener("click", () => deed(one));
  return one;
}

async function press(self, one) {
  self.setAttribute("aria-busy", "true"); // until the bot has answered the press
  if (!await tell("press", { data: one.callback_data })) self.removeAttribute("aria-busy");
}

async function share() {
  show(`☎ ${PHONE}`, "mine");
  keyboard.hidden = true;
  await tell("phone", { phone: PHONE });
}

async function send(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = "";
  for (let at = 0; at < bytes.length; at += 32768) binary += String.fromCharCode(...bytes.subarray(at, at + 32768));
  const content = btoa(binary);
  const picture = file.type === "image/jpeg" || file.type === "image/png";
  const said = show(picture ? "" : `📄 ${file.name}`, "mine");
  if (picture) {
    const image = document.createElement("img");
    image.src = `data:${file.type};base64,${content}`;
    image.alt = file.name;
    said.append(image);
  }
  const named = picture ? {} : { file_name: file.name, mime_type: file.type || "application/octet-stream" };
  await tell("file", { kind: picture ? "photo" : "document", content, ...named });
}

async function look() {
  try {
    const answer = await fetch(`/control/sent?after=${seen ?? 0}`);
    const news = (await answer.json()).sent;
    trouble(!answer.ok);
    for (const one of seen === null ? [] : news) {
      if (one.answered !== undefined) for (const busy of document.querySelectorAll("[aria-busy]")) busy.removeAttribute("aria-busy");
      else if (one.chat.id === chat) heard(one);
    }
    seen = (seen ?? 0) + news.length;
  } catch {
    trouble(true);
  }
  setTimeout(look, EVERY);
}

document.getElementById("writing").addEventListener("submit", (event) => {
  event.preventDefault();
  say(words.value);
  words.value = "";
});
words.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    document.getElementById("writing").requestSubmit();
  }
});
document.getElementById("file").addEventListener("change", (event) => {
  for (const file of event.target.files) send(file);
  event.target.value = "";
});
document.getElementById("another").addEventListener("click", () => {
  chat = newChat();
  talk.replaceChildren();
  keyboard.hidden = true;
  words.focus();
});
for (const one of document.querySelectorAll("#examples button")) one.addEventListener("click", () => say(one.textContent));
look();
words.focus();
