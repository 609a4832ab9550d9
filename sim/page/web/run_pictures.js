// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
import { escaped, floats, least_of, magnification, most_of, percent, plain, power_of_ten, quantity, times, words } from "./format.js";
import { digital_figures } from "./gate_pictures.js";
import { VIRIDIS, axis, frame, grid, legend } from "./theme.js";

const BOUNDS = [
  ["digital_flop_J", "Landauer bound of 16-bit arithmetic"],
  ["digital_gate_J", "Landauer bound of the netlist's gates"],
  ["digital_register_J", "Landauer bound of registers overwritten"],
  ["landauer_half_J", "kT ln 2 a neuron"],
  ["finite_time_J", "reset bound in the time it took"],
  ["reset_per_neuron_J", "reset bound from each neuron's activity"],
  ["reset_joint_J", "reset bound from joint activity (estimate)"],
];

const KINDS = {
  "dynamic-analog": "analog, resets its neurons", "quasi-static": "analog, ramped slowly", hybrid: "analog products, digital neurons",
  digital: "digital, clocked RTL",
};
const kind_of = (summary) => summary.kind === "dynamic-analog" && !summary.neurons.count ? "analog, no neurons" : KINDS[summary.kind] || summary.kind;

// Mechanisms have the same colour in all pictures of a platform, the dearest one the first.
function colours(platform, theme) {
  return new Map(platform.mechanisms.map((name, i) => [name, theme.series[i % theme.series.length]]));
}

// Rungs from the dearest down: a GPU, platforms, bounds.
export function rungs(data) {
  const list = [{ name: "GPU today (cited)", J: data.gpu.J, kind: "gpu" }];
  for (const platform of data.summary.platforms) list.push({ name: platform.name, J: platform.energy.per_inference_J, kind: "platform" });
  for (const [key, name] of BOUNDS) {
    const values = data.summary.platforms.map((platform) => platform.bounds[key]).filter((value) => value > 0);
    if (values.length) list.push({ name, J: most_of(values), least: least_of(values), kind: "bound" });
  }
  return list.sort((a, b) => b.J - a.J);
}

// "285 × below the GPU"
function beside(gpu, joules) {
  return joules > 0 ? gpu >= joules ? `${times(gpu / joules)} below the GPU` : `${times(joules / gpu)} the GPU` : "";
}

function ladder(data) {
  const list = rungs(data), shown = list.filter((rung) => rung.J > 0);
  const label = (rung, is_short) => {
    const figure = rung.least && rung.least < rung.J * 0.999 ? `${quantity(rung.least, "J", 3)} to ${quantity(rung.J, "J", 3)}` : quantity(rung.J, "J");
    return rung.kind === "gpu" || is_short ? figure : `${figure}   ${beside(data.gpu.J, rung.J)}`;
  };
  const first = Math.floor(Math.log10(least_of(shown.map((rung) => rung.J))) - 0.3), decades = Math.ceil(Math.log10(shown[0].J)) - first;
  const scale = magnification(shown.map((rung) => rung.J)), least = 10 ** first * scale;
  return {
    id: "ladder", title: "Energy ladder", height: 70 + 34 * shown.length,
    text: `Energy of one inference on a logarithmic axis, from ${quantity(data.gpu.J, "J")} on a GPU through every platform to the bounds. Circles are machines, diamonds bounds.`,
    note: `GPU: ${data.gpu.flop < 1e7 ? plain(data.gpu.flop) : quantity(data.gpu.flop, "", 3)} operations × ${quantity(data.gpu.J_per_flop, "J")} (${data.gpu.source}). Bounds follow from the activity seen in this run; ` +
      "where platforms differ, the largest is drawn. A quasi-static machine has no lower bound: 0 J, off this axis.",
    option: (theme, width) => {
      const colour = { gpu: theme.gpu, platform: theme.accent, bound: theme.bound };
      // Where there is no room beside the bars, names and figures stand above them.
      const is_narrow = width < 860, is_above = width < 600, room = is_above ? 16 : is_narrow ? 120 : 250;
      const step = Math.max(1, Math.ceil(decades / (is_narrow ? 5 : 8)));
      return frame(theme, {
        tooltip: { formatter: (item) => `${escaped(shown[item.dataIndex].name)}<br><b>${label(shown[item.dataIndex])}</b>` },
        grid: grid({ right: room, outerBounds: { right: room } }),
        xAxis: axis(theme, { type: "log", min: least, max: 10 ** (first + step * Math.ceil(decades / step)) * scale, startValue: least, interval: step, name: "energy of an inference, J", nameLocation: "middle", nameGap: 28, axisLabel: { formatter: (v) => power_of_ten(v / scale) } }),
        yAxis: axis(theme, {
          type: "category", inverse: true, data: shown.map((rung) => rung.name), axisTick: { show: false }, splitLine: { show: false },
          axisLabel: { show: !is_above, color: theme.ink, width: 250, overflow: "truncate" },
        }),
        series: [
          { type: "bar", barWidth: 3, data: shown.map((rung) => ({ value: rung.J * scale, itemStyle: { color: colour[rung.kind], opacity: 0.45 } })),
            label: { show: is_above, position: [4, -17], color: theme.ink, opacity: 1, fontSize: 11, backgroundColor: theme.surface, formatter: (item) => `${shown[item.dataIndex].name}   ${quantity(shown[item.dataIndex].J, "J")}` } },
          {
            type: "scatter", symbolSize: 12,
            data: shown.map((rung, i) => ({ value: [rung.J * scale, i], J: rung.J, symbol: rung.kind === "bound" ? "diamond" : "circle", itemStyle: { color: colour[rung.kind], opacity: 1 } })),
            label: { show: !is_above, position: "right", distance: 8, color: theme.ink, backgroundColor: theme.surface, padding: [1, 3], formatter: (item) => label(shown[item.dataIndex], is_narrow) },
          },
        ],
      });
    },
    table: { head: ["rung", "kind", "J an inference", "below the GPU"],
             rows: list.map((rung) => [rung.name, rung.kind, plain(rung.J, 12), rung.J > 0 ? times(data.gpu.J / rung.J) : "–"]) },
  };
}

