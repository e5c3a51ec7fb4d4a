// On a narrow screen the filters start folded, so that the page begins with what was asked for. Runs before painting.
if (matchMedia("(max-width: 60rem)").matches) for (const fold of document.querySelectorAll("details.fold")) fold.open = false;
