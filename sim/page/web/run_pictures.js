// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
import { floats, escaped, percent, plain, power_of_ten, quantity, times, words } from "./format.js";
import { digital_figures } from "./gate_pictures.js";
import { VIRIDIS, axis, frame, grid, legend } from "./theme.js";

const BOUNDS = [
  ["digital_flop_J", "Landauer bound of 16-bit arithmetic"],
  ["digital_register_J", "Landauer bound of registers overwritten"],
  ["landauer_half_J", "kT ln 2 a neuron"],
  ["finite_time_J", "reset bound in the time it took"],
  ["reset_per_neuron_J", "reset bound from each neuron's activity"],
  ["reset_joint_J", "reset bound from joint activity (estimate)"],
];

// Rungs from the dearest down: a GPU, platforms, bounds.
export function rungs(data) {
  const list = [{ name: "GPU today (cited)", J: data.gpu.J, kind: "gpu" }];
  for (const platform of data.summary.platforms) list.push({ name: platform.name, J: platform.energy.per_inference_J, kind: "platform" });
  for (const [key, name] of BOUNDS) {
    const values = data.summary.platforms.map((platform) => platform.bounds[key]).filter((value) => value > 0);
    if (values.length) list.push({ name, J: Math.max(...values), least: Math.min(...values), kind: "bound" });
  }
  return list.sort((a, b) => b.J - a.J);
}

// "285 × below the GPU"
function beside(gpu, joules) {
  return joules > 0 ? gpu >= joules ? `${times(gpu / joules)} below the GPU` : `${times(joules / gpu)} the GPU` : "";
}

