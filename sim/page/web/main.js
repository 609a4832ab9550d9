// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
import { init } from "./echarts.js";
import { run_sections } from "./run_pictures.js";
import { study_sections } from "./study_pictures.js";
import { themes } from "./theme.js";

function sections_of(data) {
  return data.kind === "run" ? run_sections(data) : study_sections(data);
}

// Every picture as SVG text by a name that may stand in a file's: for papers.
function svg(data) {
  const files = {};
  for (const section of sections_of(data).sections)
    for (const picture of section.pictures) files[file_name(picture.id)] = svg_of(picture);
  return files;
}

function file_name(id) {
  return id.replace(/[^A-Za-z0-9.-]/g, "_").replace(/^\.+/, "_");
}

const width_of = (picture) => picture.narrow ? 520 : 860;  // of a picture by itself

// A picture that cannot be zoomed has no slider.
function still(option) {
  if (option.dataZoom) option.grid.bottom = option.grid.outerBounds.bottom = 12;
  delete option.dataZoom;
  return option;
}

function svg_of(picture) {
  const width = width_of(picture);
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height: picture.height });
  chart.setOption(still(picture.option(themes.light, width)));
  const text = chart.renderToSVGString();
  chart.dispose();
  return text;
}

// Three pixels a point: sharp in print.
function png_of(picture) {
  const chart = init(element("div"), null, { renderer: "canvas", width: width_of(picture), height: picture.height });
  chart.setOption(still(picture.option(themes.light, width_of(picture))));
  return new Promise((done) => chart.renderToCanvas({ pixelRatio: 3, backgroundColor: "#ffffff" }).toBlob((blob) => { chart.dispose(); done(blob); }, "image/png"));
}

function element(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) if (value !== undefined) node.setAttribute(key, value);
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

function table_of(table) {
  const head = element("tr", {}, ...table.head.map((text) => element("th", { scope: "col" }, String(text))));
  const rows = table.rows.map((row) => element("tr", {}, ...row.map((cell, c) => element(c ? "td" : "th", c ? {} : { scope: "row" }, cell === null || cell === undefined ? "–" : String(cell)))));
  return element("div", { class: "scroll", tabindex: "0" }, element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows)));
}

class Figure {
  constructor(picture) {
    this.picture = picture;
    this.box = element("div", { class: "chart", role: "img", "aria-label": `${picture.title}. ${picture.text}`, style: `height:${picture.height}px` + (picture.least_width ? `;min-width:${picture.least_width}px` : ""), id: `chart-${picture.id}`, tabindex: picture.zooms ? "0" : undefined });
    this.note = element("p", { class: "note", "aria-live": picture.zooms ? "polite" : undefined }, picture.note || "");
    const save = (name, content) => {
      const button = element("button", { type: "button", title: `Save “${picture.title}” as ${name}` }, name);
      button.addEventListener("click", async () => this.save(name.toLowerCase(), await content()));
      return button;
    };
    this.saves = element("div", { class: "saves" }, save("SVG", () => new Blob([svg_of(picture)], { type: "image/svg+xml" })), save("PNG", () => png_of(picture)));
    this.node = element("figure", { id: picture.id, class: picture.narrow ? "narrow" : undefined },
      element("figcaption", {}, element("h3", {}, picture.title), element("p", {}, picture.text), this.saves),
      picture.least_width ? element("div", { class: "wide", role: "region", "aria-label": `${picture.title}: scrolls sideways`, tabindex: "0" }, this.box) : this.box, this.note, element("details", {}, element("summary", {}, "Numbers as a table"), table_of(picture.table)));
    if (picture.zooms) this.box.addEventListener("keydown", (event) => this.key(event));
  }

  draw(theme) {
    if (this.chart && this.theme === theme) return;
    this.chart?.dispose();
    this.theme = theme;
    this.chart = init(this.box);
    this.chart.setOption(this.picture.option(theme, this.box.clientWidth));
    if (this.picture.zooms) this.chart.on("datazoom", () => this.zoomed());
    this.box.dataset.drawn = theme.name;
    if (this.shown) this.show(...this.shown);
  }

  window() {
    const zoom = this.chart.getOption().dataZoom[0];
    return [zoom.startValue, zoom.endValue];
  }

  show(first, last) {
    this.chart.dispatchAction({ type: "dataZoom", startValue: first, endValue: last });
  }

  zoomed() {
    this.shown = this.window();
    this.note.textContent = this.picture.on_zoom(this.theme, this.chart, ...this.window());
  }

