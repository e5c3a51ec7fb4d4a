// The actor map: a click on an actor opens its page, one on the number of a line the events behind it.
import { show } from "./figure.js";

const chart = document.getElementById("chart");

function open({ points }) {
  const [actor, recipient, together] = points[0].customdata ?? [];
  if (!actor) return;
  const pair = `${actor} ${recipient}${together ? " together" : ""}`;
  const row = document.querySelector(`#dyads tr[data-pair="${CSS.escape(pair)}"]`);
  if (recipient) row?.querySelector("a.events").click();
  else document.querySelector(`#dyads a[href$="/${CSS.escape(actor)}/"]`)?.click();
}

// On a narrow screen the map is wider than its frame: its middle comes first.
function drawn() {
  chart.on("plotly_click", open);
  const frame = chart.parentElement;
  frame.scrollLeft = (frame.scrollWidth - frame.clientWidth) / 2;
}

if (chart) show(chart, drawn);
