// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
import { escaped, percent, plain, power_of_ten, quantity, words } from "./format.js";
import { axis, frame, grid, legend } from "./theme.js";

const NAMES = { "energy.per_inference_J": ["energy an inference", "J"], accuracy: ["accuracy", "%"], agreement: ["agreement", "%"], output_rms_error: ["rms error", "%"],
                latency_s: ["latency", "s"], throughput_per_s: ["throughput", "/s"], peak_power_W: ["peak power", "W"], area_m2: ["area", "m²"], ratio_to_bound: ["over its bound", ""] };

function figure(value, unit) {
  if (value === null || !Number.isFinite(value)) return "–";
  return unit === "%" ? percent(value) : unit ? quantity(value, unit) : plain(value, 4);
}

// Points (all seeds together) x platforms: means over seeds of each figure.
export function candidates(data) {
  const platforms = new Map();
  data.metrics.forEach((name, m) => {
    const dot = name.indexOf("."), rest = name.slice(dot + 1);
    if (!NAMES[rest]) return;
    if (!platforms.has(name.slice(0, dot))) platforms.set(name.slice(0, dot), {});
    platforms.get(name.slice(0, dot))[rest] = m;
  });
  const points = new Map();
  for (const [values, , figures] of data.rows) {
    const key = JSON.stringify(values);
    if (!points.has(key)) points.set(key, { values, sums: new Map() });
    figures.forEach((value, m) => {
      if (value === null) return;
      const sums = points.get(key).sums, [sum, count] = sums.get(m) || [0, 0];
      sums.set(m, [sum + value, count + 1]);
    });
  }
  const list = [];
  for (const { values, sums } of points.values())
    for (const [platform, columns] of platforms) {
      const figures = {};
      for (const [name, m] of Object.entries(columns)) if (sums.has(m)) figures[name] = sums.get(m)[0] / sums.get(m)[1];
      if (Object.keys(figures).length) list.push({ platform, values, figures });
    }
  return list;
}

// The end of a key path, which tells axes of one study apart as a rule.
function short(key) {
  return key.split(".").slice(-2).join(".");
}

function axes_text(data, values) {
  return data.axes.map((name, a) => `${name} = ${values[a]}`);
}

function pareto(data, all) {
  if (!data.front) return null;
  const { x, y, front } = data.front;
  const shown = all.filter((c) => c.figures[x] !== undefined && c.figures[y] !== undefined);
  if (!shown.length) return null;
  const platforms = [...new Set(shown.map((c) => c.platform))];
  const positive = shown.every((c) => c.figures[x] > 0), [x_name, x_unit] = NAMES[x], [y_name, y_unit] = NAMES[y];
  return {
    id: "pareto", title: "Pareto front", height: 420,
    text: `${y_name} over ${x_name}: ${front.length} of ${data.front.candidates} candidates are beaten by no other in both.`,
    note: "A candidate is a platform at a point of the study, its figures means over the seeds." + (data.counts.shown_every > 1 ? ` One in ${data.counts.shown_every} runs is drawn; the front is that of all.` : ""),
    option: (theme) => frame(theme, {
      legend: legend(theme, {}), grid: grid({ top: 44, right: 30 }),
      tooltip: { formatter: (item) => item.data.lines ? item.data.lines.map(escaped).join("<br>") : escaped(item.seriesName) },
      xAxis: axis(theme, { type: positive ? "log" : "value", scale: true, name: x_name, nameLocation: "middle", nameGap: 28, axisLabel: { formatter: (v) => figure(v, x_unit) } }),
      yAxis: axis(theme, { type: "value", scale: true, name: y_name, axisLabel: { formatter: (v) => figure(v, y_unit) } }),
      series: [
        ...platforms.map((name) => ({
          name, type: "scatter", symbolSize: 9, itemStyle: { opacity: 0.75 },
          data: shown.filter((c) => c.platform === name).map((c) => ({ value: [c.figures[x], c.figures[y]], lines: [name, ...axes_text(data, c.values), `${x_name}: ${figure(c.figures[x], x_unit)}`, `${y_name}: ${figure(c.figures[y], y_unit)}`] })),
        })),
        { name: "front", type: "line", step: "end", symbol: "emptyCircle", symbolSize: 13, z: 1, lineStyle: { color: theme.bound, type: "dashed", width: 1.5 }, itemStyle: { color: theme.bound },
          data: front.map((c) => ({ value: [c.x, c.y], lines: ["on the front", c.platform, ...Object.entries(c.axes || {}).map(([key, value]) => `${key} = ${value}`)] })) },
      ],
    }),
    table: { head: ["platform", ...data.axes, x_name, "± (95 %)", y_name, "± (95 %)", "runs"],
             rows: front.map((c) => [c.platform, ...data.axes.map((name) => c.axes?.[name]), figure(c.x, x_unit), figure(c.x_ci95, x_unit), figure(c.y, y_unit), figure(c.y_ci95, y_unit), c.runs]) },
  };
}

