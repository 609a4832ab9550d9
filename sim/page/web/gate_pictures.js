// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
import { escaped, magnification, percent, plain, power_of_ten, quantity } from "./format.js";
import { axis, frame, grid } from "./theme.js";

// "logic scaled to 7 nm, 0.7 V" -> "logic at 7 nm"; of the others what stands before the colon.
function label_of(name) {
  const scaled = name.match(/^logic scaled to (.*),/);
  return scaled ? `logic at ${scaled[1]}` : name.split(":")[0];
}

// Energy of a platform's digital logic from its gates, and every figure that stands beside it, each with its origin.
export function digital_figures(summary) {
  const gates = summary.gate_level;
  if (!gates) return null;
  const sampled = gates.sampling_error > 0 ? `; a sample of the clocks, ± ${percent(gates.sampling_error, 2)} (95 %)` : "; every clock simulated";
  const rows = [
    { name: "whole platform, memories and all", label: "whole platform", J: summary.energy.per_inference_J, kind: "platform", origin: "the ledger: logic from gates, the rest counts times coefficients (coefficients.json)" },
    { name: "logic, from its gates", label: "logic, from its gates", J: gates.logic_J, kind: "gates", origin: `${gates.library}, ${gates.cells.toLocaleString("en")} cells${sampled}` },
    { name: "glitches, beside it", label: "glitches (estimate)", J: gates.glitch_estimate_J, kind: "estimate", origin: "an estimate with one unit of delay a cell, in no sum" },
    ...gates.beside_it.map((figure) => ({ name: figure.name, label: label_of(figure.name), J: figure.energy_J, kind: figure.name.startsWith("logic scaled") ? "scaled" : "table", origin: figure.origin })),
    { name: "Landauer's cost of what gates forget", label: "Landauer, gates", J: gates.landauer_J.gate, kind: "bound", origin: "kT ln 2 a bit, H(in | out) of each cell" },
    { name: "Landauer's cost of what registers forget", label: "Landauer, registers", J: gates.landauer_J.register, kind: "bound", origin: "kT ln 2 a bit, toggles of flip-flops" },
  ];
  const shown = rows.filter((row) => row.J > 0);
  const first = Math.floor(Math.log10(shown.reduce((least, row) => Math.min(least, row.J), Infinity)) - 0.3);
  const last = Math.ceil(Math.log10(shown.reduce((most, row) => Math.max(most, row.J), 0))), scale = magnification(shown.map((row) => row.J));
  return {
    id: `digital-${summary.name}`, title: "Digital logic by technology", height: 80 + 24 * shown.length,
    text: `Energy of one inference of the digital logic: ${quantity(gates.logic_J, "J")} from its gates in ${gates.library}, beside its scaling to other technologies and figures that know only the number of operations.`,
    note: "Only the platform and the logic from gates are this run's energy. Scaled figures take the logic alone, without memories, and scale nothing but switching. " +
      "The table names the origin of each.",
    option: (theme, width) => {
      const is_narrow = width < 600, room = is_narrow ? 62 : 90;
      const colour = { platform: theme.accent, gates: theme.accent, estimate: theme.soft, scaled: theme.good, table: theme.gpu, bound: theme.bound };
      return frame(theme, {
        tooltip: { formatter: (item) => `${escaped(shown[item.dataIndex].name)}<br><b>${quantity(shown[item.dataIndex].J, "J")}</b><br>${escaped(shown[item.dataIndex].origin)}` },
        grid: grid({ left: is_narrow ? 2 : 20, right: room, outerBounds: { right: room } }),
        xAxis: axis(theme, { type: "log", min: 10 ** first * scale, max: 10 ** last * scale, startValue: 10 ** first * scale, interval: Math.max(1, Math.ceil((last - first) / (is_narrow ? 4 : 8))), name: "J an inference", nameLocation: "middle", nameGap: 28, axisLabel: { formatter: (v) => power_of_ten(v / scale) } }),
        yAxis: axis(theme, { type: "category", inverse: true, data: shown.map((row) => row.label), axisTick: { show: false }, splitLine: { show: false }, axisLabel: is_narrow ? { color: theme.ink, width: 118, overflow: "break", fontSize: 10.5, lineHeight: 11 } : { color: theme.ink, width: 220, overflow: "truncate" } }),
        series: [{
          type: "scatter", symbolSize: 11,
          data: shown.map((row, i) => ({ value: [row.J * scale, i], J: row.J, symbol: row.kind === "bound" ? "diamond" : "circle", itemStyle: { color: colour[row.kind], opacity: row.kind === "estimate" ? 0.7 : 1 } })),
          label: { show: true, position: "right", distance: 8, color: theme.ink, formatter: (item) => quantity(shown[item.dataIndex].J, "J", 3) },
        }],
      });
    },
    table: { head: ["figure", "J an inference", "origin"], rows: rows.map((row) => [row.name, plain(row.J, 12), row.origin]) },
  };
}