function accuracy(data) {
  const platforms = data.summary.platforms.filter((platform) => platform.accuracy !== null), reference = data.summary.reference.accuracy;
  if (!platforms.length) return null;
  const least = Math.min(...platforms.flatMap((p) => [p.accuracy, p.agreement]), reference ?? 1);
  const floor = least > 0.9 ? Math.floor(least * 50 - 0.5) / 50 : 0;
  return {
    id: "accuracy", title: "Accuracy", height: Math.max(320, 110 + 40 * platforms.length), narrow: true,
    text: `Share of samples that each platform gets right, beside the software reference's ${percent(reference)}, and share of its answers that are the software's.`,
    note: floor > 0 ? `The axis begins at ${percent(floor)}.` : "",
    option: (theme, width) => {
      const series = ["right", "same answer as software"], keys = legend(theme, series, width, { icon: undefined });
      const names = axis(theme, { type: "category", inverse: true, data: platforms.map((p) => p.name), axisTick: { show: false }, splitLine: { show: true, lineStyle: { color: theme.faint } }, axisLabel: { color: theme.ink, width: 150, overflow: "truncate" } });
      return frame(theme, {
        legend: keys.option, grid: grid({ top: keys.height + 26 }),
        tooltip: { formatter: (item) => `${escaped(platforms[item.data[1]].name)}<br>${escaped(item.seriesName)}: <b>${percent(item.data[0])}</b>` },
        xAxis: axis(theme, { type: "value", min: floor, max: 1, axisLabel: { formatter: (v) => percent(v) } }),
        yAxis: [names, axis(theme, { type: "category", inverse: true, position: "right", offset: 8, data: platforms.map((p) => percent(p.accuracy)), axisLine: { show: false }, axisTick: { show: false }, splitLine: { show: false }, axisLabel: { color: theme.ink, fontWeight: 600 } })],
        series: [
          { name: series[0], type: "scatter", symbolSize: 12, itemStyle: { color: theme.accent, opacity: 1 }, data: platforms.map((p, i) => [p.accuracy, i]),
            markLine: reference === null ? undefined : { symbol: "none", silent: true, lineStyle: { color: theme.bound, type: "dashed" }, precision: 9, label: { formatter: `software ${percent(reference)}`, color: theme.soft, position: "start" }, data: [{ xAxis: reference }] } },
          { name: series[1], type: "scatter", symbol: "diamond", symbolSize: 14, itemStyle: { color: "transparent", borderColor: theme.good, borderWidth: 2, opacity: 1 }, data: platforms.map((p, i) => [p.agreement, i]) },
        ],
      });
    },
    table: { head: ["platform", "right", "same answer as software", "rms error of the outputs"],
             rows: platforms.map((p) => [p.name, percent(p.accuracy, 6), percent(p.agreement, 6), percent(p.output_rms_error)]) },
  };
}

function layer_errors(data) {
  const platforms = data.summary.platforms.filter((p) => p.layers.some((layer) => Number.isFinite(layer.rms_error)));
  if (!platforms.length) return null;
  const layers = data.summary.network.layers.map((layer) => layer.name);
  const is_exact = platforms.every((p) => p.layers.every((layer) => !(layer.rms_error > 1e-9)));
  return {
    id: "layers", title: "Error by layer", height: Math.max(320, 100 + 46 * platforms.length), narrow: true,
    text: "Root mean square error of each layer's outputs, relative to the reference's, by platform.",
    note: is_exact ? "No bars: every layer of every platform gives what software gives, but for rounding." : "",
    option: (theme, width) => {
      const keys = legend(theme, platforms.map((p) => p.name), width);
      return frame(theme, {
        legend: keys.option, grid: grid({ top: keys.height + 16 }),
        tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: (v) => percent(v) },
        xAxis: axis(theme, { type: "category", data: layers, axisLabel: { color: theme.ink } }),
        yAxis: axis(theme, { type: "value", ...(is_exact ? { max: 0.01 } : {}), axisLabel: { formatter: (v) => percent(v) } }),
        series: platforms.map((p) => ({ name: p.name, type: "bar", barMaxWidth: 26, data: layers.map((_, l) => p.layers[l]?.rms_error ?? null) })),
      });
    },
    table: { head: ["layer", ...platforms.flatMap((p) => [`${p.name}, rms`, `${p.name}, largest`])],
             rows: layers.map((name, l) => [name, ...platforms.flatMap((p) => [percent(p.layers[l]?.rms_error), percent(p.layers[l]?.max_error)])]) },
  };
}

