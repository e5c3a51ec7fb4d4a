// The timeline's chart, its day cursor, and the way from a bar to its day. The page works without.
import { show } from "./figure.js";

const chart = document.getElementById("chart");
const cursor = document.getElementById("cursor");
const says = document.getElementById("cursor-says");
const rows = [...document.querySelectorAll("#chart-table tbody tr")];
const days = rows.map((row) => row.cells[0].textContent);

const open = (index) => rows[index]?.querySelector("a")?.click();

function line(day) {
  const colour = getComputedStyle(document.documentElement).color;
  return { type: "line", x0: day, x1: day, yref: "paper", y0: 0, y1: 1, line: { dash: "dot", width: 1.5, color: colour } };
}

function tell() {
  const row = rows[cursor?.valueAsNumber];
  if (!row) return;
  says.textContent = row.dataset.says;
  cursor.setAttribute("aria-valuetext", row.dataset.says);
  if (chart.data) window.Plotly.relayout(chart, { shapes: [line(days[cursor.valueAsNumber])] });
}

// Dragging over the chart asks for those days.
function openDays([from, to]) {
  const query = new URLSearchParams(chart.dataset.figure.split("?")[1] ?? "");
  query.set("from", String(from).slice(0, 10));
  query.set("to", String(to).slice(0, 10));
  location.href = `${chart.closest("[data-timeline]").dataset.timeline}?${query}`;
}

function listen() {
  tell();
  chart.on("plotly_click", ({ points }) => open(days.indexOf(String(points[0].x).slice(0, 10))));
  chart.on("plotly_selected", (chosen) => chosen?.range?.x && openDays(chosen.range.x));
}

if (cursor) {
  cursor.closest("[hidden]").hidden = false;
  cursor.addEventListener("input", tell);
  cursor.addEventListener("keydown", (event) => event.key === "Enter" && open(cursor.valueAsNumber));
  tell();
}
if (chart) show(chart, listen);
