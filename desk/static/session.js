// Requests of scripts: with the anti-forgery token; when the session has ended, the person signs in where he is, and
// the request goes out again. Nothing that was typed leaves the page.

const body = document.body;
let asking = null; // the one sign-in that all waiting requests wait for

export class Away extends Error {}

export async function send(address, options = {}) {
  for (;;) {
    let answer;
    try {
      answer = await fetch(address, {
        ...options,
        headers: { Accept: "application/json", "X-CSRF-Token": body.dataset.csrf, ...options.headers },
      });
    } catch {
      throw new Away(address);
    }
    if (answer.status !== 401) return answer;
    if (options.quiet) return answer;
    await signInAgain();
  }
}

export function signInAgain() {
  asking ??= ask().finally(() => { asking = null; });
  return asking;
}

function ask() {
  const dialog = document.getElementById("sign-in-again");
  const form = dialog.querySelector("form");
  const [wrong, away] = form.querySelectorAll("[role=alert]");
  const password = form.elements.password;
  const from = document.activeElement;
  dialog.showModal();
  password.focus();
  return new Promise((done) => {
    dialog.oncancel = (event) => event.preventDefault();
    form.onsubmit = async (event) => {
      event.preventDefault();
      wrong.hidden = away.hidden = true;
      try {
        const answer = await fetch(form.action, {
          method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams(new FormData(form)),
        });
        if (!answer.ok) {
          wrong.hidden = false;
          password.select();
          return;
        }
        renew(await answer.json(), form.dataset.login);
      } catch {
        away.hidden = false;
        return;
      }
      password.value = "";
      dialog.close();
      from?.focus?.();
      done();
    };
  });
}

function renew(session, login) {
  if (session.login !== login) location.assign("/"); // somebody else: this form is not his
  body.dataset.csrf = session.csrf;
  for (const field of document.querySelectorAll("input[name=csrf]")) field.value = session.csrf;
}

// The time of the last key, click or touch: who is away is not kept signed in by a page that asks for news.
let touched = Date.now();
for (const kind of ["keydown", "pointerdown", "wheel", "touchstart"]) {
  addEventListener(kind, () => { touched = Date.now(); }, { passive: true, capture: true });
}
export const idleFor = () => Date.now() - touched;