// Of an estimate: each layer's energy with its interval.
function layer_energies(data) {
  const statistical = data.summary.statistical, platforms = data.summary.platforms.filter((p) => p.energy.per_inference_J > 0);
  if (!statistical || !platforms.length) return null;
  const layers = data.summary.network.layers.map((layer) => layer.name), confidence = percent(statistical.confidence);
  const of = (p, l) => p.layers.find((layer) => layer.name === layers[l]);
  const values = platforms.flatMap((p) => p.layers.map((layer) => layer.energy_J)).filter((joules) => joules > 0), scale = magnification(values);
  const first = Math.floor(Math.log10(least_of(values)) - 0.3), last = Math.ceil(Math.log10(most_of(values)) + 1e-9);
  return {
    id: "layer-energies", title: "Energy by layer", height: 140 + 60 * layers.length,
    text: `Energy of one inference in each layer by platform, on a logarithmic axis; bars of error are the ${confidence} intervals of the estimate.`,
    note: `${statistical.draws} draws of ${statistical.samples_a_draw} samples a layer. Intervals tell the spread between draws, and no more: docs/statistical.md. Where no bar of error is seen it is narrower than the mark.`,
    option: (theme, width) => {
      const keys = legend(theme, platforms.map((p) => p.name), width);
      const points = (p, i) => layers.map((_, l) => [of(p, l), l + (i - (platforms.length - 1) / 2) * 0.7 / platforms.length]).filter(([layer]) => layer?.energy_J > 0);
      const lines = (p, i) => points(p, i).flatMap(([layer, at]) => [[Math.max(layer.interval_J[0], 10 ** first) * scale, at], [layer.interval_J[1] * scale, at], [null, null]]);
      return frame(theme, {
        legend: keys.option, grid: grid({ top: keys.height + 14, right: 24 }),
        tooltip: { formatter: (item) => item.data.layer ? `${escaped(item.data.layer.name)}: ${escaped(item.seriesName)}<br><b>${quantity(item.data.layer.energy_J, "J")}</b>, ${quantity(item.data.layer.interval_J[0], "J")} to ${quantity(item.data.layer.interval_J[1], "J")}` : "" },
        xAxis: axis(theme, { type: "log", min: 10 ** first * scale, max: 10 ** last * scale, startValue: 10 ** first * scale, axisLine: { onZero: false, lineStyle: { color: theme.soft } }, interval: Math.max(1, Math.ceil((last - first) / (width < 600 ? 4 : 8))), name: "J an inference", nameLocation: "middle", nameGap: 28, axisLabel: { formatter: (v) => power_of_ten(v / scale) } }),
        yAxis: axis(theme, { type: "value", inverse: true, min: -0.5, max: layers.length - 0.5, interval: 0.5, axisLine: { onZero: false, lineStyle: { color: theme.soft } }, axisTick: { show: false }, splitLine: { show: false }, axisLabel: { color: theme.ink, hideOverlap: false, formatter: (v) => Number.isInteger(v) ? layers[v] : "" } }),
        series: platforms.flatMap((p, i) => [
          { name: p.name, type: "scatter", symbolSize: 10, itemStyle: { color: theme.series[i % theme.series.length], opacity: 1 }, data: points(p, i).map(([layer, at]) => ({ value: [layer.energy_J * scale, at], layer })) },
          { name: p.name, type: "line", symbol: "none", silent: true, lineStyle: { color: theme.series[i % theme.series.length], width: 4, opacity: 0.5 }, data: lines(p, i) },
        ]),
      });
    },
    table: { head: ["platform", "layer", "J an inference", "from", "to", "layers like it", "simulated"],
             rows: platforms.flatMap((p) => p.layers.map((layer) => [p.name, layer.name, plain(layer.energy_J, 12), plain(layer.interval_J[0], 12), plain(layer.interval_J[1], 12), layer.count * layer.parallel, percent(layer.simulated)])) },
  };
}

// Points of a window joined to at most `most` by their means; what stands in a row is [first cycle, mean].
export function joined(values, from, to, most) {
  const count = to - from, step = Math.max(1, Math.ceil(count / most)), rows = [];
  for (let at = from; at < to; at += step) {
    let sum = 0;
    const end = Math.min(to, at + step);
    for (let i = at; i < end; ++i) sum += values[i];
    rows.push([at, sum / (end - at)]);
  }
  if (rows.length) rows.push([to, rows[rows.length - 1][1]]);
  return { rows, step };
}

