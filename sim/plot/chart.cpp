// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "sim/plot/axis.hpp"
#include "sim/plot/canvas.hpp"

namespace szilard::plot {
namespace {

constexpr double kText = 11, kTitle = 13, kMarker = 3.2, kLegendLine = 17, kSwatch = 24;
constexpr double kPi = 3.14159265358979323846;

struct Frame {
  double x, y, width, height;
  Ruler across, up;

  double px(double value) const { return x + across.position(value) * width; }
  double py(double value) const { return y + height - up.position(value) * height; }
  /// On the edge, too: ends of an axis are values that are shown, whose rounding must not hide them.
  bool holds(double at_x, double at_y) const {
    return at_x >= x - 1 && at_x <= x + width + 1 && at_y >= y - 1 && at_y <= y + height + 1;
  }
};

void marker(Canvas& canvas, std::size_t shape, double x, double y) {
  cairo_t* const cairo = canvas.cairo();
  const auto corners = [&](int count, double turn, double radius) {
    for (int k = 0; k < count; ++k) {
      const double angle = turn + 2 * kPi * k / count;
      cairo_line_to(cairo, x + radius * std::cos(angle), y + radius * std::sin(angle));
    }
    cairo_close_path(cairo);
  };
  cairo_new_path(cairo);
  switch (shape % 5) {
    case 0:
      cairo_arc(cairo, x, y, kMarker, 0, 2 * kPi);
      break;
    case 1:
      corners(4, kPi / 4, kMarker * 1.3);
      break;
    case 2:
      corners(3, -kPi / 2, kMarker * 1.4);
      break;
    case 3:
      corners(4, 0, kMarker * 1.4);
      break;
    default:
      corners(3, kPi / 2, kMarker * 1.4);
      break;
  }
  cairo_fill(cairo);
}

void set_dash(Canvas& canvas, bool dashed) {
  const double dashes[] = {5, 3.5};
  cairo_set_dash(canvas.cairo(), dashes, dashed ? 2 : 0, 0);
}

// A legend above the frame, which cannot hide data. Returns its height; draws only if asked.
double legend(Canvas& canvas, const Chart& chart, double x, double y, double width, bool draw) {
  double at = x, line = 0;
  bool any = false;
  for (std::size_t i = 0; i < chart.series.size(); ++i) {
    const Series& series = chart.series[i];
    if (series.name.empty()) continue;
    const double wide = kSwatch + 6 + canvas.text_width(series.name, kText) + 16;
    if (any && at + wide > x + width) {
      at = x;
      line += kLegendLine;
    }
    any = true;
    if (draw) {
      const double middle = y + line + kLegendLine / 2;
      canvas.colour(series_colour(i));
      set_dash(canvas, series.dashed);
      if (series.line) canvas.line(at, middle, at + kSwatch, middle, 1.7);
      set_dash(canvas, false);
      if (series.markers) marker(canvas, i, at + kSwatch / 2, middle);
      canvas.colour(kInk);
      canvas.text(at + kSwatch + 6, middle + 4, series.name, kText);
    }
    at += wide;
  }
  return any ? line + kLegendLine + 4 : 0;
}

void draw_series(Canvas& canvas, const Frame& frame, const Series& series, std::size_t index) {
  cairo_t* const cairo = canvas.cairo();
  canvas.colour(series_colour(index));
  const auto shown = [&](std::size_t i) {
    return can_show(series.x[i], frame.across.scale) && can_show(series.y[i], frame.up.scale);
  };
  if (series.line) {
    cairo_save(cairo);
    cairo_rectangle(cairo, frame.x - 1, frame.y - 1, frame.width + 2, frame.height + 2);
    cairo_clip(cairo);
    set_dash(canvas, series.dashed);
    cairo_set_line_width(cairo, 1.7);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    bool pen_down = false;
    for (std::size_t i = 0; i < series.x.size(); ++i) {
      if (shown(i)) {
        const double px = frame.px(series.x[i]), py = frame.py(series.y[i]);
        pen_down ? cairo_line_to(cairo, px, py) : cairo_move_to(cairo, px, py);
      }
      pen_down = shown(i);
    }
    cairo_stroke(cairo);
    set_dash(canvas, false);
    cairo_restore(cairo);
  }
  for (std::size_t i = 0; i < series.x.size(); ++i) {
    if (!shown(i)) continue;
    const double px = frame.px(series.x[i]), py = frame.py(series.y[i]);
    if (!series.y_error.empty() && std::isfinite(series.y_error[i]) && frame.holds(px, frame.y)) {
      const double above = series.y[i] + series.y_error[i], below = series.y[i] - series.y_error[i];
      const double end = frame.y + frame.height;
      const double top = can_show(above, frame.up.scale) ? std::clamp(frame.py(above), frame.y, end) : frame.y;
      const double bottom = can_show(below, frame.up.scale) ? std::clamp(frame.py(below), frame.y, end) : end;
      canvas.line(px, top, px, bottom, 1);
      canvas.line(px - 3, top, px + 3, top, 1);
      canvas.line(px - 3, bottom, px + 3, bottom, 1);
    }
    if (series.markers && frame.holds(px, py)) marker(canvas, index, px, py);
  }
}

void draw_axes(Canvas& canvas, const Chart& chart, const Frame& frame, double label_x) {
  const double bottom = frame.y + frame.height;
  for (std::size_t k = 0; k < frame.across.ticks.size(); ++k) {
    const double px = frame.px(frame.across.ticks[k]);
    canvas.colour(kFaint);
    canvas.line(px, frame.y, px, bottom, 0.8);
    canvas.colour(kInk);
    canvas.text(px, bottom + 16, frame.across.texts[k], kText, Anchor::middle);
  }
  for (std::size_t k = 0; k < frame.up.ticks.size(); ++k) {
    const double py = frame.py(frame.up.ticks[k]);
    canvas.colour(kFaint);
    canvas.line(frame.x, py, frame.x + frame.width, py, 0.8);
    canvas.colour(kInk);
    canvas.text(frame.x - 6, py + 4, frame.up.texts[k], kText, Anchor::end);
  }
  canvas.colour(kInk);
  canvas.rectangle(frame.x, frame.y, frame.width, frame.height);
  const auto label = [](const Axis& axis, const Ruler& ruler) {
    return ruler.unit_text.empty() ? axis.label : axis.label + "  " + ruler.unit_text;
  };
  canvas.text(frame.x + frame.width / 2, bottom + 36, label(chart.x, frame.across), kText, Anchor::middle);
  canvas.vertical_text(label_x + kText, frame.y + frame.height / 2, label(chart.y, frame.up), kText);
}

}  // namespace

void draw_chart(Canvas& canvas, const Chart& chart, double x, double y, Size size) {
  Extent across(chart.x.scale), up(chart.y.scale);
  for (const Series& series : chart.series)
    for (std::size_t i = 0; i < series.x.size(); ++i) {
      if (!can_show(series.x[i], chart.x.scale) || !can_show(series.y[i], chart.y.scale)) continue;
      across.add(series.x[i]);
      up.add(series.y[i]);
      if (series.y_error.empty()) continue;
      up.add(series.y[i] + series.y_error[i]);
      up.add(series.y[i] - series.y_error[i]);
    }
  Frame frame;
  frame.across = make_ruler(chart.x, across, 6, false);
  frame.up = make_ruler(chart.y, up, 6, false);
  double widest = 0;
  for (const std::string& text : frame.up.texts) widest = std::max(widest, canvas.text_width(text, kText));
  const double left = kText + 18 + widest, head = chart.title.empty() ? 14 : 32;
  const double key = legend(canvas, chart, 0, 0, size.width - left - 18, false);
  frame.x = x + left;
  frame.width = size.width - left - 18;
  frame.y = y + head + key;
  frame.height = size.height - head - key - 46;
  canvas.colour(kInk);
  if (!chart.title.empty()) canvas.text(frame.x, y + 21, chart.title, kTitle, Anchor::start, true);
  legend(canvas, chart, frame.x, y + head, frame.width, true);
  draw_axes(canvas, chart, frame, x + 5);
  for (std::size_t i = 0; i < chart.series.size(); ++i) draw_series(canvas, frame, chart.series[i], i);
}

}  // namespace szilard::plot