function parallel(data, platform, all) {
  const own = all.filter((c) => c.platform === platform), names = Object.keys(NAMES).filter((name) => own.some((c) => c.figures[name] !== undefined) && new Set(own.map((c) => c.figures[name])).size > 1);
  if (own.length < 2 || !names.length) return null;
  const best = names.includes("accuracy") ? "accuracy" : names[0], at = data.axes.length + names.indexOf(best);
  const values = own.map((c) => c.figures[best]).filter((v) => v !== undefined);
  const is_number = (a) => own.every((c) => typeof c.values[a] === "number");
  const plus = (name) => names.includes(name) && own.every((c) => c.figures[name] > 0) && Math.max(...own.map((c) => c.figures[name])) > 20 * Math.min(...own.map((c) => c.figures[name]));
  return {
    id: `parallel-${platform}`, title: "Parallel coordinates", height: 380,
    text: `Every point of the study as a line through its axes and figures; colour is ${NAMES[best][0]}.`,
    note: "Means over the seeds. Drag along an axis to select.",
    option: (theme) => frame(theme, {
      parallel: { left: 50, right: 90, top: 56, bottom: 24, parallelAxisDefault: { nameLocation: "end", nameTextStyle: { color: theme.ink, fontSize: 11 }, axisLine: { lineStyle: { color: theme.soft } }, axisTick: { lineStyle: { color: theme.soft } }, axisLabel: { color: theme.soft, fontSize: 10 }, splitLine: { show: false } } },
      parallelAxis: [
        ...data.axes.map((name, a) => ({ dim: a, name: short(name), type: is_number(a) ? "value" : "category", scale: true, ...(is_number(a) ? {} : { data: [...new Set(own.map((c) => String(c.values[a])))] }) })),
        ...names.map((name, n) => ({ dim: data.axes.length + n, name: NAMES[name][0], type: plus(name) ? "log" : "value", scale: true, axisLabel: { color: theme.soft, fontSize: 10, formatter: (v) => figure(v, NAMES[name][1]) } })),
      ],
      visualMap: { show: true, dimension: at, min: Math.min(...values), max: Math.max(...values), right: 0, top: "middle", itemHeight: 120, textStyle: { color: theme.soft, fontSize: 10 }, formatter: (v) => figure(v, NAMES[best][1]),
                   inRange: { color: [theme.bound, theme.series[4], theme.accent] } },
      series: [{ type: "parallel", lineStyle: { width: 1.4, opacity: 0.6 }, smooth: false,
                 data: own.map((c) => [...c.values.map((v, a) => is_number(a) ? v : String(v)), ...names.map((name) => c.figures[name] ?? "-")]) }],
    }),
    table: { head: [...data.axes, ...names.map((name) => NAMES[name][0])],
             rows: own.slice(0, 200).map((c) => [...c.values, ...names.map((name) => figure(c.figures[name], NAMES[name][1]))]) },
  };
}

// What each axis does to a figure by itself: the least and the largest of its means over all points with one value of the axis.
export function effects(data, own, name) {
  const list = data.axes.map((axis_name, a) => {
    const groups = new Map();
    for (const c of own) {
      if (c.figures[name] === undefined) continue;
      const key = String(c.values[a]), [sum, count] = groups.get(key) || [0, 0];
      groups.set(key, [sum + c.figures[name], count + 1]);
    }
    const means = [...groups].map(([value, [sum, count]]) => ({ value, mean: sum / count })).sort((p, q) => p.mean - q.mean);
    return { axis: axis_name, least: means[0], most: means[means.length - 1] };
  });
  return list.filter((effect) => effect.least).sort((p, q) => (q.most.mean - q.least.mean) - (p.most.mean - p.least.mean));
}

