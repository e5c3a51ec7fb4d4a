// What the browser tests ask of a page. Runs before the page's own scripts.
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.blockedURI} ${event.violatedDirective}`),
);

window.probes = {
  // Per event with both sides: the order of its parts, where they stand, which way its arrow is turned.
  whoWhom() {
    const lines = [...document.querySelectorAll(".events .who")].filter((who) => who.querySelector(".recipient a"));
    return lines.map((who) => {
      const box = (part) => who.querySelector(part).getBoundingClientRect();
      const [actor, recipient] = [box(".actor"), box(".recipient")];
      const place = (name) => [...who.children].findIndex((child) => child.classList.contains(name));
      return {
        label: who.getAttribute("aria-label"),
        order: ["actor", "did", "recipient"].map(place),
        turn: getComputedStyle(who.querySelector(".arrow")).transform,
        actor: [actor.left, actor.top],
        recipient: [recipient.left, recipient.top],
        height: actor.height,
      };
    });
  },

  // The sums of the bars by class.
  drawnSums() {
    const series = [1, 2, 3, 4].map((quad) => document.getElementById("chart").data.find((t) => t.meta?.quad === quad));
    return series.map((trace) => trace.y.reduce((sum, value) => sum + Math.abs(value), 0));
  },

  // Interactive things smaller than 24 pixels; a checkbox is as large as its label.
  smallTargets() {
    const targets = "button, summary, nav a, .button, .chips a, .legend a, select, input:not([type=hidden])";
    return [...document.querySelectorAll(targets)]
      .filter((element) => element.offsetParent)
      .map((element) => [element, (element.closest("label") ?? element).getBoundingClientRect()])
      .filter(([, box]) => box.height < 24 || box.width < 24)
      .map(([element]) => element.outerHTML.slice(0, 120));
  },

  // Things that a screen reader could not name.
  nameless() {
    const named = (e) => e.textContent.trim() || e.labels?.length || e.ariaLabel || e.getAttribute("aria-labelledby");
    const things = "a, button, input:not([type=hidden]), select, [role=img], [role=region]";
    return [...document.querySelectorAll(things)].filter((e) => !named(e)).map((e) => e.outerHTML.slice(0, 120));
  },

  doubledIds() {
    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
    return ids.filter((id, at) => ids.indexOf(id) !== at);
  },

  headingLevels() {
    return [...document.querySelectorAll("h1, h2, h3, h4")].map((heading) => Number(heading.tagName[1]));
  },

  // Text whose contrast with the ground behind it is below 4.5.
  faintText() {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const rgba = (colour) => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    const light = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
    const ground = (element) => {
      for (let at = element; at; at = at.parentElement) {
        const colour = rgba(getComputedStyle(at).backgroundColor);
        if (colour[3]) return colour;
      }
      return [255, 255, 255];
    };
    const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const apart = "svg, .visually-hidden, .skip, [aria-hidden], option, script, template, noscript";
    const faint = new Set();
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const element = texts.currentNode.parentElement;
      if (!texts.currentNode.data.trim() || element.closest(apart) || !element.checkVisibility()) continue;
      const found = ratio(light(rgba(getComputedStyle(element).color)), light(ground(element)));
      if (found < 4.5) faint.add(`${element.tagName} ${element.className} ${found.toFixed(2)}`);
    }
    return [...faint];
  },
};