function cycles(platform, summary) {
  if (!platform.cycles) return null;
  const recorded = platform.cycles, each = recorded.cycles_a_point;
  const mechanisms = recorded.mechanisms.map((m) => ({ name: m.name, values: floats(m.mean_J) }));
  const least = floats(recorded.least_J), most = floats(recorded.most_J);
  if (!mechanisms.length) return null;
  const MOST = 500, scale = magnification([most_of([...least, ...most].map(Math.abs)) / 1000]);
  // What is shown of points [from, to).
  const names = mechanisms.map((mechanism) => words(mechanism.name));
  const series = (theme, from, to) => mechanisms.map((mechanism) => ({
    id: mechanism.name, name: words(mechanism.name), type: "line", stack: "energy", step: "end", symbol: "none", lineStyle: { width: 0 },
    areaStyle: { opacity: 0.9 }, itemStyle: { color: colours(platform, theme).get(mechanism.name) }, emphasis: { focus: "series" },
    // The first dimension is the one that is stacked.
    encode: { x: 1, y: 0 }, data: joined(mechanism.values, from, to, MOST).rows.map(([at, mean]) => [mean * scale, at * each]),
  }));
  const total = least.length;
  const shown_text = (from, to) => {
    const a_bar = Math.max(1, Math.ceil((to - from) / MOST)) * each;
    return a_bar === 1 ? "Every cycle is drawn." : `Down-sampled: each step is the mean of ${a_bar.toLocaleString("en")} cycles, whose sum is kept. ` +
      (each > 1 ? `The file holds means of ${each.toLocaleString("en")} cycles, so that it stays small: zooming in shows no less. Every single cycle stands in the run's ledger.` : "Zoom in for single cycles.");
  };
  return {
    id: `cycles-${platform.name}`, title: "Energy per cycle", height: 360, zooms: true,
    text: `Energy dissipated in each inference cycle, stacked by mechanism, over ${recorded.cycles.toLocaleString("en")} cycles.`,
    note: shown_text(0, total),
    option: (theme, width) => {
      const keys = legend(theme, names, width);
      return frame(theme, {
        legend: keys.option, grid: grid({ top: keys.height + 30, bottom: 42, outerBounds: { bottom: 40 } }),
        tooltip: { trigger: "axis", axisPointer: { type: "line" }, valueFormatter: (v) => quantity(v / scale, "J") },
        xAxis: axis(theme, { type: "value", min: 0, max: recorded.cycles, name: "cycle", nameLocation: "middle", nameGap: 24, splitLine: { show: false }, axisLabel: { formatter: (v) => v.toLocaleString("en") } }),
        yAxis: axis(theme, { type: "value", name: "energy of a cycle", nameTextStyle: { color: theme.soft, align: "left" }, axisLabel: { formatter: (v) => quantity(v / scale, "J", 3) } }),
        dataZoom: [
          { type: "slider", bottom: 8, height: 18, filterMode: "none", showDataShadow: false, brushSelect: false, minValueSpan: Math.max(1, 10 * each), borderColor: theme.faint, backgroundColor: "transparent",
            fillerColor: theme.accent + "26", handleStyle: { color: theme.surface, borderColor: theme.soft }, moveHandleSize: 0, emphasis: { handleStyle: { color: theme.surface, borderColor: theme.ink } },
            textStyle: { color: theme.soft }, labelFormatter: (v) => Math.round(v).toLocaleString("en") },
          { type: "inside", filterMode: "none", minValueSpan: Math.max(1, 10 * each), zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false },
        ],
        series: series(theme, 0, total),
      });
    },
    // Called with the cycles in view, whenever they change.
    on_zoom: (theme, chart, first, last) => {
      const from = Math.max(0, Math.floor(first / each)), to = Math.min(total, Math.max(from + 1, Math.ceil(last / each)));
      chart.setOption({ series: series(theme, from, to) });
      return shown_text(from, to);
    },
    table: { head: ["mechanism", "J an inference, mean", "whole run, J", "share"],
             rows: [...mechanisms.map((m) => {
               const sum = summary.energy.by_mechanism[m.name];
               return [words(m.name), quantity(sum / recorded.cycles, "J"), plain(sum, 12), percent(sum / summary.energy.dissipated_J)];
             }), ["all, cheapest cycle", quantity(least_of(least), "J"), "", ""], ["all, dearest cycle", quantity(most_of(most), "J"), "", ""],
             ["all", quantity(summary.energy.dissipated_J / recorded.cycles, "J"), plain(summary.energy.dissipated_J, 12), "100 %"]] },
  };
}

