// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "sim/plot/axis.hpp"
#include "sim/plot/canvas.hpp"

namespace szilard::plot {
namespace {

constexpr double kText = 11, kTitle = 13, kLegend = 21, kSwatch = 14;

double legend_entry(Canvas& canvas, std::size_t index, const std::string& name, double x, double y) {
  canvas.colour(series_colour(index));
  canvas.fill(x, y - 9, kSwatch, 9);
  canvas.colour(kInk);
  return x + kSwatch + 6 + canvas.text(x + kSwatch + 6, y, name, kText) + 16;
}

}  // namespace

void draw_bars(Canvas& canvas, const Bars& bars, double x, double y, Size size) {
  Extent extent(bars.x.scale);
  extent.add(bars.base);
  double widest = 0;
  for (std::size_t i = 0; i < bars.names.size(); ++i) {
    extent.add(bars.low[i]);
    extent.add(bars.high[i]);
    widest = std::max(widest, canvas.text_width(bars.names[i], kText));
  }
  const Ruler ruler = make_ruler(bars.x, extent, 5, false);
  const double left = x + std::min(widest + 16, size.width / 2), width = x + size.width - 18 - left;
  const double top = y + (bars.title.empty() ? 14 : 32) + kLegend, bottom = y + size.height - 46;
  canvas.colour(kInk);
  if (!bars.title.empty()) canvas.text(x + 8, y + 21, bars.title, kTitle, Anchor::start, true);
  const double next = legend_entry(canvas, 0, bars.low_name, left, top - 7);
  legend_entry(canvas, 1, bars.high_name, next, top - 7);
  for (std::size_t k = 0; k < ruler.ticks.size(); ++k) {
    const double px = left + ruler.position(ruler.ticks[k]) * width;
    canvas.colour(kFaint);
    canvas.line(px, top, px, bottom, 0.8);
    canvas.colour(kInk);
    canvas.text(px, bottom + 16, ruler.texts[k], kText, Anchor::middle);
  }
  canvas.text(left + width / 2, bottom + 36,
              ruler.unit_text.empty() ? bars.x.label : bars.x.label + "  " + ruler.unit_text, kText, Anchor::middle);
  const double row = (bottom - top) / double(std::max<std::size_t>(1, bars.names.size())),
               base = ruler.position(bars.base);
  for (std::size_t i = 0; i < bars.names.size(); ++i) {
    const double middle = top + (double(i) + 0.5) * row, high = std::min(row * 0.7, 18.0);
    // Where both ends lie on one side of the base the longer bar would hide the shorter: each has half the height.
    const bool one_side = (bars.low[i] - bars.base) * (bars.high[i] - bars.base) > 0;
    for (const std::size_t side : {std::size_t(0), std::size_t(1)}) {
      const double value = side == 0 ? bars.low[i] : bars.high[i];
      if (!can_show(value, bars.x.scale)) continue;
      const double at = ruler.position(value), share = one_side ? 0.5 : 1;
      canvas.colour(series_colour(side));
      canvas.fill(left + std::min(at, base) * width, middle - high / 2 + (one_side && side == 1 ? high / 2 : 0),
                  std::abs(at - base) * width, high * share);
    }
    canvas.colour(kInk);
    canvas.text(left - 6, middle + 4, bars.names[i], kText, Anchor::end);
  }
  canvas.line(left + base * width, top, left + base * width, bottom, 1.2);
  canvas.rectangle(left, top, width, bottom - top);
}

}  // namespace szilard::plot