function tornado(data, platform, all, name) {
  const own = all.filter((c) => c.platform === platform && c.figures[name] !== undefined), list = effects(data, own, name);
  if (!list.length || own.length < 2 || !(list[0].most.mean > list[0].least.mean)) return null;
  const [title, unit] = NAMES[name], middle = own.reduce((sum, c) => sum + c.figures[name], 0) / own.length;
  const bar = (side, colour) => ({
    type: "bar", stack: "swing", barMaxWidth: 24, itemStyle: { color: colour },
    data: list.map((e) => ({ value: e[side].mean - middle, at: e[side].value, mean: e[side].mean })),
    label: { show: true, position: side === "least" ? "left" : "right", color: "inherit", fontSize: 11, formatter: (item) => String(item.data.at) },
  });
  return {
    id: `tornado-${platform}-${name}`, title: `Tornado: ${title}`, height: 120 + 40 * list.length,
    text: `How far each axis of the study moves ${title}, from its mean of ${figure(middle, unit)}; ${list[0].axis} moves it most.`,
    note: "Means over all points that share one value of the axis: the two ends of each bar carry the axis's values. `szilard tornado` changes one number at a time instead.",
    option: (theme) => {
      // Bars are drawn from the mean over all points; the axis is labelled with the figure itself.
      return frame(theme, {
        grid: grid({ left: 16, right: 60, top: 12 }),
        tooltip: { formatter: (item) => `${escaped(list[item.dataIndex].axis)} = ${escaped(item.data.at)}<br>${title}: <b>${figure(item.data.mean, unit)}</b>` },
        xAxis: axis(theme, { type: "value", name: title, nameLocation: "middle", nameGap: 28, axisLabel: { formatter: (v) => figure(middle + v, unit) }, boundaryGap: ["12%", "12%"] }),
        yAxis: axis(theme, { type: "category", inverse: true, data: list.map((e) => e.axis), axisTick: { show: false }, axisLine: { onZero: false, show: false }, splitLine: { show: false }, axisLabel: { color: theme.ink, width: 260, overflow: "truncate" } }),
        series: [bar("least", theme.accent), bar("most", theme.bound)],
      });
    },
    table: { head: ["axis", "least at", title, "most at", title], rows: list.map((e) => [e.axis, e.least.value, figure(e.least.mean, unit), e.most.value, figure(e.most.mean, unit)]) },
  };
}

export function study_sections(data) {
  const all = candidates(data), platforms = [...new Set(all.map((c) => c.platform))];
  const { counts } = data;
  const open = counts.all - counts.done - counts.failed;
  const lead = `${counts.done.toLocaleString("en")} of ${counts.all.toLocaleString("en")} runs are done` + (counts.failed ? `, ${counts.failed} failed` : "") + (open ? `, ${open} are open` : "") +
    `: ${data.axes.length} ${data.axes.length === 1 ? "axis" : "axes"} (${data.axes.join(", ")}), ${data.seeds.length} ${data.seeds.length === 1 ? "seed" : "seeds"}.` +
    (counts.shown_every > 1 ? ` The page holds one in ${counts.shown_every} of them.` : "") + (data.failures.length ? ` First failures: ${data.failures.join("; ")}` : "");
  const best = (name, sign) => all.filter((c) => c.figures[name] !== undefined).sort((a, b) => sign * (a.figures[name] - b.figures[name]))[0];
  const card = (title, c, name) => c && { title, kind: c.platform, figures: [[NAMES[name][0], figure(c.figures[name], NAMES[name][1]), ""], ...axes_text(data, c.values).slice(0, 3).map((text) => [short(text.split(" = ")[0]), text.split(" = ")[1], ""])] };
  const sections = [{ id: "summary", title: "Summary", lead, cards: [card("most accurate", best("accuracy", -1), "accuracy"), card("least energy", best("energy.per_inference_J", 1), "energy.per_inference_J"), card("fastest", best("latency_s", 1), "latency_s")].filter(Boolean),
                      pictures: [pareto(data, all)].filter(Boolean) }];
  for (const platform of platforms) {
    const pictures = [parallel(data, platform, all), tornado(data, platform, all, "energy.per_inference_J"), tornado(data, platform, all, "accuracy")].filter(Boolean);
    sections.push({ id: `platform-${platform}`, title: platform, lead: pictures.length ? "" : "No figure of this platform differs between the points.", pictures });
  }
  return { title: data.name, kind: "study", sections, facts: [["axes", data.axes.join(", ")], ["seeds", data.seeds.join(", ")]] };
}
