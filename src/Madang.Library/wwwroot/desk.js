// Reads an ISBN with the camera, where the browser can tell bar codes itself; everything else works without this.
const button = document.querySelector("[data-scan]");
const video = document.querySelector("video.scan");
const failed = document.querySelector("[data-scan-failed]");
const field = document.getElementById(button.dataset.scan);
const word = button.textContent;
let stream = null;

const isKnown = async () =>
  "BarcodeDetector" in window &&
  navigator.mediaDevices !== undefined &&
  (await BarcodeDetector.getSupportedFormats()).includes("ean_13");

const stop = () => {
  for (const track of stream?.getTracks() ?? []) {
    track.stop();
  }
  stream = null;
  video.srcObject = null;
  video.hidden = true;
  button.textContent = word;
};

const look = async (detector) => {
  if (stream === null) {
    return;
  }
  const found = await detector.detect(video).catch(() => []);
  const isbn = found.map((code) => code.rawValue).find((value) => /^97[89]\d{10}$/.test(value));
  if (isbn === undefined) {
    setTimeout(() => look(detector), 150);
    return;
  }
  stop();
  field.value = isbn;
  field.focus();
};

const start = async () => {
  failed.textContent = "";
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    failed.textContent = failed.dataset.scanFailed;
    return;
  }
  video.srcObject = stream;
  video.hidden = false;
  button.textContent = button.dataset.stop;
  await video.play();
  await look(new BarcodeDetector({ formats: ["ean_13"] }));
};

if (await isKnown()) {
  button.hidden = false;
  button.addEventListener("click", () => (stream === null ? start() : stop()));
}
