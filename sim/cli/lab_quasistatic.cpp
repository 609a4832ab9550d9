// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "sim/cli/commands.hpp"
#include "sim/cli/lab.hpp"
#include "sim/cli/validators.hpp"
#include "sim/lab/relax_lab.hpp"
#include "sim/lab/stress_lab.hpp"

namespace szilard::cli {

std::function<int()> add_lab_relax(CLI::App& lab) {
  struct Arguments {
    lab::RelaxRequest request;
    bool json = false;
  };
  const auto arguments = std::make_shared<Arguments>();
  lab::RelaxRequest& request = arguments->request;
  CLI::App* command =
      lab.add_subcommand("relax", "ramps the inputs of a quasi-static network and weighs work and heat");
  command->footer(
      "Reduced units: energies in kT, times in friction / stiffness. A network is ONNX with --stiffness and "
      "--friction, or YAML:\n"
      "  layers: [{weights: [[0.8, -0.5], [0.3, 0.9]], bias: [0.1, -0.2], activation: tanh, stiffness: [2, 3], "
      "friction: 1}]\n"
      "Weights are target x source. Inputs are samples x inputs, one ramp a row; figures are means over rows.\n"
      "Example: szilard lab relax --network net.yaml --input-from a.npy --input-to b.npy --duration 30 --json");
  command->add_option("--network", request.network, "FILE.yaml or FILE.onnx")->required();
  command->add_option("--input-from", request.input_from, ".npy, samples x inputs")->required();
  command->add_option("--input-to", request.input_to, ".npy, samples x inputs")->required();
  command->add_option("--duration", request.duration, "of the ramp; 0 is a jump")->required();
  command->add_option("--temperature", request.temperature, "\"1 kT\" (default); \"0 kT\": no noise");
  command->add_option("--paths", request.paths, "trajectories of each ramp (default 20000; one without noise)")
      ->check(not_negative());
  command->add_option("--seed", request.seed, "seed of every random stream (default 1)")->check(not_negative());
  command->add_option("--step", request.step, "longest time step (default: from the stiffest rate)");
  command->add_option("--shape", request.shape, "linear (default), smooth, or optimal: constant thermodynamic speed");
  command->add_option(
      "--integrator", request.integrator,
      "automatic (default), exact (linear networks), pieces (linear units and ReLUs), heun or euler_maruyama");
  command->add_flag("--reverse", request.reverse, "the ramp backwards, from --input-to");
  command->add_option("--stiffness", request.stiffness, "kT, of all units of an ONNX network");
  command->add_option("--friction", request.friction, "kT x time, of all units of an ONNX network");
  command->add_option("--network-to", request.network_to,
                      "weights, biases and springs move to this network's meanwhile: free energies of the change");
  command->add_option("--plot", request.plot, "FILE.svg or .png: distribution of the work, and the schedule");
  command->add_flag("--json", arguments->json, "one JSON object");
  return [arguments] {
    const lab::RelaxResult result = lab::run_relax(arguments->request);
    if (!arguments->request.plot.empty()) lab::plot_relax(arguments->request, result);
    if (arguments->json) std::cout << lab::relax_json(arguments->request, result) << '\n';
    else lab::print_relax(std::cout, arguments->request, result);
    return kOk;
  };
}

std::function<int()> add_lab_stress(CLI::App& lab) {
  struct Arguments {
    lab::StressRequest request;
    bool json = false;
  };
  const auto arguments = std::make_shared<Arguments>();
  lab::StressRequest& request = arguments->request;
  CLI::App* command =
      lab.add_subcommand("stress", "clamps inputs and outputs and holds the stresses against back-propagation");
  command->footer(
      "Example: szilard lab stress --network net.yaml --input x.npy --target y.npy --stiffness-ratio 100 --json");
  command->add_option("--network", request.network, "FILE.yaml or FILE.onnx")->required();
  command->add_option("--input", request.input, ".npy, samples x inputs")->required();
  command->add_option("--target", request.target, ".npy, samples x outputs")->required();
  command->add_option("--stiffness-ratio", request.ratio,
                      "stiffness of hidden units over that of outputs (default: the network's)");
  command->add_option("--kT", request.kT,
                      "mean stresses at this temperature too, by Langevin motion (default 0: none)");
  command->add_option("--paths", request.paths, "trajectories of it (default 200)")->check(CLI::Range(2, 1000000));
  command->add_option("--time", request.time, "over which it averages (default 50)");
  command->add_option("--seed", request.seed, "seed of every random stream (default 1)")->check(not_negative());
  command->add_option("--stiffness", request.stiffness, "kT, of all units of an ONNX network");
  command->add_option("--friction", request.friction, "kT x time, of all units of an ONNX network");
  command->add_flag("--json", arguments->json, "one JSON object");
  return [arguments] {
    const lab::StressResult result = lab::run_stress(arguments->request);
    if (arguments->json) std::cout << lab::stress_json(arguments->request, result) << '\n';
    else lab::print_stress(std::cout, result);
    return kOk;
  };
}

}  // namespace szilard::cli
