"use strict";
// A signature drawn with a finger, sent as a picture in the file field that is there without this.
(() => {
  const form = document.querySelector("form[data-signing]");
  const canvas = form?.querySelector("canvas");
  if (!canvas) return;
  const pen = canvas.getContext("2d");
  const { drawn } = form.elements;
  let at = null;

  function wipe() {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    Object.assign(pen, { strokeStyle: "#111", lineWidth: 5, lineCap: "round", lineJoin: "round" });
    drawn.value = "";
  }

  function place(event) {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    return [(event.clientX - left) * canvas.width / width,
      (event.clientY - top) * canvas.height / height];
  }

  function begin(event) {
    canvas.setPointerCapture(event.pointerId);
    at = place(event);
    event.preventDefault();
  }

  function draw(event) {
    if (!at) return;
    pen.beginPath();
    pen.moveTo(...at);
    at = place(event);
    pen.lineTo(...at);
    pen.stroke();
  }

  function end() {
    if (!at) return;
    at = null;
    canvas.toBlob((picture) => {
      const files = new DataTransfer();
      files.items.add(new File([picture], "signature.png", { type: "image/png" }));
      drawn.files = files.files;
    });
  }

  wipe();
  canvas.addEventListener("pointerdown", begin);
  canvas.addEventListener("pointermove", draw);
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  form.querySelector("[data-wipe]").addEventListener("click", wipe);
})();
