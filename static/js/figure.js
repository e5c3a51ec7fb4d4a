// Draws a figure that the server describes; its colours are names of CSS tokens, read when it is drawn.
const CONFIG = { displayModeBar: false, displaylogo: false, responsive: true, showSendToCloud: false, plotlyServerURL: "" };
let loading;

function plotly(source) {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = source;
    script.onload = () => resolve(window.Plotly);
    script.onerror = reject;
    document.head.append(script);
  });
  return loading;
}

function tokens() {
  const probe = document.createElement("i");
  document.body.append(probe);
  const seen = new Map();
  const read = (name) => {
    if (!seen.has(name)) {
      probe.style.color = `var(${name})`;
      seen.set(name, getComputedStyle(probe).color);
    }
    return seen.get(name);
  };
  return { read, done: () => probe.remove() };
}

function painted(value, read) {
  if (typeof value === "string") return value.startsWith("--") ? read(value) : value;
  if (Array.isArray(value)) return value.map((item) => painted(item, read));
  if (value && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, painted(item, read)]));
  return value;
}

async function draw(element) {
  const [library, answer] = await Promise.all([plotly(element.dataset.plotly), fetch(element.dataset.figure)]);
  if (!answer.ok) throw new Error(`the figure answered with ${answer.status}`);
  const figure = await answer.json();
  const paint = () => {
    const { read, done } = tokens();
    const { data, layout } = painted(figure, read);
    done();
    return library.react(element, data, layout, CONFIG);
  };
  await paint();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
}

// Draws into the element, then calls `ready`. When that fails the page says so and offers another try.
export async function show(element, ready) {
  const failed = element.parentElement.querySelector("template.chart-failed");
  element.parentElement.querySelector(".chart-failure")?.remove();
  element.hidden = false;
  element.setAttribute("aria-busy", "true");
  try {
    await draw(element);
    element.dataset.ready = "1";
    ready();
  } catch {
    loading = undefined;
    element.hidden = true;
    const notice = document.createElement("div");
    notice.className = "chart-failure";
    notice.append(failed.content.cloneNode(true));
    notice.querySelector("[data-retry]").addEventListener("click", () => show(element, ready));
    element.after(notice);
  } finally {
    element.removeAttribute("aria-busy");
  }
}