function flow(platform, summary) {
  if (!platform.flow?.links.length) return null;
  const { nodes, links, left_out_J } = platform.flow;
  const heat = (name) => name.startsWith("heat: ");
  const inputs = Object.fromEntries(nodes.map((name) => [name, [0, 0]]));
  for (const link of links) inputs[link.from][1] += link.J, inputs[link.to][0] += link.J;
  const amount = (name) => most_of(inputs[name]);
  const columns = Math.max(nodes.filter(heat).length, nodes.filter((n) => !heat(n)).length);
  const rows = links.slice().sort((a, b) => b.J - a.J);
  const ends = (name) => ["supplied", "recovered", "stored", "taken from stores"].includes(name) || heat(name);
  const whole = most_of(nodes.map(amount)), is_small = (name) => !ends(name) && amount(name) < 0.002 * whole;
  // In a narrow picture parts have names alone, and only those that pass on much: there is no room between the columns.
  const name_of = (name, width) => {
    if (is_small(name) || (width < 600 && !ends(name) && amount(name) < 0.05 * whole)) return "";
    const text = name.replace("heat: ", "").replaceAll("_", " ");
    return width < 600 && !ends(name) ? text.replace(" · ", "\n") : `${text}  ${quantity(amount(name), "J", 3)}`;
  };
  return {
    id: `flow-${platform.name}`, title: "Where the energy goes", height: Math.min(1100, Math.max(320, 90 + 30 * columns)),
    text: `Sankey diagram: ${quantity(summary.energy.supplied_J, "J")} supplied, ${quantity(summary.energy.dissipated_J, "J")} dissipated, ${quantity(summary.energy.recovered_J, "J")} recovered` +
      (summary.energy.stored_J > 0 ? `, ${quantity(summary.energy.stored_J, "J")} still stored` : summary.energy.stored_J < 0 ? `, ${quantity(-summary.energy.stored_J, "J")} taken from what was stored before` : "") + " over the run.",
    note: [nodes.some(is_small) ? "Small parts carry no name here: they stand in the table." : "",
           left_out_J > 0 ? `${quantity(left_out_J, "J")} that flow back or in circles are not drawn.` : ""].filter(Boolean).join(" "),
    option: (theme, width) => frame(theme, {
      tooltip: { formatter: (item) => item.dataType === "edge" ? `${escaped(item.data.source)} → ${escaped(item.data.target)}<br><b>${quantity(item.data.value, "J")}</b>` : `${escaped(item.name)}<br><b>${quantity(amount(item.name), "J")}</b>` },
      series: [{
        type: "sankey", left: 8, right: width < 600 ? 145 : 190, top: 12, bottom: 12, nodeGap: 14, nodeWidth: 12, draggable: false, emphasis: { focus: "adjacency" }, layoutIterations: 48,
        label: { color: theme.ink, fontSize: 11, lineHeight: 13, textBorderColor: theme.surface, textBorderWidth: 2, formatter: (item) => name_of(item.name, width) },
        lineStyle: { color: "target", opacity: 0.35, curveness: 0.5 },
        data: nodes.map((name) => ({
          name, itemStyle: { color: name === "supplied" ? theme.soft : ends(name) && !heat(name) ? theme.good : heat(name) ? colours(platform, theme).get(name.slice(6)) || theme.bound : theme.gpu, borderWidth: 0 },
        })),
        links: links.map((link) => ({ source: link.from, target: link.to, value: link.J })),
      }],
    }),
    table: { head: ["from", "to", "J, whole run", "share of what was supplied"],
             rows: rows.map((link) => [link.from, link.to, plain(link.J, 12), percent(link.J / summary.energy.supplied_J)]) },
  };
}

function treemap(platform, summary) {
  const layers = new Map(), rows = [];
  let negative = 0;
  for (const [path, mechanisms] of Object.entries(summary.energy.by_component)) {
    const below = path.slice(summary.name.length + 1).split("/"), part = below.pop(), layer = below.join("/") || part;
    for (const [mechanism, joules] of Object.entries(mechanisms)) {
      rows.push([path, mechanism, joules]);
      if (!(joules > 0)) { negative += joules < 0; continue; }
      if (!layers.has(layer)) layers.set(layer, []);
      layers.get(layer).push({ part: below.length && part !== mechanism ? words(part).replace(/ (\d+) (\d+)$/, " $1,$2") : "", mechanism, joules });
    }
  }
  if (!layers.size) return null;
  const drawn = rows.reduce((sum, row) => sum + Math.max(0, row[2]), 0);
  rows.sort((a, b) => b[2] - a[2]);
  const tree = (theme) => [...layers].map(([name, leaves]) => ({
    name, children: leaves.map((leaf) => ({ name: [leaf.part, words(leaf.mechanism)].filter(Boolean).join(": "), value: leaf.joules, itemStyle: { color: colours(platform, theme).get(leaf.mechanism) || theme.gpu } })),
  }));
  return {
    id: `components-${summary.name}`, title: "Breakdown by component", height: 380,
    text: "Treemap of the energy dissipated by layer, part and mechanism: areas are shares, colours mechanisms.",
    note: negative ? `${negative} entries below zero (work gained) have no area: they stand in the table.` : "",
    option: (theme, width) => frame(theme, {
      tooltip: { formatter: (item) => `${item.treePathInfo.slice(1).map((step) => escaped(step.name)).join(" / ")}<br><b>${quantity(item.value, "J")}</b>, ${percent(item.value / summary.energy.dissipated_J)}` },
      series: [{
        type: "treemap", name: summary.name, left: 0, right: 0, top: 0, bottom: 0, roam: false, nodeClick: false, sort: "desc", leafDepth: null, visibleMin: 60, breadcrumb: { show: false },
        label: { ...(theme.name === "dark" ? { color: "#10161d" } : { color: "#fff", textBorderColor: "rgba(0,0,0,.45)", textBorderWidth: 2 }), fontSize: 11, formatter: (item) => item.value * width * 340 < 2800 * drawn ? "" : `${item.name.replace(": ", "\n")}\n${quantity(item.value, "J", 3)}`, lineHeight: 15 },
        upperLabel: { show: true, height: 20, color: theme.ink, formatter: (item) => `${item.name}  ${quantity(item.value, "J", 3)}` },
        itemStyle: { borderColor: theme.surface, borderWidth: 1, gapWidth: 1 },
        levels: [{ itemStyle: { borderWidth: 0, gapWidth: 4 }, upperLabel: { show: false } }, { itemStyle: { borderWidth: 2, gapWidth: 1, borderColor: theme.faint } }, { itemStyle: { gapWidth: 1, borderWidth: 0 } }],
        data: tree(theme),
      }],
    }),
    table: { head: ["component", "mechanism", "J, whole run", "share"],
             rows: rows.map(([path, mechanism, joules]) => [path, words(mechanism), plain(joules, 12), percent(joules / summary.energy.dissipated_J)]) },
  };
}

