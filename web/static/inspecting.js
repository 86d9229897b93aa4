"use strict";
// A record of an inspection filled in where there is no connection: kept in this browser while it
// is typed, and sent once when the connection is back. Without this script the form works as any other.
(() => {
  const AGAIN_MS = 30000; // a phone does not always notice that it is connected again
  const form = () => document.querySelector("form[data-inspection]");
  let sending = false;
  let saving;

  // One record for each person, inspection and version; a record that was written takes it away.
  const database = new Promise((resolve, reject) => {
    const asked = indexedDB.open("bihuan-inspections", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("record", { keyPath: "of" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  async function store(mode, ask) {
    const opened = (await database).transaction("record", mode);
    const asked = ask(opened.objectStore("record"));
    return new Promise((resolve, reject) => {
      opened.oncomplete = () => resolve(asked.result);
      opened.onerror = opened.onabort = () => reject(opened.error);
    });
  }
  const keep = (record) => store("readwrite", (records) => records.put(record));
  const find = (of) => store("readonly", (records) => records.get(of));
  const forget = (of) => store("readwrite", (records) => records.delete(of));

  function read(shown, state, draft) {
    const entries = [...new FormData(shown).entries()];
    return {
      of: shown.dataset.inspection, state, draft, at: Date.now(),
      fields: entries.filter(([, value]) => typeof value === "string"),
      photos: entries.filter(([, value]) => typeof value !== "string" && value.size),
    };
  }

  function fill(shown, record) {
    for (const [name, value] of record.fields) {
      const field = shown.elements[name];
      if (field?.type === "checkbox") field.checked = true;
      else if (field) field.value = value; // of radio buttons the one with this value
    }
    for (const camera of shown.querySelectorAll("input[type=file]")) {
      const files = new DataTransfer();
      for (const [name, photo] of record.photos) if (name === camera.name) files.items.add(photo);
      if (!files.files.length) continue;
      camera.files = files.files;
      camera.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  function say(name) {
    const place = document.getElementById("kept-here");
    if (!place) return;
    for (const line of place.querySelectorAll("p")) line.remove();
    if (!name) return;
    place.append(place.querySelector(`template[data-say="${name}"]`).content.cloneNode(true));
    place.scrollIntoView({ block: "center" });
  }

  function remember(event) {
    const shown = form();
    if (!shown || event.target.form !== shown || sending) return;
    clearTimeout(saving);
    saving = setTimeout(() => { if (!sending) keep(read(shown, "typing", false)); }, 250);
  }

  async function submit(event) {
    const shown = form();
    if (event.target !== shown) return;
    event.preventDefault();
    clearTimeout(saving);
    const record = read(shown, "waiting", event.submitter?.name === "draft");
    await keep(record);
    await send(shown, record);
  }

  async function send(shown, record) {
    if (sending) return;
    sending = true;
    try {
      await answered(shown, record, await post(shown, record));
    } catch {
      say("waiting"); // no connection, or the house does not answer now
    } finally {
      sending = false;
    }
  }

  // The key among the fields makes what is sent twice harmless.
  async function post(shown, record) {
    const body = new FormData();
    for (const [name, value] of record.fields) body.append(name, value);
    for (const [name, photo] of record.photos) body.append(name, photo, photo.name);
    if (record.draft) body.set("draft", "1");
    const answer = await fetch(shown.action, { method: "POST", body });
    if (answer.status >= 500 || answer.status === 429) throw new TypeError("not now");
    return answer;
  }

  async function answered(shown, record, answer) {
    const { pathname } = new URL(answer.url);
    if (answer.status === 401 || pathname === "/login") {
      say("signed-out");
    } else if (answer.redirected && answer.ok) {
      await forget(record.of);
      location.assign(answer.url);
    } else {
      await forget(record.of); // what is wrong is kept as a draft where it was sent to
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      document.querySelector("main > .stack").replaceWith(page.querySelector("main > .stack"));
      document.querySelector(".wrong, [role=alert], main h1").scrollIntoView({ block: "center" });
    }
  }

  async function begin() {
    const shown = form();
    const record = shown && await find(shown.dataset.inspection);
    if (!record) return;
    fill(shown, record);
    if (record.state === "waiting") await send(shown, record);
    else say("restored");
  }

  async function again() {
    const shown = form();
    const record = shown && await find(shown.dataset.inspection);
    if (record?.state === "waiting") await send(shown, record);
  }

  document.addEventListener("input", remember);
  document.addEventListener("change", remember);
  document.addEventListener("submit", submit);
  window.addEventListener("online", again);
  setInterval(again, AGAIN_MS);
  begin();
})();
