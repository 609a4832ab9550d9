// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cairo.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/plot/plot.hpp"

namespace szilard::plot {

struct Colour {
  double red = 0, green = 0, blue = 0;
};

inline constexpr Colour kInk{0.13, 0.13, 0.13}, kFaint{0.88, 0.88, 0.88}, kMissing{0.75, 0.75, 0.75};

enum class Anchor { start, middle, end };

/// A drawing surface of Cairo that ends as the bytes of an .svg or .png file.
class Canvas {
 public:
  enum class Format { svg, png };
  Canvas(Format format, double width, double height);

  void colour(const Colour& colour);
  void line(double x0, double y0, double x1, double y1, double width);
  void rectangle(double x, double y, double width, double height);  ///< outline
  void fill(double x, double y, double width, double height);       ///< sharp edges
  /// Text on the base line y; "^" raises what follows it up to the next blank. Returns the width.
  double text(double x, double y, std::string_view text, double size, Anchor anchor = Anchor::start, bool bold = false);
  void vertical_text(double x, double y, std::string_view text, double size);  ///< read upwards, centred on (x, y)
  double text_width(std::string_view text, double size, bool bold = false);
  /// Pixels (row by row, rows from the top) stretched over a rectangle without blurring.
  void image(double x, double y, double width, double height, std::size_t rows, std::size_t columns,
             const std::vector<Colour>& pixels);

  cairo_t* cairo() { return context_.get(); }
  std::string bytes();  ///< finishes the file

 private:
  void font(double size, bool bold);
  double run(double x, double y, std::string_view text, double size, bool bold, bool draw);

  struct Destroy {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
    void operator()(cairo_t* context) const { cairo_destroy(context); }
  };
  Format format_;
  std::string bytes_;
  std::unique_ptr<cairo_surface_t, Destroy> surface_;
  std::unique_ptr<cairo_t, Destroy> context_;
};

Colour series_colour(std::size_t index);
/// position from 0 to 1 on a scale of one sign (viridis), from -1 to 1 on one of two.
Colour sequential_colour(double position);
Colour diverging_colour(double position);

void draw_chart(Canvas& canvas, const Chart& chart, double x, double y, Size size);
void draw_bars(Canvas& canvas, const Bars& bars, double x, double y, Size size);
void draw_heat_map(Canvas& canvas, const HeatMap& map, double x, double y, Size size);

}  // namespace szilard::plot
