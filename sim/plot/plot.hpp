// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// Small figures for lab experiments and reports: charts of lines and points, bars and heat maps, side by side in one
/// file.
/// Colours can be told apart by colour-blind readers (Okabe and Ito's set for series, viridis and a blue-to-vermilion
/// scale for heat maps); lines differ in their markers too. The same input gives the same bytes with the same version
/// of Cairo and of the font.
namespace szilard::plot {

enum class Scale { linear, logarithmic };

struct Axis {
  std::string label;  ///< with its unit: "time (ns)"
  Scale scale = Scale::linear;
  std::optional<double> from, to;  ///< default: from the data, widened to round numbers
};

struct Series {
  std::string name;  ///< stands in the legend unless empty
  std::vector<double> x,
      y;  ///< equal sizes; a point that is not finite (or not above 0 on a logarithmic axis) is a gap
  std::vector<double> y_error;  ///< half length of the error bar of each point; empty: none
  bool line = true;
  bool markers = false;
  bool dashed = false;  ///< for references and bounds
};

/// Lines and points over two axes. A legend is drawn where a series has a name.
struct Chart {
  std::string title;
  Axis x, y;
  std::vector<Series> series;
};

/// values[row * columns + column]; row 0 is at the top. A value that is not finite (or not above 0 on a logarithmic
/// scale) is drawn grey. A linear scale that spans zero is drawn in two colours that meet at zero.
struct HeatMap {
  std::string title, x_label, y_label;
  std::size_t rows = 0, columns = 0;
  std::vector<double> values;
  Axis value;  ///< label, scale and range of the colours
};

/// Horizontal bars, one a name from the top, each from `base` to its two ends: what a change down and a change up do (a
/// tornado).
/// An end that is not finite is left out.
struct Bars {
  std::string title;
  Axis x;
  double base = 0;
  std::vector<std::string> names;
  std::string low_name, high_name;  ///< in the legend
  std::vector<double> low, high;    ///< as many as names
};

using Panel = std::variant<Chart, HeatMap, Bars>;

struct Size {
  double width = 640, height = 420;  ///< of one panel, in pixels (.png) or points (.svg)
};

/// Draws the panels from left to right into `path`, which must end in .svg or .png (support::InputError otherwise).
/// Throws std::invalid_argument where sizes do not fit one another, support::EnvironmentError where the file cannot be
/// written.
void draw(const std::vector<Panel>& panels, const std::string& path, Size panel_size = {});
/// Throws support::InputError unless `path` ends in .svg or .png: for checking an option before the work starts.
void check_path(const std::string& path);

/// Round positions of ticks that lie within [from, to]: 1, 2 or 5 times a power of ten, about `count` of them; on a
/// logarithmic axis powers of ten, with 2 and 5 times them where the axis spans less than two decades.
std::vector<double> ticks(double from, double to, Scale scale, int count = 6);

}  // namespace szilard::plot