function ladder(data) {
  const list = rungs(data), shown = list.filter((rung) => rung.J > 0);
  const label = (rung) => {
    const figure = rung.least && rung.least < rung.J * 0.999 ? `${quantity(rung.least, "J", 3)} to ${quantity(rung.J, "J", 3)}` : quantity(rung.J, "J");
    return rung.kind === "gpu" ? figure : `${figure}   ${beside(data.gpu.J, rung.J)}`;
  };
  const first = Math.floor(Math.log10(Math.min(...shown.map((rung) => rung.J))) - 0.3), last = Math.ceil(Math.log10(shown[0].J));
  const least = 10 ** first;
  return {
    id: "ladder", title: "Energy ladder", height: 70 + 34 * shown.length,
    text: `Energy of one inference on a logarithmic axis, from ${quantity(data.gpu.J, "J")} on a GPU through every platform to the bounds.`,
    note: `GPU: ${plain(data.gpu.flop)} operations × ${quantity(data.gpu.J_per_flop, "J")} (${data.gpu.source}). Bounds follow from the activity seen in this run; ` +
      "where platforms differ, the largest is drawn. A quasi-static machine has no lower bound: 0 J, off this axis.",
    option: (theme) => {
      const colour = { gpu: theme.gpu, platform: theme.accent, bound: theme.bound };
      return frame(theme, {
        tooltip: { formatter: (item) => `${escaped(shown[item.dataIndex].name)}<br><b>${label(shown[item.dataIndex])}</b>` },
        grid: grid({ right: 250, outerBounds: { right: 250 } }),
        xAxis: axis(theme, { type: "log", min: least, max: 10 ** last, startValue: least, interval: Math.max(1, Math.ceil((last - first) / 8)), name: "J an inference", nameLocation: "middle", nameGap: 28, axisLabel: { formatter: power_of_ten } }),
        yAxis: axis(theme, {
          type: "category", inverse: true, data: shown.map((rung) => rung.name), axisTick: { show: false }, splitLine: { show: false },
          axisLabel: { color: theme.ink, width: 250, overflow: "truncate" },
        }),
        series: [
          { type: "bar", barWidth: 3, data: shown.map((rung) => ({ value: rung.J, itemStyle: { color: colour[rung.kind], opacity: 0.45 } })) },
          {
            type: "scatter", symbolSize: 12,
            data: shown.map((rung, i) => ({ value: [rung.J, i], symbol: rung.kind === "bound" ? "diamond" : "circle", itemStyle: { color: colour[rung.kind] } })),
            label: { show: true, position: "right", distance: 8, color: theme.ink, formatter: (item) => label(shown[item.dataIndex]) },
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
    id: "accuracy", title: "Accuracy", height: Math.max(320, 100 + 46 * platforms.length), narrow: true,
    text: `Share of samples that each platform gets right, beside the software reference's ${percent(reference)}.`,
    note: floor > 0 ? `The axis begins at ${percent(floor)}.` : "",
    option: (theme) => frame(theme, {
      legend: legend(theme, {}), grid: grid({ top: 56, right: 70 }),
      tooltip: { formatter: (item) => `${escaped(item.name)}<br>${escaped(item.seriesName)}: <b>${percent(item.value)}</b>` },
      xAxis: axis(theme, { type: "value", min: floor, max: 1, axisLabel: { formatter: (v) => percent(v) } }),
      yAxis: axis(theme, { type: "category", inverse: true, data: platforms.map((p) => p.name), axisTick: { show: false }, axisLabel: { color: theme.ink } }),
      series: [
        { name: "right", type: "bar", barMaxWidth: 14, data: platforms.map((p) => p.accuracy), label: { show: true, position: "right", color: theme.ink, formatter: (i) => percent(i.value) },
          markLine: reference === null ? undefined : { symbol: "none", silent: true, lineStyle: { color: theme.bound, type: "dashed" }, precision: 9, label: { formatter: "software", color: theme.soft, position: "start" }, data: [{ xAxis: reference }] } },
        { name: "same as software", type: "bar", barMaxWidth: 8, data: platforms.map((p) => p.agreement) },
      ],
    }),
    table: { head: ["platform", "right", "same as software", "rms error of the outputs"],
             rows: platforms.map((p) => [p.name, percent(p.accuracy, 6), percent(p.agreement, 6), percent(p.output_rms_error)]) },
  };
}

function layer_errors(data) {
  const platforms = data.summary.platforms, layers = data.summary.network.layers.map((layer) => layer.name);
  return {
    id: "layers", title: "Error by layer", height: Math.max(320, 100 + 46 * platforms.length), narrow: true,
    text: "Root mean square error of each layer's outputs, relative to the reference's, by platform.",
    option: (theme) => frame(theme, {
      legend: legend(theme, {}), grid: grid({ top: 40 }),
      tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: (v) => percent(v) },
      xAxis: axis(theme, { type: "category", data: layers, axisLabel: { color: theme.ink } }),
      yAxis: axis(theme, { type: "value", axisLabel: { formatter: (v) => percent(v) } }),
      series: platforms.map((p) => ({ name: p.name, type: "bar", barMaxWidth: 26, data: layers.map((_, l) => p.layers[l]?.rms_error ?? null) })),
    }),
    table: { head: ["layer", ...platforms.flatMap((p) => [`${p.name}, rms`, `${p.name}, largest`])],
             rows: layers.map((name, l) => [name, ...platforms.flatMap((p) => [percent(p.layers[l]?.rms_error), percent(p.layers[l]?.max_error)])]) },
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
  const recorded = platform.cycles, each = recorded.cycles_a_point;
  const mechanisms = recorded.mechanisms.map((m) => ({ name: m.name, values: floats(m.mean_J) }));
  const least = floats(recorded.least_J), most = floats(recorded.most_J);
  if (!mechanisms.length) return null;
  const MOST = 500;
  // What is shown of points [from, to).
  const series = (theme, from, to) => mechanisms.map((mechanism, m) => ({
    id: mechanism.name, name: words(mechanism.name), type: "line", stack: "energy", step: "end", symbol: "none", lineStyle: { width: 0 },
    areaStyle: { opacity: 0.9 }, itemStyle: { color: theme.series[m % theme.series.length] }, emphasis: { focus: "series" },
    // The first dimension is the one that is stacked.
    encode: { x: 1, y: 0 }, data: joined(mechanism.values, from, to, MOST).rows.map(([at, mean]) => [mean, at * each]),
  }));
  const total = least.length;
  const shown_text = (from, to) => {
    const a_bar = joined(least, from, to, MOST).step * each;
    return a_bar === 1 ? "Every cycle is drawn." : `Down-sampled: each step is the mean of ${a_bar.toLocaleString("en")} cycles, whose sum is kept. Zoom in for single cycles${each > 1 ? `, down to ${each.toLocaleString("en")} joined in this file` : ""}.`;
  };
  return {
    id: `cycles-${platform.name}`, title: "Energy per cycle", height: 360, zooms: true,
    text: `Energy dissipated in each inference cycle, stacked by mechanism, over ${recorded.cycles.toLocaleString("en")} cycles.`,
    note: shown_text(0, total),
    option: (theme) => frame(theme, {
      legend: legend(theme, {}), grid: grid({ top: 40, bottom: 42, outerBounds: { bottom: 40 } }),
      tooltip: { trigger: "axis", axisPointer: { type: "line" }, valueFormatter: (v) => quantity(v, "J") },
      xAxis: axis(theme, { type: "value", min: 0, max: recorded.cycles, name: "cycle", nameLocation: "middle", nameGap: 24, splitLine: { show: false } }),
      yAxis: axis(theme, { type: "value", name: "J a cycle", axisLabel: { formatter: (v) => quantity(v, "J", 3) } }),
      dataZoom: [
        { type: "slider", bottom: 8, height: 22, filterMode: "none", showDataShadow: false, minValueSpan: Math.max(1, 10 * each), borderColor: theme.faint, textStyle: { color: theme.soft },
          labelFormatter: (v) => Math.round(v).toLocaleString("en") },
        { type: "inside", filterMode: "none", minValueSpan: Math.max(1, 10 * each), zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false },
      ],
      series: series(theme, 0, total),
    }),
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
             }), ["all, cheapest cycle", quantity(Math.min(...least), "J"), "", ""], ["all, dearest cycle", quantity(most.reduce((a, b) => Math.max(a, b), -Infinity), "J"), "", ""],
             ["all", quantity(summary.energy.dissipated_J / recorded.cycles, "J"), plain(summary.energy.dissipated_J, 12), "100 %"]] },
  };
}

function flow(platform, summary) {
  const { nodes, links, left_out_J } = platform.flow;
  if (!links.length) return null;
  const heat = (name) => name.startsWith("heat: ");
  const inputs = Object.fromEntries(nodes.map((name) => [name, [0, 0]]));
  for (const link of links) inputs[link.from][1] += link.J, inputs[link.to][0] += link.J;
  const amount = (name) => Math.max(...inputs[name]);
  const columns = Math.max(nodes.filter(heat).length, nodes.filter((n) => !heat(n)).length);
  const rows = links.slice().sort((a, b) => b.J - a.J);
  return {
    id: `flow-${platform.name}`, title: "Where the energy goes", height: Math.min(1100, Math.max(320, 90 + 30 * columns)),
    text: `Sankey diagram: ${quantity(summary.energy.supplied_J, "J")} supplied, ${quantity(summary.energy.dissipated_J, "J")} dissipated, ${quantity(summary.energy.recovered_J, "J")} recovered over the run.`,
    note: left_out_J > 0 ? `${quantity(left_out_J, "J")} that flow back or in circles are not drawn.` : "",
    option: (theme) => frame(theme, {
      tooltip: { formatter: (item) => item.dataType === "edge" ? `${escaped(item.data.source)} → ${escaped(item.data.target)}<br><b>${quantity(item.data.value, "J")}</b>` : `${escaped(item.name)}<br><b>${quantity(amount(item.name), "J")}</b>` },
      series: [{
        type: "sankey", left: 8, right: 190, top: 12, bottom: 12, nodeGap: 14, nodeWidth: 12, draggable: false, emphasis: { focus: "adjacency" }, layoutIterations: 48,
        label: { color: theme.ink, fontSize: 11, formatter: (item) => `${item.name.replace("heat: ", "").replaceAll("_", " ")}  ${quantity(amount(item.name), "J", 3)}` },
        lineStyle: { color: "gradient", opacity: 0.35, curveness: 0.5 },
        data: nodes.map((name) => ({
          name, itemStyle: { color: name === "supplied" ? theme.accent : name === "recovered" ? theme.good : heat(name) ? theme.bound : theme.series[3], borderWidth: 0 },
        })),
        links: links.map((link) => ({ source: link.from, target: link.to, value: link.J })),
      }],
    }),
    table: { head: ["from", "to", "J, whole run", "share of what was supplied"],
             rows: rows.map((link) => [link.from, link.to, plain(link.J, 12), percent(link.J / summary.energy.supplied_J)]) },
  };
}

function treemap(platform, summary) {
  const root = new Map();
  let negative = 0;
  const rows = [];
  for (const [path, mechanisms] of Object.entries(summary.energy.by_component)) {
    for (const [mechanism, joules] of Object.entries(mechanisms)) {
      rows.push([path, mechanism, joules]);
      if (!(joules > 0)) { negative += joules < 0; continue; }
      let level = root;
      const below = path.slice(summary.name.length + 1).split("/"), part = below.pop(), layer = below.join("/") || part;
      for (const step of [layer, ...(below.length ? [part] : [])]) {
        if (!level.has(step)) level.set(step, new Map());
        level = level.get(step);
      }
      level.set(words(mechanism), joules);
    }
  }
  if (!root.size) return null;
  const tree = (level) => [...level].map(([name, below]) => below instanceof Map ? { name, children: tree(below) } : { name, value: below });
  rows.sort((a, b) => b[2] - a[2]);
  return {
    id: `components-${summary.name}`, title: "Breakdown by component", height: 380,
    text: "Treemap of the energy dissipated by layer, part and mechanism; areas are shares of the whole.",
    note: negative ? `${negative} entries below zero (work gained) have no area: they stand in the table.` : "",
    option: (theme) => frame(theme, {
      tooltip: { formatter: (item) => `${item.treePathInfo.slice(1).map((step) => escaped(step.name)).join(" / ")}<br><b>${quantity(item.value, "J")}</b>, ${percent(item.value / summary.energy.dissipated_J)}` },
      series: [{
        type: "treemap", name: summary.name, left: 0, right: 0, top: 0, bottom: 28, roam: false, nodeClick: "zoomToNode", sort: "desc", leafDepth: null, visibleMin: 60,
        breadcrumb: { bottom: 0, height: 20, itemStyle: { color: theme.faint, textStyle: { color: theme.ink } } },
        label: { color: "#fff", fontSize: 11, formatter: (item) => `${item.name}\n${quantity(item.value, "J", 3)}`, lineHeight: 15, textBorderColor: "rgba(0,0,0,.4)", textBorderWidth: 2 },
        upperLabel: { show: true, height: 20, color: theme.ink, formatter: (item) => `${item.name}  ${quantity(item.value, "J", 3)}` },
        itemStyle: { borderColor: theme.surface, borderWidth: 1, gapWidth: 1 },
        levels: [{ itemStyle: { borderWidth: 0, gapWidth: 4 }, upperLabel: { show: false } }, { itemStyle: { borderWidth: 2, gapWidth: 2, borderColor: theme.faint } },
                 { colorAlpha: [0.7, 0.95], itemStyle: { gapWidth: 1, borderWidth: 1, borderColor: theme.faint } }, {}],
        data: tree(root),
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
    option: (theme) => frame(theme, {
      legend: legend(theme, {}), grid: grid({ top: 44 }),
      tooltip: { formatter: (item) => `${escaped(item.name)}: ${escaped(item.seriesName)}<br><b>${quantity(item.data.watts, "W")}</b>, ${percent(item.value)} of the light` },
      xAxis: axis(theme, { type: "value", max: 1, axisLabel: { formatter: (v) => percent(v) } }),
      yAxis: axis(theme, { type: "category", inverse: true, data: layers.map((layer) => layer.name), axisTick: { show: false }, axisLabel: { color: theme.ink } }),
      series: [...used.map((name) => ({ name: `lost: ${name}`, type: "bar", stack: "light", barMaxWidth: 26, itemStyle: { color: lossy(theme)[used.indexOf(name) % 8] }, data: layers.map((layer) => ({ value: lost(layer, name) / layer.link.laser_W, watts: lost(layer, name) })) })),
               { name: "detected", type: "bar", stack: "light", itemStyle: { color: theme.good }, data: layers.map((layer) => ({ value: layer.link.detected_W / layer.link.laser_W, watts: layer.link.detected_W })) }],
    }),
    table: { head: ["layer", "part", "in, W", "lost, W", "loss, dB"],
             rows: layers.flatMap((layer) => [...layer.link.light.map((part) => [layer.name, part.part, plain(part.in_W), plain(part.lost_W), plain(part.loss_dB, 4)]),
                                              [layer.name, "detected", plain(layer.link.detected_W), "", ""], [layer.name, "electronics", plain(layer.link.electrical_W), "", ""]]) },
  };
}

function raster(platform, summary) {
  const layers = platform.activity;
  if (!layers.length) return null;
  const rows = layers.reduce((sum, layer) => sum + layer.shown.length, 0), samples = layers[0].samples;
  const pitch = Math.min(3, Math.max(1.6, 320 / rows));
  const heights = layers.map((layer) => Math.max(28, pitch * layer.shown.length));
  let top = 8;
  const tops = heights.map((height) => { const at = top; top += height + 14; return at; });
  return {
    id: `raster-${platform.name}`, title: "Neuron activity", height: Math.ceil(top) + 40,
    text: `Raster of neurons that were active in the first ${samples} samples; ${percent(summary.neurons.active_mean, 3)} of all neurons and samples.`,
    note: layers.some((layer) => layer.shown.length < layer.neurons) || summary.cycles > samples
      ? `Shown: the first ${samples} samples, at most ${Math.max(...layers.map((l) => l.shown.length))} neurons of a layer, evenly spread.` : "",
    option: (theme, width) => frame(theme, {
      tooltip: { formatter: (item) => `${escaped(item.seriesName)}: neuron ${layers[item.seriesIndex].shown[item.value[1]]}, sample ${item.value[0]}` },
      grid: layers.map((_, l) => ({ left: 96, right: 12, top: tops[l], height: heights[l] })),
      xAxis: layers.map((_, l) => axis(theme, { type: "value", gridIndex: l, min: -0.5, max: samples - 0.5, show: l + 1 === layers.length, name: "sample", nameLocation: "middle", nameGap: 24, splitLine: { show: false },
                                                 axisLabel: { showMinLabel: false, showMaxLabel: false } })),
      yAxis: layers.map((layer, l) => axis(theme, { type: "value", gridIndex: l, min: -0.5, max: layer.shown.length - 0.5, inverse: true, name: layer.layer, nameLocation: "middle", nameGap: 14, nameRotate: 0,
                                                    nameTextStyle: { color: theme.ink, align: "right", width: 80, overflow: "truncate" }, axisLabel: { show: false }, axisTick: { show: false }, splitLine: { show: false } })),
      series: layers.map((layer, l) => ({
        name: layer.layer, type: "scatter", xAxisIndex: l, yAxisIndex: l, symbol: "rect", symbolSize: [Math.max(1, (width - 108) / samples - 0.4), Math.max(1, heights[l] / layer.shown.length - 0.4)],
        large: true, largeThreshold: 200, itemStyle: { color: theme.series[l % theme.series.length] },
        data: layer.active.flatMap((row, i) => [...row].flatMap((bit, s) => bit === "1" ? [[s, i]] : [])),
      })),
    }),
    table: { head: ["layer", "neurons", "active, whole run", "active, as shown"],
             rows: layers.map((layer) => [layer.layer, layer.neurons, percent(summary.neurons.active_by_layer[layer.layer]),
                                          percent(layer.active.reduce((sum, row) => sum + row.split("1").length - 1, 0) / (layer.samples * layer.shown.length))]) },
  };
}

function cards(data) {
  return data.summary.platforms.map((p) => ({
    title: p.name, kind: p.kind,
    figures: [
      ["right", p.accuracy === null ? "no labels" : percent(p.accuracy), data.summary.reference.accuracy === null ? "" : `software ${percent(data.summary.reference.accuracy)}`],
      ["an inference", quantity(p.energy.per_inference_J, "J"), beside(data.gpu.J, p.energy.per_inference_J)],
      ["over its bound", p.ratio_to_bound === null ? "–" : times(p.ratio_to_bound), p.bound ? words(p.bound) : "no bound applies"],
      ["latency", p.latency_s > 0 ? quantity(p.latency_s, "s") : "none: ideal", p.throughput_per_s ? `${quantity(p.throughput_per_s, "/s")}` : ""],
    ],
  }));
}

function lead(data) {
  const s = data.summary, best = s.platforms.filter((p) => p.ratio_to_bound === null || p.ratio_to_bound > 2).sort((a, b) => a.energy.per_inference_J - b.energy.per_inference_J)[0];
  const lines = [`${s.network.file}: ${s.network.macs.toLocaleString("en")} multiplications and ${s.network.neurons.toLocaleString("en")} neurons, ${s.dataset.samples.toLocaleString("en")} samples of ${s.dataset.file} at ${plain(s.scenario.temperature_K)} K.`];
  lines.push(`A GPU of today takes about ${quantity(data.gpu.J, "J", 3)} for these operations.`);
  if (best) {
    const saving = data.gpu.J / best.energy.per_inference_J;
    lines.push(`Of the platforms with real losses ${best.name} takes least, ${quantity(best.energy.per_inference_J, "J")} an inference` +
      (saving >= 1 ? ` (a GPU takes ${times(saving).replace(" ×", " times")} as much)` : ` (${times(1 / saving).replace(" ×", " times")} what the GPU takes)`) +
      (best.accuracy === null ? "." : `, and gets ${percent(best.accuracy)} right` + (s.reference.accuracy === null ? "." : `; software gets ${percent(s.reference.accuracy)}.`)));
  }
  return lines.join(" ");
}

export function run_sections(data) {
  const present = (list) => list.filter(Boolean);
  const sections = [{ id: "summary", title: "Summary", lead: lead(data), cards: cards(data), pictures: present([ladder(data), accuracy(data), layer_errors(data)]) }];
  for (const platform of data.platforms) {
    const summary = data.summary.platforms.find((p) => p.name === platform.name);
    const missing = data.has_pictures ? "" : "This run was written without pictures.json: run it again to see voltage drops and neuron activity.";
    sections.push({
      id: `platform-${platform.name}`, title: platform.name, kind: summary.kind, lead: missing,
      pictures: present([cycles(platform, summary), flow(platform, summary), treemap(platform, summary), light(summary), digital_figures(summary), ...platform.voltage_drops.map((drop) => drops(platform, drop)), raster(platform, summary)]),
    });
  }
  const s = data.summary;
  return { title: s.scenario.name, kind: "run", sections,
           facts: [["seed", s.scenario.seed], ["scenario", s.scenario.sha256.slice(0, 16)], ["network", s.network.sha256.slice(0, 16)], ["szilard", `${s.szilard.version} (${s.szilard.commit})`], ["instruction set", s.szilard.instruction_set]] };
}
