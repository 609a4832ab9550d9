// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Series colours after Okabe and Ito, told apart by colour-blind readers; lightened on dark ground.
const LIGHT = {
  name: "light", ink: "#1d2530", soft: "#5d6876", faint: "#d9dee5", surface: "#ffffff",
  series: ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7a6ff0", "#8a8f98", "#a3541b", "#3d8f5f"],
  accent: "#0072b2", gpu: "#8a8f98", bound: "#d55e00", good: "#009e73",
};
const DARK = {
  name: "dark", ink: "#e6eaf0", soft: "#9aa6b5", faint: "#2f3945", surface: "#161c24",
  series: ["#4fb0e8", "#f28a45", "#3cc79a", "#e29cc4", "#f2c14e", "#8fd0f5", "#a79ff8", "#a9b0ba", "#d08a55", "#7cc79a"],
  accent: "#4fb0e8", gpu: "#a9b0ba", bound: "#f28a45", good: "#3cc79a",
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
    ...Object.fromEntries(Object.entries(more).filter(([key]) => key !== "tooltip")),
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

export function legend(theme, more) {
  return { textStyle: { color: theme.ink }, inactiveColor: theme.faint, itemWidth: 14, itemHeight: 10, type: "scroll", top: 0, left: 0, pageIconColor: theme.ink, pageTextStyle: { color: theme.soft }, ...more };
}