  // Arrows move along the cycles, + and - zoom, Home shows all.
  key(event) {
    const [from, to] = this.window(), all = this.chart.getOption().xAxis[0].max, width = to - from;
    const show = (first, last) => {
      event.preventDefault();
      const span = Math.min(all, Math.max(10, last - first)), start = Math.min(Math.max(0, first), all - span);
      this.show(start, start + span);
    };
    if (event.key === "ArrowLeft") show(from - width / 5, to - width / 5);
    else if (event.key === "ArrowRight") show(from + width / 5, to + width / 5);
    else if (event.key === "+" || event.key === "=") show(from + width / 4, to - width / 4);
    else if (event.key === "-") show(from - width / 2, to + width / 2);
    else if (event.key === "Home") show(0, all);
  }

  resize() {
    if (!this.chart) return;
    this.chart.resize();
    if (this.picture.option.length > 1) this.chart.setOption(this.picture.option(this.theme, this.box.clientWidth));
    if (this.shown) this.zoomed();
  }

  // For paper: the picture as SVG, which fits the sheet however wide it is.
  to_paper() {
    const picture = new DOMParser().parseFromString(svg_of(this.picture), "image/svg+xml").documentElement;
    this.paper = element("div", { class: "paper" }, document.importNode(picture, true));
    this.box.after(this.paper);
  }

  from_paper() {
    this.paper?.remove();
    this.paper = null;
  }

  save(extension, blob) {
    const link = element("a", { download: `${file_name(this.picture.id)}.${extension}`, href: URL.createObjectURL(blob) });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }
}

function card(entry) {
  return element("article", { class: "card" }, element("h3", {}, entry.title), element("p", { class: "kind" }, entry.kind),
    element("dl", {}, ...entry.figures.flatMap(([name, value, aside]) => [element("dt", {}, name), element("dd", {}, element("b", {}, value)), ...(aside ? [element("dd", { class: "aside" }, aside)] : [])])));
}

function start() {
  const data = JSON.parse(document.getElementById("szilard-data").textContent);
  const page = sections_of(data);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let chosen = null;
  const theme = () => themes[chosen || (dark.matches ? "dark" : "light")];
  const figures = [];
  const nav = element("nav", { "aria-label": "Sections" }, ...page.sections.map((section) => element("a", { href: `#${section.id}` }, section.title)));
  const toggle = element("button", { type: "button", id: "theme" });
  document.body.append(
    element("header", {}, element("div", { class: "brand" }, "szilard"), nav, toggle),
    element("main", {}, element("h1", {}, page.title), element("p", { class: "facts" }, ...page.facts.flatMap(([name, value]) => [element("span", {}, `${name} `, element("b", {}, String(value)))])),
      ...page.sections.map((section) => {
        const own = section.pictures.map((picture) => new Figure(picture));
        figures.push(...own);
        return element("section", { id: section.id, "aria-labelledby": `title-${section.id}` },
          element("h2", { id: `title-${section.id}` }, section.title, section.kind ? element("small", {}, ` ${section.kind}`) : null),
          section.lead ? element("p", { class: "lead" }, section.lead) : null,
          ...(section.asides || []).map((text) => element("p", { class: "note" }, text)),
          section.cards?.length ? element("div", { class: "cards" }, ...section.cards.map(card)) : null,
          element("div", { class: "figures" }, ...own.map((figure) => figure.node)));
      })));

  // Pictures are drawn when they come into view.
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) figures.find((figure) => figure.box === entry.target).draw(theme());
  }, { rootMargin: "300px" });
  for (const figure of figures) seen.observe(figure.box);
  const paint = () => {
    document.documentElement.dataset.theme = theme().name;
    toggle.textContent = theme().name === "dark" ? "Light" : "Dark";
    toggle.setAttribute("aria-label", `Switch to the ${theme().name === "dark" ? "light" : "dark"} theme`);
    for (const figure of figures) if (figure.chart) figure.draw(theme());
  };
  const draw_all = () => figures.forEach((figure) => figure.draw(theme()));
  toggle.addEventListener("click", () => { chosen = theme().name === "dark" ? "light" : "dark"; paint(); });
  dark.addEventListener("change", paint);
  let before_print = null;
  addEventListener("beforeprint", () => { before_print = chosen; chosen = "light"; paint(); figures.forEach((figure) => { figure.from_paper(); figure.to_paper(); }); });
  addEventListener("afterprint", () => { chosen = before_print; paint(); figures.forEach((figure) => figure.from_paper()); });
  let waiting = 0;
  addEventListener("resize", () => { clearTimeout(waiting); waiting = setTimeout(() => figures.forEach((figure) => figure.resize()), 120); });
  paint();
  globalThis.szilardPage = { figures, draw_all, svg, png: png_of, data };
  document.documentElement.dataset.ready = "true";
}

globalThis.szilardPage = { svg };
if (typeof document !== "undefined") {
  try {
    start();
  } catch (error) {
    document.body.prepend(element("main", {}, element("p", { role: "alert" }, `This page cannot be drawn: ${error.message}. Its data stand in the element szilard-data as JSON.`)));
    throw error;
  }
}
