"use strict";
// Reports kept in this browser, and how one is sent. The page that they were typed on has it
// (drafts.js), and the worker that sends them when no page is open.
self.outbox = (() => {
  const TAG = "bihuan-report"; // of Background Sync, where the browser has it
  const LOCK = "bihuan-drafts";

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
  async function list() {
    const all = await store("readonly", (reports) => reports.getAll());
    return all.sort((one, other) => one.at - other.at);
  }

  // What the server answers to a draft; a TypeError where there is no answer to be had now.
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

  // Sends what waits, one after the other; what gets an answer of `not` waits for its person.
  async function sendWaiting(isOurs, not) {
    for (const draft of (await list()).filter((each) => each.state === "waiting" && isOurs(each))) {
      const answer = await post(draft, true);
      if (not.includes(answer.status)) return false;
      const href = caseOf(answer);
      // What was sent is told of once, by the next page of its person, and is forgotten then.
      await keep(href ? { ...draft, state: "sent", href, photos: [] } : { ...draft, state: "stuck" });
    }
    return true;
  }

  // Pages and the worker take turns; the key makes what is sent twice all the same harmless.
  const inTurn = (work, ifAvailable) => navigator.locks
    ? navigator.locks.request(LOCK, { ifAvailable }, (got) => got && work())
    : work();

  return { TAG, keep, forget, list, post, caseOf, sendWaiting, inTurn };
})();