function drops(platform, drop) {
  const cells = [];
  for (let r = 0; r < drop.shown_rows; ++r) for (let c = 0; c < drop.shown_columns; ++c) cells.push([c, r, drop.drop_ppm[r * drop.shown_columns + c] / 1e6]);
  const most = Math.max(...cells.map((cell) => cell[2]), 1e-6), is_joined = drop.shown_rows < drop.rows || drop.shown_columns < drop.columns;
  return {
    id: `drop-${platform.name}-${drop.layer}`, title: `Voltage drop, ${drop.layer}`, height: 400, narrow: true,
    text: `Heat map of the share of the row's voltage that cells of ${drop.tile} lose in the wires: ${percent(drop.mean)} on average, ${percent(drop.largest)} at most.`,
    note: `${drop.tile}, ${drop.rows} × ${drop.columns} cells in use, the layer's worst; every row at its full ${quantity(drop.read_voltage_V, "V")}, cells taken as ohmic.` +
      (is_joined ? " Down-sampled to means over blocks of cells." : ""),
    option: (theme) => frame(theme, {
      grid: grid({ right: 84, outerBounds: { right: 84 } }),
      tooltip: { formatter: (item) => `row ${item.value[1]}, column ${item.value[0]}<br><b>${percent(item.value[2])}</b>` },
      xAxis: axis(theme, { type: "category", data: [...Array(drop.shown_columns).keys()], name: "column", nameLocation: "middle", nameGap: 24, splitLine: { show: false } }),
      yAxis: axis(theme, { type: "category", inverse: true, data: [...Array(drop.shown_rows).keys()], name: "row, driven from the left", nameLocation: "middle", nameGap: 34, splitLine: { show: false } }),
      visualMap: { min: 0, max: most, calculable: true, orient: "vertical", right: 0, top: "middle", itemHeight: 180, inRange: { color: VIRIDIS }, formatter: (v) => percent(v, 3), textStyle: { color: theme.soft } },
      series: [{ type: "heatmap", data: cells, progressive: 0, emphasis: { disabled: true } }],
    }),
    table: { head: ["figure", "value"],
             rows: [["tile", drop.tile], ["mean drop", percent(drop.mean)], ["largest drop", percent(drop.largest)], ["cells in use", `${drop.rows} × ${drop.columns}`],
                    ["near corner (first row, first column)", percent(drop.drop_ppm[(drop.shown_rows - 1) * drop.shown_columns] / 1e6)],
                    ["far corner (first row, last column)", percent(drop.drop_ppm[drop.shown_columns - 1] / 1e6)]] },
  };
}

function light(summary) {
  const layers = (summary.optical || []).filter((layer) => layer.link && layer.link.light.length);
  if (!layers.length) return null;
  const parts = [];
  for (const layer of layers) for (const part of layer.link.light) if (!parts.includes(part.part)) parts.push(part.part);
  const lost = (layer, name) => layer.link.light.filter((part) => part.part === name).reduce((sum, part) => sum + part.lost_W, 0);
  const lossy = (theme) => [1, 4, 3, 5, 6, 8, 7, 0].map((i) => theme.series[i]);  // none like that of detected light
  const used = parts.filter((name) => layers.some((layer) => lost(layer, name) > 0));
  return {
    id: `light-${summary.name}`, title: "Light budget", height: 130 + 46 * layers.length,
    text: "Where each layer's laser light ends, as shares: lost in the parts on its way, or detected.",
    note: "All inputs at full scale. " + layers.map((layer) => `${layer.name}: ${quantity(layer.link.laser_W, "W")} of light from ${quantity(layer.link.wall_plug_W, "W")} at the plug, worst path ${plain(layer.link.worst_loss_dB, 3)} dB`).join("; ") + ".",
    option: (theme, width) => {
      const keys = legend(theme, [...used.map((name) => `lost: ${name}`), "detected"], width);
      return frame(theme, {
        legend: keys.option, grid: grid({ top: keys.height + 14 }),
        tooltip: { formatter: (item) => `${escaped(item.name)}: ${escaped(item.seriesName)}<br><b>${quantity(item.data.watts, "W")}</b>, ${percent(item.value)} of the light` },
        xAxis: axis(theme, { type: "value", max: 1, axisLabel: { formatter: (v) => percent(v) } }),
        yAxis: axis(theme, { type: "category", inverse: true, data: layers.map((layer) => layer.name), axisTick: { show: false }, axisLabel: { color: theme.ink } }),
        series: [...used.map((name) => ({ name: `lost: ${name}`, type: "bar", stack: "light", barMaxWidth: 26, itemStyle: { color: lossy(theme)[used.indexOf(name) % 8] }, data: layers.map((layer) => ({ value: lost(layer, name) / layer.link.laser_W, watts: lost(layer, name) })) })),
                 { name: "detected", type: "bar", stack: "light", itemStyle: { color: theme.good }, data: layers.map((layer) => ({ value: layer.link.detected_W / layer.link.laser_W, watts: layer.link.detected_W })) }],
      });
    },
    table: { head: ["layer", "part", "in, W", "lost, W", "loss, dB"],
             rows: layers.flatMap((layer) => [...layer.link.light.map((part) => [layer.name, part.part, plain(part.in_W), plain(part.lost_W), plain(part.loss_dB, 4)]),
                                              [layer.name, "detected", plain(layer.link.detected_W), "", ""], [layer.name, "electronics", plain(layer.link.electrical_W), "", ""]]) },
  };
}

