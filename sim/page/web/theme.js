// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Series colours after Okabe and Ito, told apart by colour-blind readers; lightened on dark ground.
const LIGHT = {
  name: "light", ink: "#1d2530", soft: "#5d6876", faint: "#d9dee5", surface: "#ffffff",
  series: ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7a6ff0", "#a3541b", "#3d8f5f", "#b8a100", "#8c3b6b", "#4a5d8a"],
  accent: "#0072b2", gpu: "#8a8f98", bound: "#d55e00", good: "#009e73", ramp: ["#d55e00", "#cc79a7", "#0072b2"],
};
const DARK = {
  name: "dark", ink: "#e6eaf0", soft: "#9aa6b5", faint: "#2f3945", surface: "#161c24",
  series: ["#4fb0e8", "#f28a45", "#3cc79a", "#e29cc4", "#f2c14e", "#8fd0f5", "#a79ff8", "#d08a55", "#7cc79a", "#d6c95a", "#c77aa6", "#8fa3d6"],
  accent: "#4fb0e8", gpu: "#a9b0ba", bound: "#f28a45", good: "#3cc79a", ramp: ["#f28a45", "#e29cc4", "#4fb0e8"],
};
export const themes = { light: LIGHT, dark: DARK };

const FONT = "system-ui, -apple-system, 'Segoe UI', 'Liberation Sans', 'DejaVu Sans', sans-serif";

export const VIRIDIS = ["#440154", "#414487", "#2a788e", "#22a884", "#7ad151", "#fde725"];

// What every picture has in common; `more` wins.
export function frame(theme, more) {
  return {
    animation: false, color: theme.series, backgroundColor: "transparent",
    textStyle: { fontFamily: FONT, color: theme.ink, fontSize: 12 },
    tooltip: {
      trigger: "item", confine: true, backgroundColor: theme.surface, borderColor: theme.faint, textStyle: { color: theme.ink, fontSize: 12 },
      ...(more.tooltip || {}),
    },
    ...Object.fromEntries(Object.entries(more).filter(([key]) => key !== "tooltip" && key !== "series")),
    series: more.series.map((one) => ({ progressive: 0, ...one })),  // whole at once: a picture for a file has no second frame
  };
}

export function axis(theme, more) {
  return {
    axisLine: { lineStyle: { color: theme.soft } }, axisTick: { lineStyle: { color: theme.soft } },
    splitLine: { lineStyle: { color: theme.faint } }, nameTextStyle: { color: theme.soft },
    ...more, axisLabel: { color: theme.soft, hideOverlap: true, ...(more.axisLabel || {}) },
  };
}

export function grid(more) {
  return { left: 12, right: 16, top: 16, bottom: 12, outerBoundsMode: "same", outerBoundsContain: "all", ...more };
}

// A legend of these names, in as many lines as the width wants, and the room that they take.
export function legend(theme, names, width, more = {}) {
  let lines = 1, at = 0;
  for (const name of names) {
    const wide = 32 + 6.8 * name.length;
    if (at > 0 && at + wide > width) ++lines, at = 0;
    at += wide;
  }
  const most = 5;  // beyond that it turns pages
  return {
    height: 24 * Math.min(lines, most),
    option: { type: lines > most ? "scroll" : "plain", data: names, icon: "roundRect", textStyle: { color: theme.ink }, inactiveColor: theme.faint, itemWidth: 12, itemHeight: 12, itemGap: 10, top: 0, left: 0,
              pageIconColor: theme.ink, pageTextStyle: { color: theme.soft }, ...more },
  };
}
