// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/plot/canvas.hpp"

#include <cairo-svg.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>

#include "models/support/diagnostics.hpp"

namespace szilard::plot {
namespace {

constexpr double kPixelRatio = 2;  // a .png has two pixels a point, so that it stays sharp on a page
constexpr double kRaised = 0.38, kRaisedSize = 0.72;

cairo_status_t append(void* closure, const unsigned char* data, unsigned int length) {
  static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

void check(cairo_status_t status) {
  if (status != CAIRO_STATUS_SUCCESS)
    throw support::EnvironmentError(std::string("cannot draw: ") + cairo_status_to_string(status));
}

// viridis (S. van der Walt, N. Smith, E. Firing 2015, CC0) at nine places; Okabe and Ito's colours (2008).
constexpr Colour kViridis[] = {{0.267, 0.005, 0.329}, {0.278, 0.176, 0.482}, {0.231, 0.322, 0.545},
                               {0.173, 0.443, 0.557}, {0.129, 0.565, 0.553}, {0.153, 0.678, 0.506},
                               {0.361, 0.785, 0.388}, {0.667, 0.863, 0.196}, {0.993, 0.906, 0.144}};
constexpr Colour kOkabeIto[] = {{0, 0.447, 0.698}, {0.835, 0.369, 0},     {0, 0.620, 0.451}, {0.800, 0.475, 0.655},
                                {0.902, 0.624, 0}, {0.337, 0.706, 0.914}, {0.1, 0.1, 0.1}};

Colour mix(const Colour& a, const Colour& b, double share) {
  return {a.red + (b.red - a.red) * share, a.green + (b.green - a.green) * share, a.blue + (b.blue - a.blue) * share};
}

// Cairo numbers surfaces and images through the life of the process; a file must not depend on what was drawn before
// it.
std::string renumbered(const std::string& svg) {
  std::string result;
  std::map<std::string, std::size_t> numbers;
  std::size_t copied = 0;
  for (std::size_t at = svg.find_first_of("\"#"); at != std::string::npos; at = svg.find_first_of("\"#", at + 1))
    for (const std::string_view word : {"surface", "image"}) {
      if (svg.compare(at + 1, word.size(), word) != 0) continue;
      const std::size_t digits = at + 1 + word.size(),
                        end = std::min(svg.find_first_not_of("0123456789", digits), svg.size());
      if (end == digits) continue;
      const auto number = numbers.emplace(svg.substr(at + 1, end - at - 1), numbers.size()).first->second;
      result.append(svg, copied, digits - copied);
      result += std::to_string(number);
      copied = end;
    }
  return result.append(svg, copied);
}

std::uint32_t pixel(const Colour& colour) {
  const auto channel = [](double value) { return static_cast<std::uint32_t>(std::lround(255 * value)); };
  return 0xff000000u | channel(colour.red) << 16 | channel(colour.green) << 8 | channel(colour.blue);
}

}  // namespace

Canvas::Canvas(Format format, double width, double height) : format_(format) {
  if (format == Format::svg) surface_.reset(cairo_svg_surface_create_for_stream(&append, &bytes_, width, height));
  else
    surface_.reset(cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(std::ceil(width * kPixelRatio)),
                                              static_cast<int>(std::ceil(height * kPixelRatio))));
  check(cairo_surface_status(surface_.get()));
  context_.reset(cairo_create(surface_.get()));
  if (format == Format::png) cairo_scale(cairo(), kPixelRatio, kPixelRatio);
  colour({1, 1, 1});
  cairo_paint(cairo());
}

void Canvas::colour(const Colour& colour) { cairo_set_source_rgb(cairo(), colour.red, colour.green, colour.blue); }

void Canvas::line(double x0, double y0, double x1, double y1, double width) {
  cairo_set_line_width(cairo(), width);
  cairo_move_to(cairo(), x0, y0);
  cairo_line_to(cairo(), x1, y1);
  cairo_stroke(cairo());
}

void Canvas::rectangle(double x, double y, double width, double height) {
  cairo_set_line_width(cairo(), 1);
  cairo_rectangle(cairo(), x, y, width, height);
  cairo_stroke(cairo());
}

void Canvas::fill(double x, double y, double width, double height) {
  cairo_set_antialias(cairo(), CAIRO_ANTIALIAS_NONE);
  cairo_rectangle(cairo(), x, y, width, height);
  cairo_fill(cairo());
  cairo_set_antialias(cairo(), CAIRO_ANTIALIAS_DEFAULT);
}

void Canvas::font(double size, bool bold) {
  cairo_select_font_face(cairo(), "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                         bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(cairo(), size);
}

double Canvas::run(double x, double y, std::string_view text, double size, bool bold, bool draw) {
  double width = 0;
  bool raised = false;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(raised ? ' ' : '^', begin), text.size());
    const std::string part(text.substr(begin, end - begin));
    font(raised ? size * kRaisedSize : size, bold);
    cairo_text_extents_t extents;
    cairo_text_extents(cairo(), part.c_str(), &extents);
    if (draw) {
      cairo_move_to(cairo(), x + width, raised ? y - size * kRaised : y);
      cairo_show_text(cairo(), part.c_str());
    }
    width += extents.x_advance;
    begin = raised ? end : end + 1;
    raised = !raised && end < text.size();
  }
  return width;
}

