// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
import { escaped, least_of, magnification, most_of, percent, plain, quantity, times, words } from "./format.js";
import { axis, frame, grid, legend } from "./theme.js";

const NAMES = { "energy.per_inference_J": ["energy an inference", "J"], accuracy: ["accuracy", "%"], agreement: ["agreement", "%"], output_rms_error: ["rms error", "%"],
                latency_s: ["latency", "s"], throughput_per_s: ["throughput", "/s"], peak_power_W: ["peak power", "W"], area_m2: ["area", "m²"], ratio_to_bound: ["over its bound", ""] };

function figure(value, unit) {
  if (value === null || !Number.isFinite(value)) return "–";
  return unit === "%" ? percent(value) : unit ? quantity(value, unit) : Math.abs(value) < 1e5 ? plain(value, 4) : times(value).replace(" ×", "");
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

// Axes that may bear on a platform, by their index: its own and those of no platform.
function axes_of(data, platform, platforms) {
  const own = (name) => `platforms.${name}.`;
  return data.axes.map((_, a) => a).filter((a) => data.axes[a].startsWith(own(platform)) || !platforms.some((name) => data.axes[a].startsWith(own(name))));
}

// Candidates of a platform, those that differ only in what is of other platforms joined to their mean.
function joined(all, platform, axes) {
  const groups = new Map();
  for (const candidate of all) {
    if (candidate.platform !== platform) continue;
    const values = axes.map((a) => candidate.values[a]), key = JSON.stringify(values);
    if (!groups.has(key)) groups.set(key, { platform, values, members: [] });
    groups.get(key).members.push(candidate.figures);
  }
  return [...groups.values()].map(({ values, members }) => ({
    platform, values,
    figures: Object.fromEntries(Object.keys(members[0]).map((name) => {
      const known = members.map((figures) => figures[name]).filter((v) => v !== undefined);
      return [name, known.reduce((sum, v) => sum + v, 0) / known.length];
    })),
  }));
}

// A key as it reads within its platform's section.
function short(key, platform) {
  return key.startsWith(`platforms.${platform}.`) ? key.slice(platform.length + 11) : key;
}

// At its bound but for rounding and noise: a limit and not a machine.
function is_limit(candidate) {
  return candidate.figures.ratio_to_bound <= 2;
}

// Those that no other beats in both: least x, most y.
export function front_of(list, x, y) {
  const front = [];
  for (const c of list.slice().sort((a, b) => a.figures[x] - b.figures[x] || b.figures[y] - a.figures[y]))
    if (!front.length || c.figures[y] > front[front.length - 1].figures[y]) front.push(c);
  return front;
}

function pareto(data, all) {
  if (!data.front) return null;
  const { x, y, front } = data.front;
  const shown = all.filter((c) => c.figures[x] !== undefined && c.figures[y] !== undefined);
  if (!shown.length) return null;
  const platforms = [...new Set(shown.map((c) => c.platform))];
  const positive = shown.every((c) => c.figures[x] > 0), [x_name, x_unit] = NAMES[x], [y_name, y_unit] = NAMES[y];
  const least = Math.floor(Math.log10(least_of(shown.map((c) => c.figures[x])))), most = Math.ceil(Math.log10(most_of(shown.map((c) => c.figures[x]))) + 1e-9);
  const scale = magnification(shown.map((c) => c.figures[x]));
  // Limits beat every machine as a rule: the machines among themselves are what one chooses from.
  const machines = shown.filter((c) => !is_limit(c)), has_limits = machines.length > 0 && machines.length < shown.length;
  const line = (name, colour, candidates, more) => ({ name, type: "line", step: "end", symbol: "circle", symbolSize: 14, z: 1, lineStyle: { color: colour, type: "dashed", width: 1.5 }, itemStyle: { color: "transparent", borderColor: colour, borderWidth: 1.5 }, data: candidates, ...more });
  const lines_of = (c) => [c.platform, ...axes_of(data, c.platform, platforms).map((a) => `${data.axes[a]} = ${c.values[a]}`), `${x_name}: ${figure(c.figures[x], x_unit)}`, `${y_name}: ${figure(c.figures[y], y_unit)}`];
  return {
    id: "pareto", title: "Pareto front", height: 440,
    text: `${y_name} over ${x_name}: ${front.length} of ${data.front.candidates} candidates are beaten by no other in both.`,
    note: "A candidate is a platform at a point of the study, its figures means over the seeds." + (has_limits ? " Platforms within twice their bound are limits, not machines: the second front leaves them out." : "") +
      (data.counts.shown_every > 1 ? ` One in ${data.counts.shown_every} runs is drawn; the front is that of all.` : ""),
    option: (theme, width) => {
      const fronts = [...(has_limits ? ["front of machines"] : []), "front"], keys = legend(theme, [...platforms, ...fronts], width, { icon: undefined });
      const step = Math.max(1, Math.ceil((most - least) / Math.max(3, width / 110)));
      return frame(theme, {
        legend: keys.option, grid: grid({ top: keys.height + 26, right: 34 }),
        tooltip: { formatter: (item) => item.data.lines ? item.data.lines.map(escaped).join("<br>") : escaped(item.seriesName) },
        xAxis: axis(theme, { ...(positive ? { type: "log", min: 10 ** least * scale, max: 10 ** (least + step * Math.ceil((most - least) / step)) * scale, startValue: 10 ** least * scale, interval: step } : { type: "value", scale: true }), name: x_name, nameLocation: "middle", nameGap: 28, axisLabel: { formatter: (v) => figure(v / scale, x_unit) } }),
        yAxis: axis(theme, { type: "value", scale: true, boundaryGap: ["4%", "6%"], name: y_name, nameTextStyle: { color: theme.soft, align: "left" }, axisLabel: { formatter: (v) => y_unit === "%" && v > 1 + 1e-9 ? "" : figure(v, y_unit), showMinLabel: false, showMaxLabel: false } }),
        series: [
          ...platforms.map((name) => ({
            name, type: "scatter", symbolSize: 9, itemStyle: { opacity: 0.8 },
            data: shown.filter((c) => c.platform === name).map((c) => ({ value: [c.figures[x] * scale, c.figures[y]], lines: lines_of(c) })),
          })),
          ...(has_limits ? [line(fronts[0], theme.soft, front_of(machines, x, y).map((c) => ({ value: [c.figures[x] * scale, c.figures[y]], lines: ["no other machine beats", ...lines_of(c)] })))] : []),
          line("front", theme.bound, front.map((c) => ({ value: [c.x * scale, c.y], lines: ["on the front", c.platform, ...Object.entries(c.axes || {}).map(([key, value]) => `${key} = ${value}`)] }))),
        ],
      });
    },
    table: { head: ["platform", ...data.axes, x_name, "± (95 %)", y_name, "± (95 %)", "runs"],
             rows: front.map((c) => [c.platform, ...data.axes.map((name) => c.axes?.[name]), figure(c.x, x_unit), figure(c.x_ci95, x_unit), figure(c.y, y_unit), figure(c.y_ci95, y_unit), c.runs]) },
  };
}

function parallel(data, platform, axes, own) {
  // A figure that stays where it is within 0.1 % tells nothing.
  const spreads = (name) => {
    const values = own.map((c) => c.figures[name]).filter((v) => Number.isFinite(v)), least = least_of(values), most = most_of(values);
    return values.length > 1 && most - least > 1e-3 * Math.max(Math.abs(least), Math.abs(most));
  };
  const names = Object.keys(NAMES).filter(spreads);
  if (own.length < 2 || !names.length) return null;
  const best = names.includes("accuracy") ? "accuracy" : names[0], at = axes.length + names.indexOf(best);
  const values = own.map((c) => c.figures[best]).filter((v) => Number.isFinite(v));
  const is_number = (a) => own.every((c) => typeof c.values[a] === "number");
  const plus = (name) => own.every((c) => c.figures[name] > 0) && most_of(own.map((c) => c.figures[name])) > 20 * least_of(own.map((c) => c.figures[name]));
  const scales = Object.fromEntries(names.map((name) => [name, magnification(own.map((c) => c.figures[name] ?? 0))])), best_scale = scales[best];
  const two_lines = (name) => name.length > 14 ? name.replace(/[. ](?=[^. ]*$)/, "\n") : name;
  return {
    id: `parallel-${platform}`, title: "Parallel coordinates", height: 400, least_width: 200 + 78 * (axes.length + names.length - 1),  // narrower windows scroll it
    text: `Every point of the study as a line through its axes and figures; colour is ${NAMES[best][0]}.`,
    note: "Means over the seeds. Drag along an axis to select.",
    option: (theme) => {
      const label = { color: theme.ink, fontSize: 10.5, textBorderColor: theme.surface, textBorderWidth: 3, hideOverlap: true };
      const name_style = { nameLocation: "end", nameGap: 14, nameTextStyle: { color: theme.ink, fontSize: 11, lineHeight: 14 }, nameTruncate: { maxWidth: 120 } };
      return frame(theme, {
        tooltip: { show: false },
        parallel: { left: 64, right: 130, top: 64, bottom: 20, parallelAxisDefault: { ...name_style, axisLine: { lineStyle: { color: theme.soft } }, axisTick: { show: false }, splitLine: { show: false } } },
        parallelAxis: [
          ...axes.map((name, a) => ({ ...name_style, dim: a, name: two_lines(short(name, platform)), type: is_number(a) ? "value" : "category", scale: true, axisLabel: is_number(a) ? label : { ...label, width: 100, overflow: "truncate" }, ...(is_number(a) ? {} : { data: [...new Set(own.map((c) => String(c.values[a])))] }) })),
          ...names.map((name, n) => ({ ...name_style, dim: axes.length + n, name: two_lines(NAMES[name][0]), type: plus(name) ? "log" : "value", scale: true, axisLabel: { ...label, formatter: (v) => figure(v / scales[name], NAMES[name][1]) } })),
        ],
        visualMap: { show: true, dimension: at, min: least_of(values) * best_scale, max: most_of(values) * best_scale, right: 0, top: "middle", itemHeight: 140, itemWidth: 12, text: [figure(most_of(values), NAMES[best][1]), figure(least_of(values), NAMES[best][1])],
                     textStyle: { color: theme.soft, fontSize: 11 }, inRange: { color: theme.ramp } },
        series: [{ type: "parallel", lineStyle: { width: 1.6, opacity: 0.75 }, smooth: false,
                   data: own.map((c) => [...c.values.map((v, a) => is_number(a) ? v : String(v)), ...names.map((name) => name in c.figures ? c.figures[name] * scales[name] : "-")]) }],
      });
    },
    table: { head: [...axes.map((name) => short(name, platform)), ...names.map((name) => NAMES[name][0])],
             rows: own.slice(0, 200).map((c) => [...c.values, ...names.map((name) => figure(c.figures[name], NAMES[name][1]))]) },
  };
}

// What each axis does to a figure by itself: the least and the largest of its means over all points with one value of the axis.
export function effects(axes, own, name) {
  const list = axes.map((axis_name, a) => {
    const groups = new Map();
    for (const c of own) {
      if (!Number.isFinite(c.figures[name])) continue;
      const key = String(c.values[a]), [sum, count] = groups.get(key) || [0, 0];
      groups.set(key, [sum + c.figures[name], count + 1]);
    }
    const means = [...groups].map(([value, [sum, count]]) => ({ value, mean: sum / count })).sort((p, q) => p.mean - q.mean);
    return { axis: axis_name, least: means[0], most: means[means.length - 1] };
  });
  return list.filter((effect) => effect.least).sort((p, q) => (q.most.mean - q.least.mean) - (p.most.mean - p.least.mean));
}

// Round ends and steps around all of some numbers, with room for labels at either side.
function round_axis(values, share) {
  const least = least_of(values), most = most_of(values), room = share * (most - least), rough = (most - least + 2 * room) / 8;
  const power = 10 ** Math.floor(Math.log10(rough)), interval = power * [1, 2, 2.5, 5, 10].find((m) => m * power >= rough);
  return { min: interval * Math.floor((least - room) / interval), max: interval * Math.ceil((most + room) / interval), interval };
}

// Bars from one figure to either side. The value of each end stands outside the bars, that of the smaller figure on the left.
function swings(theme, width, list, middle, title, unit, names) {
  const values = list.flatMap((e) => [e.least, e.most].filter(Boolean).map((end) => end.mean));
  const scale = magnification([middle, ...values]);
  const longest = most_of(list.flatMap((e) => [e.least, e.most].filter(Boolean).map((end) => String(end.value).length)));
  const is_narrow = width < 600;  // there names stand above the bars
  const room = Math.min(0.5, 0.04 + 6.5 * longest / Math.max(200, is_narrow ? width - 40 : width - 260));
  const room_px = (is_narrow ? width - 40 : width - 260) * room / (1 + 2 * room);
  const is_left = (e, side) => {
    const other = side === "least" ? e.most : e.least;
    return !other ? e[side].mean < middle : side === "least" ? e.least.mean <= other.mean : e.most.mean < other.mean;
  };
  const bar = (side, colour) => ({
    type: "bar", barGap: "-100%", barMaxWidth: is_narrow ? 14 : 22, itemStyle: { color: colour },
    data: list.map((e) => e[side] ? { value: e[side].mean * scale, at: e[side].value, mean: e[side].mean, label: { position: is_left(e, side) ? "left" : "right" } } : { value: "-", at: "", mean: null }),
    label: { show: true, color: colour, fontSize: 11, width: Math.max(40, room_px - 8), overflow: "truncate", formatter: (item) => String(item.data.at) },
  });
  return frame(theme, {
    grid: grid(is_narrow ? { left: 4, right: 24, top: 16 } : { left: 16, right: 60, top: 8 }),
    tooltip: { formatter: (item) => `${escaped(names[item.dataIndex])} = ${escaped(item.data.at)}<br>${escaped(title)}: <b>${figure(item.data.mean, unit)}</b>` },
    xAxis: axis(theme, { type: "value", ...round_axis([middle, ...values].map((v) => v * scale), room), startValue: middle * scale, name: title, nameLocation: "middle", nameGap: 28, axisLabel: { formatter: (v) => (v < 0 && least_of(values) >= 0) || (v / scale > 1 + 1e-9 && unit === "%" && most_of(values) <= 1) ? "" : figure(v / scale, unit) } }),
    yAxis: axis(theme, { type: "category", inverse: true, data: names, axisTick: { show: false }, axisLine: { onZero: false, show: false }, splitLine: { show: false }, axisLabel: is_narrow ? { inside: true, margin: 2, color: theme.ink, fontSize: 11, verticalAlign: "bottom", padding: [0, 0, 11, 0] } : { color: theme.ink, width: 260, overflow: "truncate" }, z: 3 }),
    series: [bar("least", theme.accent), bar("most", theme.bound)],
  });
}

function tornado(platform, axes, own, name) {
  const known = own.filter((c) => Number.isFinite(c.figures[name])), all = effects(axes, known, name);
  const matters = (e) => e.most.mean - e.least.mean > 1e-9 * Math.abs(e.most.mean), list = all.filter(matters), still = all.filter((e) => !matters(e));
  if (!list.length || known.length < 2) return null;
  const [title, unit] = NAMES[name], middle = known.reduce((sum, c) => sum + c.figures[name], 0) / known.length;
  const names = list.map((e) => short(e.axis, platform));
  return {
    id: `tornado-${platform}-${name}`, title: `Tornado: ${title}`, height: 100 + 40 * list.length,
    text: `How far each axis of the study moves ${title}, from its mean of ${figure(middle, unit)}; ${names[0]} moves it most.`,
    note: "Means over all points that share one value of the axis: the two ends of each bar carry the axis's values." + (still.length ? ` No difference by: ${still.map((e) => short(e.axis, platform)).join(", ")}.` : ""),
    option: (theme, width) => swings(theme, width, list, middle, title, unit, names),
    table: { head: ["axis", "least at", title, "most at", title], rows: list.map((e) => [e.axis, e.least.value, figure(e.least.mean, unit), e.most.value, figure(e.most.mean, unit)]) },
  };
}

// What `szilard tornado --study` left in the study's folder: one number of the scenario changed at a time.
function sensitivity(seen) {
  const dot = seen.metric.indexOf("."), platform = seen.platform, metric = seen.metric.slice(platform.length + 1) || seen.metric.slice(dot + 1);
  const [title, unit] = NAMES[metric] || [words(metric), ""], MOST = 15;
  const swing = (row) => most_of([row.low, row.high].map((v) => v === null ? 0 : Math.abs(v - seen.base)));
  const moving = seen.rows.filter((row) => swing(row) > 0), list = moving.slice(0, MOST);
  if (!list.length) return null;
  const share = percent(seen.change), names = list.map((row) => short(row.key, platform));
  const bars = list.map((row) => ({ least: row.low === null ? null : { value: row.low_value, mean: row.low }, most: row.high === null ? null : { value: row.high_value, mean: row.high } }));
  return {
    id: `sensitivity-${seen.metric}`, title: `Sensitivity: ${title}`, height: 100 + 32 * list.length,
    text: `What ${title} of ${figure(seen.base, unit)} becomes when one number of the scenario is lowered (blue) or raised (orange) by ${share}, all else as it is; ${names[0]} moves it most.`,
    note: `By \`szilard tornado\`: ${seen.rows.length.toLocaleString("en")} numbers were changed, ${moving.length.toLocaleString("en")} make a difference` + (moving.length > MOST ? `, the ${MOST} that make most are drawn.` : "."),
    option: (theme, width) => swings(theme, width, bars, seen.base, title, unit, names),
    table: { head: ["number", "value", "lowered to", title, "raised to", title], rows: moving.map((row) => [row.key, row.value, row.low_value, figure(row.low, unit), row.high_value, figure(row.high, unit)]) },
  };
}

// Files as values of an axis go by their names alone, where these differ.
function without_folders(data) {
  data.axes.forEach((name, a) => {
    const all = [...new Set(data.rows.map(([values]) => values[a]))], names = all.map((value) => String(value).split("/").pop());
    if (!all.every((value) => typeof value === "string" && value.includes("/")) || new Set(names).size < all.length) return;
    const of = new Map(all.map((value, i) => [value, names[i]]));
    for (const [values] of data.rows) values[a] = of.get(values[a]);
    for (const c of data.front?.front || []) if (of.has(c.axes?.[name])) c.axes[name] = of.get(c.axes[name]);
  });
}

export function study_sections(data) {
  without_folders(data);
  const all = candidates(data), platforms = [...new Set(all.map((c) => c.platform))];
  const { counts } = data;
  const open = counts.all - counts.done - counts.failed;
  const lead = `${counts.done.toLocaleString("en")} of ${counts.all.toLocaleString("en")} runs are done` + (counts.failed ? `, ${counts.failed.toLocaleString("en")} failed` : "") + (open ? `, ${open.toLocaleString("en")} are open` : "") +
    `: ${data.axes.length} ${data.axes.length === 1 ? "axis" : "axes"}, ${data.seeds.length} ${data.seeds.length === 1 ? "seed" : "seeds"}.` +
    (counts.shown_every > 1 ? ` The page holds one in ${counts.shown_every} of them.` : "");
  const machines = all.filter((c) => !is_limit(c)), from = machines.length ? machines : all;
  const best = (name, sign, least = -Infinity) => from.filter((c) => c.figures[name] > least).sort((a, b) => sign * (a.figures[name] - b.figures[name]) || a.figures["energy.per_inference_J"] - b.figures["energy.per_inference_J"])[0];
  const card = (title, c, name) => c && { title, kind: c.platform, figures: [name, ...["accuracy", "energy.per_inference_J"].filter((other) => other !== name && Number.isFinite(c.figures[other]))].map((n) => [NAMES[n][0].replace(" an inference", ""), figure(c.figures[n], NAMES[n][1]), ""])
    .concat(axes_of(data, c.platform, platforms).slice(0, 4).map((a) => [short(data.axes[a], c.platform), String(c.values[a]), ""])) };
  const sections = [{ id: "summary", title: "Summary", lead, asides: data.failures.length ? [`Why runs failed, ${data.failures.length === 1 ? "for one" : "some of the reasons"}: ${data.failures.join("; ")}.`] : [],
                      cards: [card("most accurate", best("accuracy", -1), "accuracy"), card("least energy", best("energy.per_inference_J", 1), "energy.per_inference_J"), card("fastest", best("latency_s", 1, 0), "latency_s")].filter(Boolean),
                      pictures: [pareto(data, all)].filter(Boolean) }];
  for (const platform of platforms) {
    const indices = axes_of(data, platform, platforms), axes = indices.map((a) => data.axes[a]), own = joined(all, platform, indices);
    const pictures = [parallel(data, platform, axes, own), tornado(platform, axes, own, "energy.per_inference_J"), tornado(platform, axes, own, "accuracy"), ...data.tornados.filter((seen) => seen.platform === platform).map(sensitivity)].filter(Boolean);
    sections.push({ id: `platform-${platform}`, title: platform, lead: pictures.length ? "" : "No figure of this platform differs between the points.", pictures });
  }
  return { title: data.name, kind: "study", sections, facts: [["axes", data.axes.join(", ")], ["seeds", data.seeds.join(", ")]] };
}
