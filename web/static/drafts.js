"use strict";
// Reports typed where there is no connection: kept in this browser for the person who typed them,
// and sent once when the connection is back. Without this script the form works as any other.
(() => {
  const place = document.getElementById("drafts");
  if (!place || !window.indexedDB) return;
  const { person } = place.dataset;
  const SHELL = "bihuan-report"; // bihuan.js forgets it when nobody is signed in
  const FORM = "/report/form";
  const WORKER_FOR = "/report";
  const AGAIN_MS = 30000; // a phone does not always notice that it is connected again
  let sending = false;
  const told = new Map(); // lines about drafts that were sent, for as long as this page is shown

  const { keep, forget } = outbox;
  const mine = async () => (await outbox.list()).filter((each) => each.person === person);

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
    const drafts = (await mine()).filter((each) => each.state !== "sent");
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
      answer = await outbox.post(draft, false);
    } catch {
      clear(shown);
      await tell("kept");
      await askSync();
      return;
    } finally {
      sending = false;
      for (const button of shown.querySelectorAll("button")) button.disabled = false;
    }
    const address = outbox.caseOf(answer);
    if (address) {
      shown.dataset.leaving = "1";
      await forget(draft.key);
      location.assign(address);
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

  // The browser sends it when it is connected, whether a page is open then or not.
  async function askSync() {
    const worker = await navigator.serviceWorker?.getRegistration(WORKER_FOR);
    await worker?.sync?.register(outbox.TAG).catch(() => {}); // it may be switched off
  }

  const isWaiting = async () => (await mine()).some((each) => each.state === "waiting");

  async function sendWaiting() {
    if (sending || !await isWaiting()) return;
    sending = true;
    try {
      const sent = await outbox.sendWaiting((draft) => draft.person === person, [401]);
      await tell(sent ? "" : "signed-out");
    } catch {
      await tell(""); // still no connection
      await askSync();
    } finally {
      sending = false;
    }
  }
  const takeTurns = () => outbox.inTurn(sendWaiting, true);

  // What is said of it, above the page.
  const words = (name) => place.querySelector(`template[data-say="${name}"]`)
    .content.cloneNode(true);

  async function tell(said) {
    const lines = said ? [words(said)] : [];
    const shownKey = form()?.elements.key.value;
    for (const draft of await mine()) {
      if (draft.state === "sent") {
        told.set(draft.key, sentLine(draft));
        await forget(draft.key);
      } else if (draft.key !== shownKey) lines.push(lineOf(draft));
    }
    const copies = [...told.values()].map((line) => line.cloneNode(true));
    place.querySelector(".drafts-said").replaceChildren(...lines, ...copies);
    if (said === "kept") place.scrollIntoView({ block: "center" });
  }

  function sentLine(draft) {
    const line = words("sent");
    line.querySelector("a").href = draft.href;
    return line;
  }

  function lineOf(draft) {
    const line = words(draft.state);
    const typed = draft.fields.find(([name]) => name === "description");
    line.querySelector("[data-told]").textContent = typed ? typed[1].slice(0, 40) : "";
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
    await navigator.serviceWorker.register("/report/worker.js", { scope: WORKER_FOR });
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
  navigator.serviceWorker?.addEventListener("message", () => tell("")); // it has sent some
  setInterval(takeTurns, AGAIN_MS);
  (async () => {
    if (form()) await begin(form());
    else await tell("");
    await takeTurns();
    if (form()) await keepShell().catch(() => {}); // no connection, or no room
  })();
})();
