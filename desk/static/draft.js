// What is typed into a form is kept at the desk a moment later, under the form's key; before the form is sent it is kept
// once more. So a session that ends, a closed window or a lost connection loses nothing.
import { Away, send } from "./session.js";

const PAUSE = 700;

export class Draft {
  constructor(form, told) {
    this.form = form;
    this.told = told;
    this.address = `/drafts/${form.dataset.draft}`;
    this.changed = false; // since it was last kept
    this.touched = false; // since the page was opened
    this.sending = Promise.resolve(true);
    form.addEventListener("input", () => this.note());
    form.addEventListener("submit", (event) => this.submit(event));
    addEventListener("beforeunload", (event) => { if (this.changed && !this.leaving) event.preventDefault(); });
    addEventListener("online", () => { if (this.changed) this.keep(); });
  }

  values() {
    const values = {};
    for (const field of this.form.querySelectorAll("[name]:not([type=hidden]):not([type=file]):not(button)")) {
      values[field.name] = field.type === "checkbox" ? (field.checked ? "true" : "") : field.value;
    }
    return { base: Number(this.form.elements.base?.value ?? 0), values };
  }

  note() {
    this.changed = this.touched = true;
    this.told.textContent = this.form.dataset.unsaved;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), PAUSE);
  }

  // Gives whether it is kept.
  keep() {
    clearTimeout(this.timer);
    this.sending = this.sending.then(() => this.put());
    return this.sending;
  }

  async put() {
    const body = JSON.stringify(this.values());
    try {
      const answer = await send(this.address, { method: "PUT", body, headers: { "Content-Type": "application/json" } });
      if (answer.status === 413) { // waiting does not help; what was typed stays here
        this.told.textContent = this.form.dataset.large;
        return false;
      }
      if (!answer.ok) throw new Away();
    } catch (error) {
      if (!(error instanceof Away)) throw error;
      this.told.textContent = this.form.dataset.away;
      this.timer = setTimeout(() => this.keep(), 5000);
      return false;
    }
    if (JSON.stringify(this.values()) === body) this.changed = false;
    this.told.textContent = this.form.dataset.kept;
    return true;
  }

  async submit(event) {
    if (this.leaving) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    if (!(await this.keep())) return;
    this.leaving = true;
    this.form.requestSubmit(button);
  }
}
