"use strict";
// How far an import is, as the server tells it; where nothing comes through, the page asks now and then.
(() => {
  const run = () => document.getElementById("run");
  const address = run()?.dataset.stream;
  if (!address || !window.EventSource) return;
  const told = new EventSource(address);
  told.addEventListener("moved", (event) => {
    if (run().dataset.stream) run().innerHTML = event.data;
  });
  told.addEventListener("ended", () => {
    told.close();
    if (run().dataset.stream) window.htmx.trigger(run(), "ended"); // what came of it is on the page
  });
})();
