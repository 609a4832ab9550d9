// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "models/support/atomic_file.hpp"
#include "models/support/diagnostics.hpp"
#include "models/support/units.hpp"
#include "sim/dataset/dataset.hpp"
#include "sim/lab/mesh_lab.hpp"
#include "sim/plot/canvas.hpp"

namespace szilard::lab {
namespace {

nlohmann::ordered_json json_of(const optical::MeshPhases& mesh) {
  nlohmann::ordered_json json;
  json["modes"] = mesh.modes;
  json["columns"] = mesh.columns;
  json["interferometers"] = nlohmann::ordered_json::array();
  for (const optical::Interferometer& one : mesh.interferometers)
    json["interferometers"].push_back(
        {{"column", one.column}, {"mode", one.mode}, {"theta_rad", one.theta_rad}, {"phi_rad", one.phi_rad}});
  json["output_phases_rad"] = mesh.output_phases_rad;
  return json;
}

constexpr double kColumn = 30, kMode = 20, kBox = 14, kMargin = 46, kTop = 64, kGap = 60;
constexpr double kLeastWidth = 600;  ///< what the line below the mesh takes
constexpr double kRange_dB = 30;

/// Draws arms from the strongest arm's colour down to 30 dB below it.
class Drawing {
 public:
  explicit Drawing(const MeshResult& result) : result_(result) {
    for (const auto* arms : {&result.arms.input_mesh_w, &result.arms.output_mesh_w})
      for (const double watt : *arms) strongest_w_ = std::max(strongest_w_, watt);
    const std::size_t first = result.mesh.input_mesh() ? result.mesh.input_mesh()->columns() : 0;
    const std::size_t modes = std::max(result.mesh.rows(), result.mesh.columns());
    width_ = std::max(kLeastWidth, 2 * kMargin + kColumn * double(first + result.mesh.output_mesh().columns() + 2) +
                                       (result.mesh.input_mesh() ? kGap + kColumn : 0));
    height_ = kTop + kMode * double(modes) + 76;
  }

  void write(const std::string& path) {
    const bool svg = path.substr(path.size() - 4) == ".svg";
    plot::Canvas canvas(svg ? plot::Canvas::Format::svg : plot::Canvas::Format::png, width_, height_);
    canvas_ = &canvas;
    heading();
    double x = kMargin;
    if (const auto& input = result_.mesh.input_mesh()) {
      x = mesh(*input, result_.arms.input_mesh_w, x);
      attenuators(x);
      x += kGap;
    }
    mesh(result_.mesh.output_mesh(), result_.arms.output_mesh_w, x);
    scale();
    support::write_file(path, canvas.bytes());
  }

 private:
  static double y_of(std::size_t mode) { return kTop + kMode * (double(mode) + 0.5); }

  plot::Colour colour_of(double watt) const {
    if (!(watt > 0) || strongest_w_ == 0) return plot::kFaint;
    const double below_db = -10 * std::log10(watt / strongest_w_);
    return below_db >= kRange_dB ? plot::kFaint : plot::sequential_colour(1 - below_db / kRange_dB);
  }
  void arm(double x0, double x1, std::size_t mode, double watt) {
    canvas_->colour(colour_of(watt));
    canvas_->line(x0, y_of(mode), x1, y_of(mode), 3);
  }

  void heading() {
    const optical::LightPowers& p = result_.powers;
    canvas_->colour(plot::kInk);
    canvas_->text(kMargin, 22, "Power in the arms of the mesh", 14, plot::Anchor::start, true);
    canvas_->text(kMargin, 40,
                  "in " + support::engineering(p.in_w, "W") + ", out " + support::engineering(p.out_w, "W") +
                      ", absorbed " + support::engineering(p.absorbed_w, "W") + ", auxiliary " +
                      support::engineering(p.auxiliary_w, "W"),
                  11);
  }

  double mesh(const optical::Mesh& one, const std::vector<double>& arms_w, double x) {
    const std::size_t modes = one.modes();
    for (std::size_t m = 0; m < modes; ++m) {
      canvas_->colour(plot::kInk);
      canvas_->text(x - 6, y_of(m) + 3, std::to_string(m), 8, plot::Anchor::end);
      for (std::size_t c = 0; c <= one.columns(); ++c)
        arm(x + kColumn * double(c), x + kColumn * double(c + 1), m, arms_w[c * modes + m]);
    }
    for (std::size_t i = 0; i < one.elements().size(); ++i) {
      const auto& e = one.elements()[i];
      const double left = x + kColumn * double(e.column + 1) - kBox / 2, top = y_of(e.mode) - 4, high = kMode + 8;
      const double passed = std::norm(e.t11) / (std::norm(e.t11) + std::norm(e.t21));
      const double grey = 1 - 0.6 * passed;
      canvas_->colour({grey, grey, grey});
      canvas_->fill(left, top, kBox, high);
      canvas_->colour(plot::kInk);
      canvas_->rectangle(left, top, kBox, high);
    }
    return x + kColumn * double(one.columns() + 1);
  }

