// What only a script can add; every page works without it.

const textareas = document.querySelectorAll("textarea");

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.isComposing) {
    return;
  }
  if (event.key === "Enter" && event.target instanceof HTMLTextAreaElement) {
    event.preventDefault();
    event.target.form?.requestSubmit();
  }
});

// What goes on by itself is looked at again.
if (document.querySelector("[data-again]")) {
  setTimeout(() => location.reload(), 1000);
}

// A browser offers its clipboard only over https and to this machine: elsewhere the button stays away.
// The button keeps its name when its picture changes; that it is done is said beside it.
for (const button of navigator.clipboard ? document.querySelectorAll("button[data-copy]") : []) {
  const said = document.createElement("span");
  said.role = "status";
  said.className = "hidden";
  button.after(said);
  button.ariaLabel = button.title || button.textContent.trim();
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = button.dataset.copied;
    said.textContent = button.dataset.said ?? button.dataset.copied;
  });
}

if (!CSS.supports("field-sizing", "content")) {
  const grow = (textarea) => {
    textarea.style.blockSize = "auto";
    textarea.style.blockSize = `${textarea.scrollHeight}px`;
  };
  for (const textarea of textareas) {
    textarea.addEventListener("input", () => grow(textarea));
    grow(textarea);
  }
}
