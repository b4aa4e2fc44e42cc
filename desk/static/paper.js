// The picture of a page: zoom, fit, turn, page by page, drag; and the boxes that show where each field was read.

const STEP = 1.25, LEAST = 0.2, MOST = 6;

export class Paper {
  constructor(section, fields) {
    this.section = section;
    this.fields = fields; // elements with data-field, data-page, data-box
    this.view = section.querySelector(".paper-view");
    this.stage = section.querySelector(".paper-stage");
    this.sheet = section.querySelector(".paper-sheet");
    this.boxes = section.querySelector(".paper-boxes");
    this.picture = section.querySelector("img");
    this.told = section.querySelector("#paper-told");
    this.pages = section.dataset.pages.split(" ").map(Number); // numbers in the original
    this.page = Number(section.dataset.page);
    this.turned = 0;
    this.zoom = 1; // of the view's width
    this.fit = "width";
    this.lit = null;
    this.size = [0, 0]; // of the picture; a sharper one of the same page has other dots, but the same shape
    this.picture.addEventListener("load", () => this.loaded());
    this.picture.addEventListener("error", () => this.fail());
    section.querySelector(".paper-tools").addEventListener("click", (event) => this.press(event));
    this.view.addEventListener("keydown", (event) => this.key(event));
    this.view.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.drag();
    new ResizeObserver(() => this.layOut()).observe(this.view);
    if (this.picture.complete) this.picture.naturalWidth ? this.loaded() : this.fail();
  }

  press(event) {
    const button = event.target.closest("[data-does]");
    if (!button) return;
    event.preventDefault();
    this.do(button.dataset.does);
  }

  do(what) {
    if (what === "back") this.leaf(-1);
    else if (what === "on") this.leaf(1);
    else if (what === "in") this.scale(this.zoom * STEP);
    else if (what === "out") this.scale(this.zoom / STEP);
    else if (what === "turn") { this.turned = (this.turned + 90) % 360; this.layOut(); }
    else { this.fit = what; this.layOut(); this.view.scrollTo(0, 0); }
  }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const does = { "+": "in", "=": "in", "-": "out", 0: "width", 9: "whole", r: "turn", PageUp: "back", PageDown: "on" }[event.key];
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (does) this.do(does);
    else if (move) this.view.scrollBy(move[0] * 80, move[1] * 80);
    else return;
    event.preventDefault();
  }

  wheel(event) {
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.scale(this.zoom * (event.deltaY < 0 ? 1.1 : 1 / 1.1));
  }

  drag() {
    let from = null;
    this.view.addEventListener("pointerdown", (event) => {
      if (event.pointerType !== "mouse" || event.button !== 0 || event.target.tagName === "I") return;
      from = { x: event.clientX + this.view.scrollLeft, y: event.clientY + this.view.scrollTop };
      this.view.setPointerCapture(event.pointerId);
      this.view.classList.add("dragged");
    });
    this.view.addEventListener("pointermove", (event) => {
      if (from) this.view.scrollTo(from.x - event.clientX, from.y - event.clientY);
    });
    const end = () => { from = null; this.view.classList.remove("dragged"); };
    this.view.addEventListener("pointerup", end);
    this.view.addEventListener("pointercancel", end);
  }

  scale(zoom) {
    const middle = (this.view.scrollTop + this.view.clientHeight / 2) / Math.max(1, this.stage.offsetHeight);
    this.fit = null;
    this.zoom = Math.min(MOST, Math.max(LEAST, zoom));
    this.layOut();
    this.view.scrollTop = middle * this.stage.offsetHeight - this.view.clientHeight / 2;
    const wanted = this.address(this.page);
    if (this.zoom > 1.4 && !this.picture.src.endsWith(wanted)) this.picture.src = wanted;
  }

  address(page) {
    const turn = this.section.dataset.turns.split(" ")[this.pages.indexOf(page)];
    return `${this.section.dataset.picture}${page}?width=${this.zoom > 1.4 ? 2400 : 1400}&turn=${turn}`;
  }

  leaf(by) {
    const next = this.pages[this.pages.indexOf(this.page) + by];
    if (next) this.go(next);
  }

  go(page, then) {
    if (!this.pages.includes(page)) return;
    this.page = page;
    this.section.querySelector(".paper-failed")?.remove();
    this.sheet.hidden = false;
    this.picture.src = this.address(page);
    this.picture.alt = this.told.textContent = this.section.dataset.told.replace("#", this.pages.indexOf(page) + 1);
    this.boxes.replaceChildren();
    this.view.scrollTo(0, 0);
    this.coming = true;
    this.after = then;
  }

  fail() {
    if (this.sheet.hidden) return;
    this.sheet.hidden = true;
    const text = document.createElement("p");
    text.className = "paper-failed";
    text.textContent = this.section.dataset.failed;
    this.stage.append(text);
  }

  loaded() {
    this.size = [this.picture.naturalWidth, this.picture.naturalHeight];
    const after = this.after;
    this.after = null;
    this.coming = false;
    this.layOut();
    after?.();
  }

  layOut() {
    const [wide, high] = this.size;
    if (!wide) return;
    const sideways = this.turned % 180 !== 0;
    const [w, h] = sideways ? [high, wide] : [wide, high];
    const room = [this.view.clientWidth - 2, this.view.clientHeight - 2];
    if (this.fit === "width") this.zoom = 1;
    if (this.fit === "whole") this.zoom = Math.min(1, room[1] / (h * room[0] / w));
    const width = room[0] * this.zoom, height = width * h / w;
    this.stage.style.width = `${width}px`;
    this.stage.style.height = `${height}px`;
    this.sheet.style.width = `${sideways ? height : width}px`;
    const shift = { 0: "", 90: `translate(${width}px, 0)`, 180: `translate(${width}px, ${height}px)`, 270: `translate(0, ${height}px)` };
    this.sheet.style.transform = `${shift[this.turned]} rotate(${this.turned}deg)`;
    this.draw();
  }

  draw() {
    if (this.coming) return; // its boxes belong to a page that is still on its way
    const here = this.fields.filter((field) => Number(field.dataset.page) === this.page && field.dataset.box);
    this.boxes.replaceChildren(...here.map((field) => {
      const [left, top, right, bottom] = field.dataset.box.split(" ").map((part) => Number(part) / 100);
      const box = document.createElement("i");
      box.style.left = `${left - 0.4}%`;
      box.style.top = `${top - 0.3}%`;
      box.style.width = `${right - left + 0.8}%`;
      box.style.height = `${bottom - top + 0.6}%`;
      box.classList.toggle("check", field.classList.contains("to-check"));
      box.classList.toggle("lit", field === this.lit);
      box.addEventListener("click", () => field.querySelector("input, select, textarea").focus());
      return box;
    }));
  }

  // Light up where a field was read; turns to its page.
  light(field) {
    if (field === this.lit) return;
    this.lit = field;
    const page = Number(field?.dataset.page);
    if (page && page !== this.page) this.go(page, () => this.reveal());
    else { this.draw(); this.reveal(); }
  }

  reveal() {
    const box = this.boxes.querySelector(".lit");
    if (!box) return;
    const [spot, view] = [box.getBoundingClientRect(), this.view.getBoundingClientRect()];
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const out = spot.top < view.top + 20 || spot.bottom > view.bottom - 20 || spot.left < view.left || spot.right > view.right;
    if (out) this.view.scrollBy({
      top: spot.top - view.top - view.height / 3, left: spot.left - view.left - (view.width - spot.width) / 2,
      behavior: calm ? "auto" : "smooth",
    });
  }
}