  void attenuators(double x) {
    const std::vector<double>& t = result_.mesh.phases().transmissions;
    for (std::size_t k = 0; k < t.size(); ++k) {
      canvas_->colour(plot::kInk);
      canvas_->rectangle(x, y_of(k) - 6, 26, 12);
      canvas_->text(x + 13, y_of(k) + 3, support::engineering(t[k], "", 2), 8, plot::Anchor::middle);
    }
  }

  void scale() {
    const double top = height_ - 44, step = 2;
    for (int k = 0; k < 100; ++k) {
      canvas_->colour(plot::sequential_colour(k / 99.0));
      canvas_->fill(kMargin + step * k, top, step, 10);
    }
    canvas_->colour(plot::kInk);
    canvas_->text(kMargin, top + 22, "-30 dB", 9);
    canvas_->text(kMargin + 200, top + 22, support::engineering(strongest_w_, "W"), 9, plot::Anchor::end);
    canvas_->text(kMargin + 216, top + 9, "boxes: interferometers, the darker the more light passes uncrossed", 9);
  }

  const MeshResult& result_;
  plot::Canvas* canvas_ = nullptr;
  double strongest_w_ = 0, width_ = 0, height_ = 0;
};

}  // namespace

std::string phases_json(const optical::MatrixPhases& phases) {
  nlohmann::ordered_json json;
  json["schema"] = "szilard.mesh/1";
  json["topology"] = std::string(optical::topology_name(phases.output_mesh.topology));
  json["rows"] = phases.rows;
  json["columns"] = phases.columns;
  json["scale"] = phases.scale;
  json["input_mesh"] = phases.input_mesh ? json_of(*phases.input_mesh) : nlohmann::ordered_json();
  json["transmissions"] = phases.transmissions;
  json["output_mesh"] = json_of(phases.output_mesh);
  return json.dump(1);
}

std::string mesh_json(const MeshBench& bench, const MeshResult& result) {
  const optical::MatrixPhases& phases = result.mesh.phases();
  nlohmann::ordered_json json;
  json["rows"] = phases.rows;
  json["columns"] = phases.columns;
  json["samples"] = bench.inputs.rows();
  json["topology"] = std::string(optical::topology_name(bench.topology));
  json["interferometers"] =
      phases.output_mesh.interferometers.size() + (phases.input_mesh ? phases.input_mesh->interferometers.size() : 0);
  json["power_in_W"] = result.powers.in_w;
  json["power_out_W"] = result.powers.out_w;
  json["absorbed_W"] = result.powers.absorbed_w;
  json["auxiliary_W"] = result.powers.auxiliary_w;
  if (bench.gain > 1) json["gained_W"] = result.powers.gained_w;
  json["balance"] = result.balance;
  json["norm"] = phases.norm;
  json["scale"] = phases.scale;
  json["residual"] = phases.residual;
  json["realised_error"] = result.realised_error;
  json["wall_s"] = result.wall_s;
  return json.dump(2);
}

void write_mesh(const std::string& directory, const MeshBench& bench, const MeshResult& result) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) throw support::EnvironmentError("cannot make the directory " + directory + ": " + error.message());
  dataset::write_npy(directory + "/outputs.npy", {result.outputs.rows(), result.outputs.cols()}, result.outputs.data());
  support::write_file(directory + "/phases.json", phases_json(result.mesh.phases()) + "\n");
  support::write_file(directory + "/summary.json", mesh_json(bench, result) + "\n");
}

void draw_mesh(const std::string& path, const MeshResult& result) {
  plot::check_path(path);
  if (std::max(result.mesh.rows(), result.mesh.columns()) > kMostDrawnModes)
    throw support::InputError(support::DiagnosticCode::out_of_range, {"command line", 1, 1},
                              "a mesh of more than " + std::to_string(kMostDrawnModes) + " modes is not drawn");
  Drawing(result).write(path);
}

}  // namespace szilard::lab
