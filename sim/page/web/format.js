// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
const PREFIXES = ["q", "r", "y", "z", "a", "f", "p", "n", "µ", "m", "", "k", "M", "G", "T", "P", "E"];

// 3.83e-10, "J" -> "383 pJ"
export function quantity(value, unit, digits = 4) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  if (value === 0) return `0 ${unit}`;
  let power = Math.floor(Math.log10(Math.abs(value)) / 3);
  let scaled = value / 10 ** (3 * power);
  if (Math.abs(Number(scaled.toPrecision(digits))) >= 1000) scaled = value / 10 ** (3 * ++power);
  const prefix = PREFIXES[power + 10];
  if (prefix === undefined) return `${value.toExponential(digits - 1)} ${unit}`;
  return `${Number(scaled.toPrecision(digits))} ${prefix}${unit}`;
}

export function percent(share, digits = 4) {
  return Number.isFinite(share) ? `${Number((100 * share).toPrecision(digits))} %` : "–";
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
export function power_of_ten(value) {
  const exponent = Math.round(Math.log10(value));
  return "10" + (exponent < 0 ? "⁻" : "") + [...String(Math.abs(exponent))].map((d) => SUPERSCRIPTS[d]).join("");
}

// "285 times", "3.1 × 10⁸ times"
export function times(ratio) {
  if (!Number.isFinite(ratio)) return "–";
  if (ratio >= 0.01 && ratio < 1e5) return `${Number(ratio.toPrecision(3)).toLocaleString("en")} ×`;
  let exponent = Math.floor(Math.log10(ratio));
  if (Number((ratio / 10 ** exponent).toFixed(1)) >= 10) ++exponent;
  return `${(ratio / 10 ** exponent).toFixed(1)}\u00a0·\u00a0${power_of_ten(10 ** exponent)} ×`;
}

export function plain(value, digits = 6) {
  if (value === null || value === undefined) return "–";
  if (typeof value !== "number") return String(value);
  const short = Number(value.toPrecision(digits));
  return short !== 0 && (Math.abs(short) < 1e-4 || Math.abs(short) >= 1e7) ? short.toExponential() : short.toLocaleString("en", { maximumFractionDigits: 12 });
}

export function words(name) {
  return name.replace(/_J$/, "").replaceAll("_", " ");
}

// Names come from scenarios and networks: as text, never as markup.
export function escaped(text) {
  return String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

// Of lists that may be too long for the arguments of Math.min.
export const least_of = (values) => values.reduce((a, b) => Math.min(a, b), Infinity);
export const most_of = (values) => values.reduce((a, b) => Math.max(a, b), -Infinity);

// ECharts rounds to 20 decimals, and of figures near that it draws nothing: such ones are drawn times this power of ten.
export function magnification(values) {
  const least = least_of(values.map(Math.abs).filter((v) => v > 0 && v < Infinity));
  return least < 1e-15 ? 10 ** -Math.floor(Math.log10(least)) : 1;
}

export function floats(base64) {
  const binary = atob(base64), bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; ++i) bytes[i] = binary.charCodeAt(i);
  const view = new DataView(bytes.buffer), values = new Float64Array(bytes.length >> 2);
  for (let i = 0; i < values.length; ++i) values[i] = view.getFloat32(4 * i, true);
  return values;
}