double Canvas::text_width(std::string_view text, double size, bool bold) { return run(0, 0, text, size, bold, false); }

double Canvas::text(double x, double y, std::string_view text, double size, Anchor anchor, bool bold) {
  const double width = text_width(text, size, bold);
  const double shift = anchor == Anchor::start ? 0 : anchor == Anchor::middle ? width / 2 : width;
  return run(x - shift, y, text, size, bold, true);
}

void Canvas::vertical_text(double x, double y, std::string_view text, double size) {
  cairo_save(cairo());
  cairo_translate(cairo(), x, y);
  cairo_rotate(cairo(), -std::acos(-1.0) / 2);
  this->text(0, 0, text, size, Anchor::middle);
  cairo_restore(cairo());
}

void Canvas::image(double x, double y, double width, double height, std::size_t rows, std::size_t columns,
                   const std::vector<Colour>& pixels) {
  // Viewers blur what they enlarge: cells are repeated until the image is finer than the page.
  const std::size_t repeat = std::max<std::size_t>(1, 1024 / std::max(rows, columns));
  const auto image_width = static_cast<int>(columns * repeat), image_height = static_cast<int>(rows * repeat);
  std::unique_ptr<cairo_surface_t, Destroy> image(
      cairo_image_surface_create(CAIRO_FORMAT_ARGB32, image_width, image_height));
  check(cairo_surface_status(image.get()));
  cairo_surface_flush(image.get());
  unsigned char* const data = cairo_image_surface_get_data(image.get());
  const int stride = cairo_image_surface_get_stride(image.get());
  for (int i = 0; i < image_height; ++i) {
    auto* const row = reinterpret_cast<std::uint32_t*>(data + static_cast<std::ptrdiff_t>(i) * stride);
    for (int j = 0; j < image_width; ++j) row[j] = pixel(pixels[i / repeat * columns + j / repeat]);
  }
  cairo_surface_mark_dirty(image.get());
  cairo_save(cairo());
  cairo_translate(cairo(), x, y);
  cairo_scale(cairo(), width / image_width, height / image_height);
  cairo_set_source_surface(cairo(), image.get(), 0, 0);
  cairo_pattern_set_extend(cairo_get_source(cairo()), CAIRO_EXTEND_PAD);
  cairo_rectangle(cairo(), 0, 0, image_width, image_height);
  cairo_fill(cairo());
  cairo_restore(cairo());
}

std::string Canvas::bytes() {
  check(cairo_status(cairo()));
  context_.reset();
  if (format_ == Format::png) check(cairo_surface_write_to_png_stream(surface_.get(), &append, &bytes_));
  cairo_surface_finish(surface_.get());
  check(cairo_surface_status(surface_.get()));
  return format_ == Format::svg ? renumbered(bytes_) : std::move(bytes_);
}

Colour series_colour(std::size_t index) { return kOkabeIto[index % std::size(kOkabeIto)]; }

Colour sequential_colour(double position) {
  const double place = std::clamp(position, 0.0, 1.0) * (std::size(kViridis) - 1);
  const std::size_t index = std::min<std::size_t>(static_cast<std::size_t>(place), std::size(kViridis) - 2);
  return mix(kViridis[index], kViridis[index + 1], place - static_cast<double>(index));
}

Colour diverging_colour(double position) {
  const Colour white{0.97, 0.97, 0.97};
  return mix(white, position < 0 ? kOkabeIto[0] : kOkabeIto[1], std::min(1.0, std::abs(position)));
}

}  // namespace szilard::plot
