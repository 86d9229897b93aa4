"use strict";
// Opens the form of a report where there is no connection. It keeps nothing by itself: drafts.js
// stores the form and what it is drawn with, and no other page. What was typed there it sends when
// the browser says that it is connected again (Background Sync).
importScripts("/static/outbox.js");
const SHELL = "bihuan-report";
const FORM = "/report/form";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && pathname === "/report") {
    event.respondWith(fetch(request).catch((fault) => kept(FORM, fault)));
  } else if (pathname.startsWith("/static/")) {
    event.respondWith(caches.match(request).then((found) => found || fetch(request)));
  }
});

async function kept(address, fault) {
  const found = await (await caches.open(SHELL)).match(address);
  if (!found) throw fault;
  return found;
}

self.addEventListener("sync", (event) => {
  if (event.tag === outbox.TAG) event.waitUntil(outbox.inTurn(send, false));
});

// Whoever is signed in now, a draft of somebody else's waits, as it does while nobody is.
async function send() {
  try {
    await outbox.sendWaiting(() => true, [401, 403]);
  } finally { // without a connection it fails, and the browser tries again later
    for (const page of await self.clients.matchAll({ includeUncontrolled: true })) {
      page.postMessage(outbox.TAG);
    }
  }
}
