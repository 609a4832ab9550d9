// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/report/bound_accounts.hpp"

#include "models/support/constants.hpp"

namespace szilard::report {
namespace {

using energy::Coefficient;
using support::Parameter;

const char* const kV1 = "Tkachenko, arXiv:2503.09980v1 (2025), Eq. 4";
const char* const kV2 = "Tkachenko, Thermodynamic bounds on energy use in Deep Neural Networks";
const char* const kLandauer = "Landauer, IBM J. Res. Dev. 5, 183 (1961), DOI 10.1147/rd.53.0183";
constexpr double kBitsPerFlop = 16;

class Accounts {
 public:
  Accounts(const scenario::Scenario& scenario, const cosim::Workload& workload, const cosim::PlatformResult& platform)
      : platform_(platform), workload_(workload), neurons_(std::int64_t(platform.neurons.count)) {
    kT_j_ = support::kBoltzmann_J_per_K * scenario.temperature_k;
    kT_ = {"kT", Parameter(kT_j_, "k of the SI (2019), temperature of the scenario", "user"), "J"};
  }

  std::vector<BoundAccount> list() {
    if (platform_.has_reset_bounds) resets();
    if (platform_.finite_time_j)
      add("finite_time_J", *platform_.finite_time_j, neurons_, "neurons",
          "kT [sum over neurons of h(p_i) - h(e)] + what the duration of the resets adds",
          "two levels: Esposito et al., EPL 89, 20003 (2010), DOI 10.1209/0295-5075/89/20003; wells: Aurell et al., J. "
          "Stat. Phys. "
          "147, 487 (2012), DOI 10.1007/s10955-012-0478-x",
          {seen_nat(*platform_.finite_time_j)});
    if (platform_.digital_flop_j)
      add("digital_flop_J", *platform_.digital_flop_j, 2 * std::int64_t(workload_.chain.macs()), "FLOP an inference",
          "kT ln2 x bits per FLOP x FLOP", std::string(kV2) + ", introduction",
          {{"bits per FLOP", Parameter(kBitsPerFlop, "the paper's assumption (docs/physics.md, D8)", "read"), "bit"}});
    if (platform_.digital_register_j)
      add("digital_register_J", *platform_.digital_register_j, std::int64_t(workload_.samples), "samples",
          "kT ln2 x bits that overwrites of registers replaced, sum over classes of written x H2(toggled / written)",
          kLandauer, {seen_bit(*platform_.digital_register_j)});
    if (platform_.gate_level && platform_.gate_level->landauer_gate_j) {
      const double joules = *platform_.gate_level->landauer_gate_j / double(workload_.samples);
      add("digital_gate_J", joules, std::int64_t(platform_.gate_level->cells), "cells",
          "kT ln2 x sum over cells and cycles of H(inputs | output) of the simulated netlist; what successive gates "
          "forget of the "
          "same bit counts again",
          kLandauer, {seen_bit(joules)});
    }
    return std::move(accounts_);
  }

 private:
  void resets() {
    const energy::ResetBounds& bounds = platform_.reset_bounds;
    const Coefficient p{"p, mean activity", Parameter(platform_.neurons.active_mean, "this run", ""), "1"};
    const std::int64_t pairs = std::int64_t(workload_.samples) - 1;
    add("transition_J", bounds.transition_j, std::int64_t(platform_.neurons.transitions_1_0),
        "changes from 1 to 0 in the run",
        "2 kT ln2 x changes / pairs of successive samples; a count, not a bound (docs/physics.md, D3)", kV1,
        {{"pairs", Parameter(double(pairs), "this run", ""), "1"}});
    add("reset_mean_J", bounds.reset_mean_j, neurons_, "neurons", "kT x neurons x h(p)",
        std::string(kV2) + ", Eq. 5, mean field", {p});
    add("reset_sparse_J", bounds.reset_sparse_j, neurons_, "neurons",
        "kT x neurons x p (1 - ln p); its approximation for small p, not a bound (docs/physics.md, D1)",
        std::string(kV2) + ", Eq. 5", {p});
    add("reset_per_neuron_J", bounds.reset_per_neuron_j, neurons_, "neurons", "kT x sum over neurons of h(p_i)",
        std::string(kV2) + ", Eq. 5", {seen_nat(bounds.reset_per_neuron_j)});
    if (bounds.reset_joint_j)
      add("reset_joint_J", *bounds.reset_joint_j, neurons_, "neurons",
          "kT x joint entropy of all neurons; estimate: " + bounds.reset_joint_note,
          "Chow and Liu, IEEE Trans. Inf. Theory 14, 462 (1968), DOI 10.1109/TIT.1968.1054142",
          {seen_nat(*bounds.reset_joint_j)});
    add("landauer_half_J", bounds.landauer_half_j, neurons_, "neurons",
        "kT ln2 x neurons: a protocol that knows nothing", kLandauer, {});
  }

  Coefficient seen_nat(double joules) const {
    return {"sum", Parameter(joules / kT_j_, "this run", ""), "nat an inference"};
  }
  Coefficient seen_bit(double joules) const {
    return {"bits", Parameter(joules / (kT_j_ * support::kLn2), "this run", ""), "bit an inference"};
  }
  void add(const char* name, double joules, std::int64_t count, const char* counted, std::string law,
           std::string source, std::vector<Coefficient> coefficients) {
    coefficients.insert(coefficients.begin(), kT_);
    accounts_.push_back({name, joules, count, counted, std::move(law), std::move(source), std::move(coefficients)});
  }

  const cosim::PlatformResult& platform_;
  const cosim::Workload& workload_;
  std::int64_t neurons_;
  double kT_j_ = 0;
  Coefficient kT_;
  std::vector<BoundAccount> accounts_;
};

}  // namespace

std::vector<BoundAccount> bound_accounts(const scenario::Scenario& scenario, const cosim::Workload& workload,
                                         const cosim::PlatformResult& platform) {
  return Accounts(scenario, workload, platform).list();
}

}  // namespace szilard::report
