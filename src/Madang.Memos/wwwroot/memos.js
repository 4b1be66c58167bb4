// What only a script can add to memos: a tick without leaving the page, and pictures pasted, dropped or chosen. Without it both are forms.

let turn = Promise.resolve();

const show = (box, isDone) => {
  box.setAttribute("aria-checked", isDone);
  box.value = !isDone;
  box.closest("li").classList.toggle("done", isDone);
};

const send = async (box, body, isDone) => {
  try {
    const headers = { Accept: "application/json" };
    const answer = await fetch(box.formAction, { method: "POST", body, headers, redirect: "manual" });
    if (answer.status !== 204) {
      show(box, !isDone);
      location.reload(); // The memo is another than this page shows; or nobody is signed in, which leads to the sign-in page.
    }
  } catch {
    show(box, !isDone);
  }
};

document.addEventListener("click", (event) => {
  const box = event.target.closest("button.tick");
  if (!box || event.defaultPrevented) {
    return;
  }
  event.preventDefault();
  const body = new URLSearchParams(new FormData(box.form, box));
  const isDone = box.value === "true";
  show(box, isDone);
  turn = turn.then(() => send(box, body, isDone)); // In the order of the clicks.
});

const picturesOf = (transfer) => [...(transfer?.files ?? [])].filter((file) => file.type.startsWith("image/"));

for (const form of document.querySelectorAll("form.write")) {
  const text = form.elements.text;
  const chooser = form.elements.picture;
  let sending = 0;

  const complain = (sentence) => {
    let place = form.querySelector(".wrong");
    if (!place) {
      place = document.createElement("p");
      place.className = "wrong";
      place.setAttribute("role", "alert");
      text.after(place);
    }
    place.textContent = sentence;
  };

  const replace = (old, by) => {
    const at = text.value.indexOf(old);
    if (at >= 0) {
      text.setRangeText(by, at, at + old.length, "preserve");
      text.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };

  const bring = async (file) => {
    const name = file.name.replace(/\.[^.]*$/, "").replace(/[[\]\\#\n]/g, "").slice(0, 80);
    const place = `![${form.dataset.sending} ${name} ${Math.random().toString(36).slice(2, 8)}]()`;
    text.setRangeText(place, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
    sending++;
    try {
      const answer = await fetch("/api/v1/memos/pictures", {
        method: "POST",
        body: file,
        headers: { "Content-Type": file.type, "Accept-Language": document.documentElement.lang },
      });
      const made = await answer.json();
      replace(place, answer.ok ? `![${name}](${made.url})` : "");
      if (!answer.ok) {
        complain(made.detail);
      }
    } catch {
      replace(place, "");
      complain(form.dataset.failed);
    } finally {
      sending--;
    }
  };

  const bringAll = async (files) => {
    form.querySelector(".wrong")?.remove();
    for (const file of files) {
      await bring(file);
    }
  };

  text.addEventListener("paste", (event) => {
    const files = picturesOf(event.clipboardData);
    // Word processors give a picture of the text along with the text.
    if (files.length && !event.clipboardData.types.includes("text/plain")) {
      event.preventDefault();
      bringAll(files);
    }
  });
  form.addEventListener("dragover", (event) => {
    if (event.dataTransfer.types.includes("Files")) {
      event.preventDefault();
    }
  });
  form.addEventListener("drop", (event) => {
    const files = picturesOf(event.dataTransfer);
    if (files.length) {
      event.preventDefault();
      bringAll(files);
    }
  });
  chooser.addEventListener("change", () => {
    bringAll([...chooser.files]);
    chooser.value = "";
  });
  form.addEventListener("submit", (event) => {
    if (sending) {
      event.preventDefault();
      complain(form.dataset.sending);
    }
  });
}
