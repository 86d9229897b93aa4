"use strict";
// Reports typed where there is no connection: kept in this browser for the person who typed them,
// and sent once when the connection is back. Without this script the form works as any other.
(() => {
  const place = document.getElementById("drafts");
  if (!place || !window.indexedDB) return;
  const { person } = place.dataset;
  const SHELL = "bihuan-report"; // bihuan.js forgets it when nobody is signed in
  const FORM = "/report/form";
  const AGAIN_MS = 30000; // a phone does not always notice that it is connected again
  let sending = false;

  const database = new Promise((resolve, reject) => {
    const asked = indexedDB.open("bihuan", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("report", { keyPath: "key" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });

  async function store(mode, ask) {
    const opened = (await database).transaction("report", mode);
    const asked = ask(opened.objectStore("report"));
    return new Promise((resolve, reject) => {
      opened.oncomplete = () => resolve(asked.result);
      opened.onerror = opened.onabort = () => reject(opened.error);
    });
  }
  const keep = (draft) => store("readwrite", (reports) => reports.put(draft));
  const forget = (key) => store("readwrite", (reports) => reports.delete(key));
  const find = (key) => store("readonly", (reports) => reports.get(key));
  async function mine() {
    const all = await store("readonly", (reports) => reports.getAll());
    return all.filter((each) => each.person === person).sort((one, other) => one.at - other.at);
  }

  // The form, when it is on this page.
  const form = () => document.querySelector("form[data-draft]");
  const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))]
    .map((each) => each.toString(16).padStart(2, "0")).join("");

  function read(shown, state) {
    const sent = [...new FormData(shown).entries()];
    const fields = sent.filter(([, value]) => typeof value === "string");
    const photos = sent.filter(([, value]) => typeof value !== "string" && value.size);
    return { key: shown.elements.key.value, person, state, at: Date.now(), fields, photos };
  }

  const hasWords = (draft) => draft.photos.length > 0 || draft.fields.some(
    ([name, value]) => ["description", "location", "measure", "category"].includes(name) && value);

  function fill(shown, draft) {
    for (const [name, value] of draft.fields) {
      const field = shown.elements[name];
      if (!field) continue;
      if (field.type === "checkbox") field.checked = true;
      else field.value = value; // of radio buttons the one with this value
    }
    const files = new DataTransfer();
    for (const [, photo] of draft.photos) files.items.add(photo);
    const camera = shown.querySelector("input[type=file]");
    camera.files = files.files;
    camera.dispatchEvent(new Event("change", { bubbles: true }));
  }

  let waiting;
  function remember(event) {
    const shown = event.target.form;
    if (!shown || shown !== form()) return;
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      if (shown.dataset.leaving) return;
      const draft = read(shown, "typing");
      await (hasWords(draft) ? keep(draft) : forget(draft.key));
    }, 250);
  }

  async function begin(shown) {
    const asked = new URLSearchParams(location.search);
    for (const name of ["unit", "location", "category", "description"]) {
      const field = shown.elements[name];
      if (asked.get(name) && field && field.type !== "hidden") field.value = asked.get(name);
    }
    const drafts = await mine();
    const chosen = drafts.find((each) => each.key === asked.get("draft"))
      || (asked.toString() ? undefined : drafts.find((each) => each.state === "typing"));
    if (chosen) await restore(shown, chosen, "restored");
    else shown.elements.key.value = newKey();
    await tell(chosen ? "restored" : "");
  }

  async function restore(shown, draft) {
    fill(shown, draft);
    shown.elements.key.value = draft.key;
    await keep({ ...draft, state: "typing" });
  }

  function clear(shown) {
    shown.reset();
    shown.querySelector("input[type=file]").dispatchEvent(new Event("change", { bubbles: true }));
    document.getElementById("similar")?.replaceChildren();
    shown.elements.key.value = newKey();
  }

  // What the server answers to a draft.
  async function post(draft, later) {
    const body = new FormData();
    for (const [name, value] of draft.fields) body.append(name, value);
    for (const [name, photo] of draft.photos) body.append(name, photo, photo.name);
    body.set("key", draft.key);
    if (later) body.set("later", "1");
    const answer = await fetch("/report", { method: "POST", body });
    if (answer.status >= 500 || answer.status === 429) throw new TypeError("not now");
    return answer;
  }
  const caseOf = (answer) => new URL(answer.url).pathname.startsWith("/case/") ? answer.url : "";

  async function submit(event) {
    if (event.target !== form()) return;
    event.preventDefault();
    clearTimeout(waiting);
    const shown = event.target;
    const draft = read(shown, "waiting");
    await keep(draft);
    let answer;
    sending = true;
    try {
      answer = await post(draft, false);
    } catch {
      clear(shown);
      await tell("kept");
      return;
    } finally {
      sending = false;
      for (const button of shown.querySelectorAll("button")) button.disabled = false;
    }
    if (caseOf(answer)) {
      shown.dataset.leaving = "1";
      await forget(draft.key);
      location.assign(caseOf(answer));
    } else {
      await showAnswer(answer, draft);
    }
  }

  // A question or a refusal: its page, with the photos that no server can put back into a form.
  async function showAnswer(answer, draft) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.querySelector("main > .stack").replaceWith(page.querySelector("main > .stack"));
    const shown = form();
    await keep({ ...draft, state: "typing" });
    if (shown) {
      fill(shown, { fields: [], photos: draft.photos });
      if (!shown.dataset.spent) shown.elements.key.value = draft.key;
      if (shown.dataset.spent) await forget(draft.key);
      window.htmx?.process(shown);
    }
    await tell(answer.status === 401 ? "signed-out" : "");
    (document.querySelector("main [role=alert]") || document.querySelector("main h1"))
      .scrollIntoView({ block: "center" });
  }

  async function sendWaiting() {
    if (sending) return;
    sending = true;
    try {
      for (const draft of (await mine()).filter((each) => each.state === "waiting")) {
        const answer = await post(draft, true);
        if (answer.status === 401) { await tell("signed-out"); return; }
        if (caseOf(answer)) await forget(draft.key);
        else await keep({ ...draft, state: "stuck" });
        await tell(caseOf(answer) ? "sent" : "stuck", caseOf(answer));
      }
    } catch {
      await tell(""); // still no connection
    } finally {
      sending = false;
    }
  }
  const takeTurns = () => navigator.locks
    ? navigator.locks.request("bihuan-drafts", { ifAvailable: true }, (got) => got && sendWaiting())
    : sendWaiting();

  // What is said of it, above the page.
  const words = (name) => place.querySelector(`template[data-say="${name}"]`)
    .content.cloneNode(true);

  async function tell(said, href = "") {
    const lines = [];
    if (said) lines.push(words(said));
    if (href) lines[0].querySelector("a").href = href;
    const shownKey = form()?.elements.key.value;
    for (const draft of await mine()) {
      if (draft.key !== shownKey) lines.push(lineOf(draft));
    }
    place.querySelector(".drafts-said").replaceChildren(...lines);
    if (said === "kept") place.scrollIntoView({ block: "center" });
  }

  function lineOf(draft) {
    const line = words(draft.state);
    const told = draft.fields.find(([name]) => name === "description");
    line.querySelector("[data-told]").textContent = told ? told[1].slice(0, 40) : "";
    line.querySelector("[data-drop]").dataset.drop = draft.key;
    line.querySelector("a").href = `/report?draft=${draft.key}`;
    return line;
  }

  async function drop(event) {
    const button = event.target.closest("[data-drop]");
    if (!button || !place.contains(button)) return;
    await forget(button.dataset.drop);
    await tell("");
  }

  // The form is opened without a connection too: a worker keeps it, and nothing but it.
  async function keepShell() {
    if (!navigator.serviceWorker) return;
    await navigator.serviceWorker.register("/report/worker.js", { scope: "/report" });
    const answer = await fetch(FORM);
    if (!answer.ok || answer.redirected) return;
    const page = await answer.clone().text();
    const files = [...new Set(page.match(/\/static\/[\w./-]+\?v=\w+/g))];
    const cache = await caches.open(SHELL);
    const missing = [];
    for (const file of files) if (!await cache.match(file)) missing.push(file);
    await cache.addAll(missing);
    await cache.put(FORM, answer);
    for (const kept of await cache.keys()) {
      const address = new URL(kept.url);
      if (![FORM, ...files].includes(address.pathname + address.search)) await cache.delete(kept);
    }
  }

  document.addEventListener("input", remember);
  document.addEventListener("change", remember);
  document.addEventListener("submit", submit);
  document.addEventListener("click", drop);
  window.addEventListener("online", takeTurns);
  setInterval(async () => {
    if ((await mine()).some((each) => each.state === "waiting")) takeTurns();
  }, AGAIN_MS);
  (async () => {
    if (form()) await begin(form());
    else await tell("");
    await takeTurns();
    if (form()) await keepShell().catch(() => {}); // no connection, or no room
  })();
})();
