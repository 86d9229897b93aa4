"use strict";
// What a browser with JavaScript adds. Everything works without it. It runs before the page is drawn:
// what only a script makes useful would push the rest aside if it appeared later.
document.documentElement.classList.add("has-script");

document.addEventListener("DOMContentLoaded", () => {
  // Who signs out leaves no form behind that names their places (drafts.js keeps it).
  if (document.querySelector("[data-signs-in]") && window.caches) caches.delete("bihuan-report");
});

document.addEventListener("change", (event) => {
  const target = event.target;
  if (target.matches("[data-send-at-once]")) target.form.requestSubmit();
  if (target.matches("select[data-fills]") && target.value) {
    const text = document.getElementById(target.dataset.fills);
    text.value = [text.value.trim(), target.value].filter(Boolean).join("\n");
    target.value = "";
    text.focus();
  }
  if (target.matches("input[type=file][data-previews]")) preview(target);
  if (target.matches("[data-check-all]")) {
    for (const box of document.getElementsByName(target.dataset.checkAll)) box.checked = target.checked;
  }
});

// One press, one request: the key in the form would make a second one harmless anyway.
document.addEventListener("submit", (event) => {
  if (event.target.method !== "post") return;
  const button = event.submitter;
  if (button) setTimeout(() => { button.disabled = true; }, 0);
});
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("button[disabled]")) button.disabled = false;
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  if (event.target.closest("[data-print]")) window.print();
  if (event.target.closest("[data-fullscreen]")) document.documentElement.requestFullscreen();
});

function preview(input) {
  const place = document.getElementById(input.dataset.previews);
  place.replaceChildren(...[...input.files].map((file) => {
    const image = document.createElement("img");
    image.alt = file.name;
    image.src = URL.createObjectURL(file);
    image.onload = () => URL.revokeObjectURL(image.src);
    return image;
  }));
}
