// What only a script can add; every page works without it.

const textareas = document.querySelectorAll("textarea");

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.isComposing) {
    return;
  }
  if (event.key === "Enter" && event.target instanceof HTMLTextAreaElement) {
    event.preventDefault();
    event.target.form?.requestSubmit();
  } else if (event.key.toLowerCase() === "k") {
    const search = document.querySelector("input[type=search]");
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  }
});

// A browser offers its clipboard only over https and to this machine: elsewhere the button stays away.
for (const button of navigator.clipboard ? document.querySelectorAll("button[data-copy]") : []) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = button.dataset.copied;
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