function raster(platform, summary) {
  const layers = platform.activity;
  if (!layers.length) return null;
  const rows = layers.reduce((sum, layer) => sum + layer.shown.length, 0), samples = layers[0].samples;
  const pitch = Math.min(6, Math.max(2, Math.floor(320 / rows)));  // whole pixels: no bars where rows of them would beat with the screen's
  const heights = layers.map((layer) => pitch * layer.shown.length);
  let top = 8;
  const tops = heights.map((height) => { const at = top; top += height + 14; return at; });
  return {
    id: `raster-${platform.name}`, title: "Neuron activity", height: Math.ceil(top) + 40,
    text: `Raster of neurons that were active in the first ${samples} samples; ${percent(summary.neurons.active_mean, 3)} of all neurons and samples.`,
    note: layers.some((layer) => layer.shown.length < layer.neurons) || summary.cycles > samples
      ? `Shown: the first ${samples} samples, at most ${most_of(layers.map((l) => l.shown.length))} neurons of a layer, evenly spread.` : "",
    option: (theme, width) => {
      const left = width < 600 ? 64 : 96, room = width - left - 12, cell = Math.max(1, Math.floor(room / samples)), wide = cell * samples < 0.75 * room ? room : cell * samples;
      return frame(theme, {
        tooltip: { formatter: (item) => `${escaped(item.seriesName)}: neuron ${layers[item.seriesIndex].shown[item.value[1]]}, sample ${item.value[0]}` },
        grid: layers.map((_, l) => ({ left, width: wide, top: tops[l], height: heights[l] })),
        xAxis: layers.map((_, l) => axis(theme, { type: "value", gridIndex: l, min: -0.5, max: samples - 0.5, show: l + 1 === layers.length, name: "sample", nameLocation: "middle", nameGap: 24, splitLine: { show: false },
                                                   axisLine: { show: false }, axisLabel: { showMinLabel: false, showMaxLabel: false } })),
        yAxis: layers.map((layer, l) => axis(theme, { type: "value", gridIndex: l, min: -0.5, max: layer.shown.length - 0.5, inverse: true, name: layer.layer, nameLocation: "middle", nameGap: 14, nameRotate: 0,
                                                      nameTextStyle: { color: theme.ink, align: "right", width: left - 16, overflow: "truncate" }, axisLine: { onZero: false, lineStyle: { color: theme.faint } }, axisLabel: { show: false }, axisTick: { show: false }, splitLine: { show: false } })),
        series: layers.map((layer, l) => ({
          name: layer.layer, type: "scatter", xAxisIndex: l, yAxisIndex: l, symbol: "rect", symbolSize: [Math.max(1, wide / samples), pitch],
          large: true, largeThreshold: 200, itemStyle: { color: theme.series[l % theme.series.length], opacity: 1 },
          data: layer.active.flatMap((row, i) => [...row].flatMap((bit, s) => bit === "1" ? [[s, i]] : [])),
        })),
      });
    },
    table: { head: ["layer", "neurons", "active, whole run", "active, as shown"],
             rows: layers.map((layer) => [layer.layer, layer.neurons, percent(summary.neurons.active_by_layer[layer.layer]),
                                          percent(layer.active.reduce((sum, row) => sum + row.split("1").length - 1, 0) / (layer.samples * layer.shown.length))]) },
  };
}

// "± 0.3 %" of a figure of an estimate.
function interval(platform, key) {
  const ends = platform.intervals?.[key];
  return ends && ends[0] + ends[1] > 0 ? `± ${percent((ends[1] - ends[0]) / (ends[0] + ends[1]), 2)}` : "";
}

