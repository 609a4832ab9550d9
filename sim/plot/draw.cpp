// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <stdexcept>

#include "models/support/atomic_file.hpp"
#include "models/support/diagnostics.hpp"
#include "sim/plot/canvas.hpp"

namespace szilard::plot {
namespace {

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() > end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

void check_sizes(const Chart& chart) {
  for (const Series& series : chart.series)
    if (series.x.size() != series.y.size() || (!series.y_error.empty() && series.y_error.size() != series.y.size()))
      throw std::invalid_argument("plot: series '" + series.name + "' has x, y and errors of different sizes");
}

void check_sizes(const HeatMap& map) {
  if (map.rows == 0 || map.columns == 0 || map.values.size() / map.rows != map.columns ||
      map.values.size() % map.rows != 0)
    throw std::invalid_argument("plot: heat map '" + map.title + "' does not have rows x columns values");
}

void check_sizes(const Bars& bars) {
  if (bars.low.size() != bars.names.size() || bars.high.size() != bars.names.size())
    throw std::invalid_argument("plot: bars '" + bars.title + "' have names and ends of different numbers");
}

void draw_panel(Canvas& canvas, const Bars& bars, double x, Size size) { draw_bars(canvas, bars, x, 0, size); }
void draw_panel(Canvas& canvas, const Chart& chart, double x, Size size) { draw_chart(canvas, chart, x, 0, size); }
void draw_panel(Canvas& canvas, const HeatMap& map, double x, Size size) { draw_heat_map(canvas, map, x, 0, size); }

}  // namespace

void check_path(const std::string& path) {
  if (!ends_with(path, ".svg") && !ends_with(path, ".png"))
    throw support::InputError(support::DiagnosticCode::usage, {path, 1, 1}, "figures are written as .svg or .png",
                              "let the file name end in one of them");
}

void draw(const std::vector<Panel>& panels, const std::string& path, Size panel_size) {
  check_path(path);
  if (panels.empty()) throw std::invalid_argument("plot: no panels");
  if (!(panel_size.width >= 200 && panel_size.width <= 8000 && panel_size.height >= 150 && panel_size.height <= 8000))
    throw std::invalid_argument("plot: a panel must measure between 200 x 150 and 8000 x 8000");
  for (const Panel& panel : panels) std::visit([](const auto& part) { check_sizes(part); }, panel);
  Canvas canvas(ends_with(path, ".svg") ? Canvas::Format::svg : Canvas::Format::png,
                panel_size.width * static_cast<double>(panels.size()), panel_size.height);
  for (std::size_t k = 0; k < panels.size(); ++k)
    std::visit(
        [&](const auto& part) { draw_panel(canvas, part, panel_size.width * static_cast<double>(k), panel_size); },
        panels[k]);
  support::write_file(path, canvas.bytes());
}

}  // namespace szilard::plot
