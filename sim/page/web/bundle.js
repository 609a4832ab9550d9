// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Bundles the page's script and style into bundle.cpp, which becomes part of szilard.
const esbuild = require("esbuild");
const fs = require("fs");

const script = esbuild.buildSync({
  entryPoints: ["main.js"], bundle: true, minify: true, write: false, format: "iife", target: "es2020", legalComments: "none",
  charset: "ascii", define: { "process.env.NODE_ENV": '"production"' },
}).outputFiles[0].text;
const style = esbuild.buildSync({ entryPoints: ["page.css"], minify: true, write: false, charset: "ascii" }).outputFiles[0].text;
if (/<\/script/i.test(script) || /<\/style/i.test(style)) throw new Error("the bundle would end its own element");

// Texts of some length only: compilers limit one literal.
function literal(text) {
  const pieces = [];
  for (let at = 0; at < text.length; at += 8000) pieces.push(`R"szilard(${text.slice(at, at + 8000)})szilard"`);
  return pieces.join("\n");
}

fs.writeFileSync("bundle.cpp", `// Made by npm from sim/page/web; Apache ECharts (Apache-2.0) and zrender (BSD-3-Clause) are parts of it.
#include "sim/page/bundle.hpp"
namespace szilard::page {
namespace {
constexpr char kScript[] = ${literal(script)};
constexpr char kStyle[] = ${literal(style)};
}
Bundle bundle() { return {{kScript, sizeof kScript - 1}, {kStyle, sizeof kStyle - 1}}; }
}
`);
