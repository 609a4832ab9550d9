// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "sim/plot/axis.hpp"
#include "sim/plot/canvas.hpp"

namespace szilard::plot {
namespace {

constexpr double kText = 11, kTitle = 13, kBar = 14;
constexpr std::size_t kMostRectangles = 4096;  // beyond it cells become an image, which keeps an .svg small

class ColourScale {
 public:
  explicit ColourScale(const HeatMap& map) {
    Extent extent(map.value.scale);
    for (const double value : map.values) extent.add(value);
    ruler_ = make_ruler(map.value, extent, 5, true);
    two_signs_ = map.value.scale == Scale::linear && ruler_.from < 0 && ruler_.to > 0;
  }
  Colour of(double value) const {
    if (!can_show(value, ruler_.scale)) return kMissing;
    if (two_signs_) return diverging_colour(value / std::max(-ruler_.from, ruler_.to));
    return sequential_colour(ruler_.position(value));
  }
  Colour at(double position) const {
    if (ruler_.scale == Scale::linear) return of(ruler_.from + (ruler_.to - ruler_.from) * position);
    return sequential_colour(position);
  }
  const Ruler& ruler() const { return ruler_; }

 private:
  Ruler ruler_;
  bool two_signs_ = false;
};

void draw_bar(Canvas& canvas, const HeatMap& map, const ColourScale& scale, double x, double y, double height,
              double end) {
  constexpr int kSteps = 128;
  const Ruler& ruler = scale.ruler();
  for (int k = 0; k < kSteps; ++k) {
    canvas.colour(scale.at((kSteps - 0.5 - k) / kSteps));
    canvas.fill(x, y + height * k / kSteps, kBar, height / kSteps + 0.5);
  }
  canvas.colour(kInk);
  canvas.rectangle(x, y, kBar, height);
  for (std::size_t k = 0; k < ruler.ticks.size(); ++k) {
    const double at = y + height * (1 - ruler.position(ruler.ticks[k]));
    canvas.line(x + kBar, at, x + kBar + 3, at, 1);
    canvas.text(x + kBar + 6, at + 4, ruler.texts[k], kText);
  }
  canvas.vertical_text(end - 6, y + height / 2,
                       ruler.unit_text.empty() ? map.value.label : map.value.label + "  " + ruler.unit_text, kText);
}

void draw_cells(Canvas& canvas, const HeatMap& map, const ColourScale& scale, double x, double y, double width,
                double height) {
  if (map.values.size() > kMostRectangles) {
    std::vector<Colour> pixels;
    pixels.reserve(map.values.size());
    for (const double value : map.values) pixels.push_back(scale.of(value));
    canvas.image(x, y, width, height, map.rows, map.columns, pixels);
    return;
  }
  const double cell_width = width / static_cast<double>(map.columns),
               cell_height = height / static_cast<double>(map.rows);
  for (std::size_t i = 0; i < map.rows; ++i)
    for (std::size_t j = 0; j < map.columns; ++j) {
      canvas.colour(scale.of(map.values[i * map.columns + j]));
      canvas.fill(x + cell_width * static_cast<double>(j), y + cell_height * static_cast<double>(i), cell_width,
                  cell_height);
    }
}

// Ticks stand in the middle of their cell and name it from 0.
void draw_indices(Canvas& canvas, std::size_t cells, double from, double length, bool across, double other) {
  const double step = cells <= 6 ? 1 : 0;
  Extent extent(Scale::linear);
  extent.add(0);
  extent.add(static_cast<double>(std::max<std::size_t>(cells - 1, 1)));
  for (const double tick : make_ruler({}, extent, step > 0 ? static_cast<int>(cells) : 6, true).ticks) {
    if (tick != std::floor(tick) || tick >= static_cast<double>(cells)) continue;
    const double at = from + length * (tick + 0.5) / static_cast<double>(cells);
    const std::string text = std::to_string(static_cast<long>(tick));
    if (across) canvas.text(at, other + 16, text, kText, Anchor::middle);
    else canvas.text(other - 6, at + 4, text, kText, Anchor::end);
  }
}

}  // namespace

void draw_heat_map(Canvas& canvas, const HeatMap& map, double x, double y, Size size) {
  const ColourScale scale(map);
  double widest = 0;
  for (const std::string& text : scale.ruler().texts) widest = std::max(widest, canvas.text_width(text, kText));
  const double left = kText + 18 + canvas.text_width(std::to_string(map.rows), kText);
  const double right = 14 + kBar + 8 + widest + 6 + kText + 10, head = map.title.empty() ? 14 : 34;
  const double inner_x = x + left, inner_y = y + head;
  const double width = size.width - left - right, height = size.height - head - 46;
  canvas.colour(kInk);
  if (!map.title.empty()) canvas.text(inner_x, y + 21, map.title, kTitle, Anchor::start, true);
  draw_cells(canvas, map, scale, inner_x, inner_y, width, height);
  canvas.colour(kInk);
  canvas.rectangle(inner_x, inner_y, width, height);
  draw_indices(canvas, map.columns, inner_x, width, true, inner_y + height);
  draw_indices(canvas, map.rows, inner_y, height, false, inner_x);
  canvas.text(inner_x + width / 2, inner_y + height + 36, map.x_label, kText, Anchor::middle);
  canvas.vertical_text(x + 5 + kText, inner_y + height / 2, map.y_label, kText);
  draw_bar(canvas, map, scale, inner_x + width + 14, inner_y, height, x + size.width);
}

}  // namespace szilard::plot
