// Links that copy themselves. Without a clipboard they are links.
for (const link of document.querySelectorAll("a[data-copy]"))
  link.addEventListener("click", async (event) => {
    if (!navigator.clipboard || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    try {
      await navigator.clipboard.writeText(link.href);
    } catch {
      location.href = link.href;
      return;
    }
    const was = link.textContent;
    link.textContent = link.dataset.copy;
    link.setAttribute("role", "status");
    setTimeout(() => {
      link.textContent = was;
      link.removeAttribute("role");
    }, 2000);
  });
