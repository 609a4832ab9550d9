// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "models/support/diagnostics.hpp"
#include "models/support/units.hpp"
#include "sim/cli/commands.hpp"
#include "sim/cli/lab.hpp"
#include "sim/cli/validators.hpp"
#include "sim/lab/mesh_lab.hpp"
#include "sim/plot/plot.hpp"
#include "sim/report/text_table.hpp"

namespace szilard::cli {
namespace {

constexpr double kMostImbalance = 1e-12;

struct Arguments {
  lab::MeshRequest request;
  std::string output, drawing;
  bool json = false;
};

void print(const lab::MeshBench& bench, const lab::MeshResult& result) {
  using report::TextTable;
  const optical::MatrixPhases& phases = result.mesh.phases();
  std::cout << phases.rows << " x " << phases.columns << " matrix on "
            << (phases.input_mesh ? "two meshes with attenuators between" : "one mesh") << ", "
            << optical::topology_name(bench.topology) << "; " << bench.inputs.rows() << " fields\n"
            << "scale " << support::shortest(phases.scale) << " (largest singular value "
            << support::engineering(phases.norm, "", 6) << "), residual "
            << support::engineering(phases.residual, "", 3) << ", error of the mesh as built "
            << support::engineering(result.realised_error, "", 3) << "\n\n";
  TextTable table({{"light"}, {"power", TextTable::Align::right}, {"share", TextTable::Align::right}});
  const auto row = [&](const std::string& name, double watt) {
    const double in = result.powers.in_w;
    table.add(
        {name, support::engineering(watt, "W", 7), in == 0 ? "-" : support::engineering(100 * watt / in, "", 4) + "%"});
  };
  row("in", result.powers.in_w);
  if (bench.gain > 1) row("added by amplifiers", result.powers.gained_w);
  row("out", result.powers.out_w);
  row("absorbed", result.powers.absorbed_w);
  row("auxiliary ports", result.powers.auxiliary_w);
  table.print(std::cout);
  std::cout << "\nbalance " << support::engineering(result.balance, "", 3) << ", "
            << support::engineering(result.wall_s, "s", 3) << '\n';
}

int run(const Arguments& arguments) {
  if (!arguments.drawing.empty()) plot::check_path(arguments.drawing);
  const lab::MeshBench bench = lab::load_mesh(arguments.request);
  const lab::MeshResult result = lab::run_mesh(arguments.request, bench);
  if (!arguments.output.empty()) lab::write_mesh(arguments.output, bench, result);
  if (!arguments.drawing.empty()) lab::draw_mesh(arguments.drawing, result);
  if (arguments.json) std::cout << lab::mesh_json(bench, result) << '\n';
  else print(bench, result);
  if (result.balance <= kMostImbalance) return kOk;
  std::cerr << "szilard: the power of the light does not balance: " << support::shortest(result.balance)
            << " of it is missing\n";
  return kCheckFailed;
}

}  // namespace

std::function<int()> add_lab_mesh(CLI::App& lab) {
  const auto arguments = std::make_shared<Arguments>();
  lab::MeshRequest& request = arguments->request;
  CLI::App* command = lab.add_subcommand("mesh", "puts one matrix on a mesh of interferometers");
  command->footer(
      "A unitary matrix is one mesh; any other one M = U S V' two meshes with attenuators between. The mesh realises M "
      "/ scale.\n"
      "Example: szilard lab mesh --matrix M.npy --insertion-loss \"0.2 dB\" --drawing out/mesh.svg -o out/mesh");
  command->add_option("--matrix", request.matrix, ".npy of rows x columns, real or complex")->required();
  command->add_option("--inputs", request.inputs,
                      ".npy of columns, or samples x columns, fields in sqrt(W) (default: the identity)");
  command->add_option("--topology", request.topology, "clements (rectangle, default) or reck (triangle)");
  command->add_option("--scale", request.scale,
                      "M is divided by this (default: the larger of 1 and M's largest singular value)");
  command->add_option(
      "--gain", request.gain,
      "largest gain of amplifiers beside the attenuators, so that M / scale may exceed 1 (default 0 dB)");
  command->add_option("--insertion-loss", request.insertion_loss, "of each interferometer (default 0 dB)");
  command->add_option("--splitting-error", request.splitting_error,
                      "standard deviation of a coupler's angle (default 0 rad)");
  command->add_option("--phase-error", request.phase_error, "standard deviation of each phase (default 0 rad)");
  command->add_option("--phase-bits", request.phase_bits,
                      "phases are rounded to 2^bits steps of a turn (default 0: continuous)");
  command->add_option("--thermal-crosstalk", request.thermal_crosstalk,
                      "share of a heater's phase that its neighbours get (default 0)");
  command->add_flag("--recalibrate", request.recalibrate,
                    "dial the phases that make up for this mesh's errors, as if all were measured");
  command->add_option("--seed", request.seed, "of the errors (default 1)")->check(not_negative());
  command->add_option("-o,--output", arguments->output, "directory for phases.json, outputs.npy and summary.json");
  command->add_option("--drawing", arguments->drawing, "FILE.svg or FILE.png: the mesh with the power in each arm");
  command->add_flag("--json", arguments->json, "one JSON object");
  return [arguments] { return run(*arguments); };
}

}  // namespace szilard::cli
