"use strict";
// Draws the charts of a page from the JSON beside them. Without it the tables say the same.

const styles = () => getComputedStyle(document.documentElement);

// A colour of ours may be written light-dark(…): let the browser settle it.
function colour(name) {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const settled = getComputedStyle(probe).color;
  probe.remove();
  return settled;
}

function options(data) {
  const digits = new Intl.NumberFormat(data.language === "fa" ? "fa-IR" : "en", { maximumFractionDigits: 1 });
  const show = (value) => (value === null || value === undefined ? "" : digits.format(value));
  const isPersian = data.language === "fa";
  const ink = colour("--ink");
  const muted = colour("--muted");
  const line = colour("--line");
  // Longer names are cut; a mark keeps the dots at the end of Persian ones.
  const most = window.innerWidth < 600 ? 18 : 36;
  const side = isPersian ? "\u200f" : "";
  const short = (text) => (text.length > most ? `${side}${text.slice(0, most - 1)}…${side}` : text);
  const many = data.series.length > 1;
  const names = {
    type: "category",
    data: data.labels,
    inverse: data.is_timeline ? isPersian : true,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: line } },
    axisLabel: {
      color: ink,
      interval: 0,
      hideOverlap: data.is_timeline,
      formatter: data.is_timeline ? undefined : short,
    },
  };
  const amounts = {
    type: "value",
    min: 0,
    inverse: !data.is_timeline && isPersian,
    splitNumber: 4,
    axisLabel: { color: muted, formatter: show, hideOverlap: true },
    splitLine: { lineStyle: { color: line } },
  };
  if (data.is_timeline) amounts.position = isPersian ? "right" : "left";
  else names.position = isPersian ? "right" : "left";
  const shades = [1, 2, 3, 4, 5, 6].map((at) => colour(`--series-${at}`));
  // A hidden figure is a stub of one length, whatever it is: hatched, and with the word beside it.
  const hasHidden = data.has_hidden;
  const stub = Math.max(1, ...data.series.flatMap((series) => series.values)) * 0.06;
  const hatched = { color: "transparent", borderColor: muted, borderType: "dashed", decal: { symbol: "rect", symbolSize: 1, color: muted, dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4 } };
  const bar = (value, at, series) => (series.hidden.includes(at)
    ? { value: stub, isHidden: true, itemStyle: hatched, label: { show: !many, formatter: data.hidden_word, color: muted } }
    : value);
  const told = (points) => [points[0].axisValueLabel, ...points.map((point) => {
    const figure = point.data?.isHidden ? data.hidden_word : show(point.value);
    return `${point.marker} ${many ? `${echarts.format.encodeHTML(point.seriesName)}: ` : ""}<b>${figure}</b>`;
  })].map((line, at) => (at ? line : echarts.format.encodeHTML(line))).join("<br>");
  const labelPlace = data.is_timeline ? "top" : (isPersian ? "left" : "right");
  return {
    animation: false,
    color: many ? shades : [colour("--accent")],
    textStyle: { fontFamily: styles().getPropertyValue("--tblr-font-sans-serif"), color: ink },
    aria: { enabled: true, label: { enabled: !hasHidden }, decal: { show: many } },
    grid: { left: !data.is_timeline && isPersian ? 48 : 12, right: !data.is_timeline && !isPersian ? 48 : 12, top: many ? 64 : 28, bottom: 8, containLabel: true },
    legend: many ? { top: 4, textStyle: { color: ink }, type: "scroll" } : undefined,
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, formatter: told },
    xAxis: data.is_timeline ? names : amounts,
    yAxis: data.is_timeline ? amounts : names,
    series: data.series.map((series) => ({
      type: "bar",
      name: series.name || data.measure,
      data: series.values.map((value, at) => bar(value, at, series)),
      barMaxWidth: 40,
      label: { show: !many, position: labelPlace, color: ink, formatter: (point) => show(point.value), fontSize: 11 },
      labelLayout: { hideOverlap: true },
    })),
  };
}

function draw(box) {
  const source = document.getElementById(box.dataset.chart);
  if (!source || !window.echarts) return;
  box.hidden = false;
  document.querySelectorAll("[data-chart-note]").forEach((note) => { note.hidden = false; });
  const chart = echarts.getInstanceByDom(box) || echarts.init(box, null, { renderer: "svg" });
  chart.setOption(options(JSON.parse(source.textContent)), true);
  chart.resize();
}

function drawAll() {
  document.querySelectorAll("[data-chart]").forEach(draw);
}

drawAll();
document.addEventListener("htmx:afterSettle", drawAll);
window.addEventListener("resize", drawAll);
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
// Paper is narrower than the window: what is drawn for it fits a page, the window's comes back after.
function fit(width) {
  document.querySelectorAll("[data-chart]").forEach((box) => {
    window.echarts?.getInstanceByDom(box)?.resize({ width });
  });
}
window.addEventListener("beforeprint", () => { drawAll(); fit(660); });
window.addEventListener("afterprint", () => fit("auto"));