function cards(data) {
  return data.summary.platforms.map((p) => ({
    title: p.name, kind: kind_of(p),
    figures: [
      ["accuracy", p.accuracy === null ? (data.summary.statistical ? "not estimated" : "no labels") : percent(p.accuracy), data.summary.reference.accuracy === null ? "" : `software: ${percent(data.summary.reference.accuracy)}`],
      ["energy", quantity(p.energy.per_inference_J, "J"), [interval(p, "energy.per_inference_J"), beside(data.gpu.J, p.energy.per_inference_J)].filter(Boolean).join(", ")],
      ["over its bound", p.ratio_to_bound === null ? "–" : times(p.ratio_to_bound), p.bound ? `${quantity(p.bounds[p.bound], "J")}, ${words(p.bound)}` : p.kind === "quasi-static" ? "its bound is 0 J" : "no bound applies"],
      ["latency", p.latency_s > 0 ? quantity(p.latency_s, "s") : "0 s", p.throughput_per_s ? `${p.throughput_per_s < 1 ? plain(p.throughput_per_s, 3) : quantity(p.throughput_per_s, "", 3)} inferences/s` : "its parts are given no time"],
      ...(p.area_m2 > 0 ? [["area", `${plain(p.area_m2 * 1e6, 4)} mm²`, ""]] : []),
    ],
  }));
}

// What a reader who reads nothing else should know.
function lead(data) {
  const s = data.summary, software = s.reference.accuracy, ways = (ratio) => times(ratio).replace(" ×", " times");
  // An estimate has no ratio to a bound: there the reset bound from each neuron's activity takes its place.
  const ratio = (p) => p.ratio_to_bound ?? (s.statistical && p.bounds.reset_per_neuron_J > 0 ? p.energy.per_inference_J / p.bounds.reset_per_neuron_J : null);
  const machines = s.platforms.filter((p) => ratio(p) === null || ratio(p) > 2);  // the others are limits, not machines
  const is_near = (p) => software === null || p.accuracy === null || p.accuracy >= software - 0.01;
  const near = machines.filter(is_near).sort((a, b) => a.energy.per_inference_J - b.energy.per_inference_J);
  const lines = [`${s.network.file || "A network given by its layers"} takes ${s.network.macs.toLocaleString("en")} multiplications and ${s.network.neurons.toLocaleString("en")} neurons an inference; ` +
    (s.statistical ? `parts of it were simulated at ${plain(s.scenario.temperature_K)} K, in ${s.statistical.draws} draws of ${s.statistical.samples_a_draw} samples${s.statistical.population ? ` of ${s.dataset.file}` : ""}, and all else is estimated from them, with intervals of ${percent(s.statistical.confidence)}.`
      : `${s.dataset.samples.toLocaleString("en")} samples of ${s.dataset.file} were run at ${plain(s.scenario.temperature_K)} K.`)];
  lines.push((software === null ? "A" : `Software gets ${percent(software)} of them right; a`) + ` GPU of today takes about ${quantity(data.gpu.J, "J", 3)} for the operations of one inference.`);
  const best = near[0] || machines.slice().sort((a, b) => b.accuracy - a.accuracy)[0];
  if (!best) return lines.join(" ");
  const saving = data.gpu.J / best.energy.per_inference_J;
  lines.push((!near.length ? `No platform with real losses comes within a percentage point of that. “${best.name}” gets closest: it takes ` :
              software === null ? `Of the platforms with real losses “${best.name}” takes least: ` : `Of the platforms with real losses that stay within a percentage point of that, “${best.name}” takes least: `) +
    `${quantity(best.energy.per_inference_J, "J")} an inference, ${saving >= 1 ? `a GPU ${ways(saving)} as much` : `${ways(1 / saving)} what a GPU takes`}` +
    (best.accuracy === null ? "." : `, at ${percent(best.accuracy)}.`));
  if (best.ratio_to_bound > 2) lines.push(`Thermodynamics would allow ${quantity(best.bounds[best.bound], "J")}: ${ways(best.ratio_to_bound)} less.`);
  if (best.kind === "quasi-static") lines.push("No bound keeps it from taking less, more slowly.");
  return lines.join(" ");
}

export function run_sections(data) {
  const present = (list) => list.filter(Boolean);
  const sections = [{ id: "summary", title: "Summary", lead: lead(data), cards: cards(data), pictures: present([ladder(data), accuracy(data), layer_errors(data), layer_energies(data)]) }];
  for (const platform of data.platforms) {
    const summary = data.summary.platforms.find((p) => p.name === platform.name);
    platform.mechanisms = platform.cycles ? platform.cycles.mechanisms.map((m) => m.name) : Object.entries(summary.energy.by_mechanism).sort((a, b) => b[1] - a[1]).map(([name]) => name);
    const missing = data.has_pictures ? "" : "This run was written without pictures.json: run it again to see voltage drops and neuron activity.";
    sections.push({
      id: `platform-${platform.name}`, title: platform.name, kind: kind_of(summary), lead: missing,
      pictures: present([cycles(platform, summary), flow(platform, summary), treemap(platform, summary), light(summary), digital_figures(summary), ...platform.voltage_drops.map((drop) => drops(platform, drop)), raster(platform, summary)]),
    });
  }
  const s = data.summary;
  return { title: s.scenario.name, kind: "run", sections,
           facts: [["seed", s.scenario.seed], ["scenario", s.scenario.sha256.slice(0, 16)], ...(s.network.sha256 ? [["network", s.network.sha256.slice(0, 16)]] : []), ["szilard", `${s.szilard.version} (${s.szilard.commit})`], ["instruction set", s.szilard.instruction_set]] };
}
