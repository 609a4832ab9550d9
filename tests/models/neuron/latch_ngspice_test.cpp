// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <sstream>

#include "models/neuron/reset.hpp"

using namespace szilard::neuron;  // NOLINT: a test of this namespace

namespace {

bool ngspice_is_missing() {
  if (std::system("command -v ngspice > /dev/null 2>&1") == 0) return false;
  WARN("SKIPPED: ngspice is not installed (apt-get install ngspice)");
  return true;
}

struct Spice {
  double supplied_j = 0, full_v = 0, empty_v = 0;
};

/// A node that a p-channel transistor charges and, later, an n-channel one discharges; both fully on or off.
Spice simulate(double supply_v, double capacitance_f) {
  const std::string name = std::string(SZILARD_BINARY_DIR) + "/latch_" + std::to_string(getpid());
  {
    std::ofstream deck(name + ".cir");
    deck << "* latch node\nVs supply 0 " << supply_v << "\nMp node gp supply supply pm w=100n l=30n\nC1 node 0 "
         << capacitance_f << " ic=0\nMn node gn 0 0 nm w=100n l=30n\nVp gp 0 pulse(" << supply_v
         << " 0 1n 1p 1p 1n 10n)\nVn gn 0 pulse(0 " << supply_v
         << " 3n 1p 1p 2n 10n)\n.model pm pmos level=1 vto=-0.3 kp=100u\n.model nm nmos level=1 vto=0.3 kp=200u\n"
            ".options reltol=1e-6 abstol=1e-18 chgtol=1e-20 method=gear\n.tran 0.2p 5n uic\n.control\nrun\n"
            "let ps = -v(supply)*i(Vs)\nmeas tran supplied integ ps from=0.9n to=2.2n\n"
            "meas tran full find v(node) at=2.5n\nmeas tran empty find v(node) at=4.9n\nprint supplied full "
            "empty\nquit\n"
            ".endc\n.end\n";
  }
  const int status = std::system(("ngspice -b " + name + ".cir > " + name + ".out 2>&1").c_str());
  std::ifstream in(name + ".out");
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  std::remove((name + ".cir").c_str());
  std::remove((name + ".out").c_str());
  INFO("ngspice ended with " << status << ": " << text.substr(0, 2000));
  const auto printed = [&](const std::string& label) {
    const std::size_t at = text.rfind("\n" + label + " = ");
    REQUIRE(at != std::string::npos);
    return std::strtod(text.c_str() + at + label.size() + 4, nullptr);
  };
  return {printed("supplied"), printed("full"), printed("empty")};
}

}  // namespace

TEST_CASE("a latch draws what ngspice's transistors draw from their supply, and leaves nothing on its node",
          "[neuron][ngspice]") {
  if (ngspice_is_missing()) return;
  const unsigned seed = 77;
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> volts(0.7, 1.2), farads(1.5e-15, 6e-15);
  for (int n = 0; n < 4; ++n) {
    const double v = n == 0 ? 0.9 : volts(random), c = n == 0 ? 2.1e-15 : farads(random);
    INFO("supply " << v << " V, node " << c << " F");
    const auto latch = make_cmos_latch({{v, "test"}, {c, "test"}, {1e-10, "test"}});
    const Spice spice = simulate(v, c);
    const double node_j = c / 2 * (spice.full_v * spice.full_v - spice.empty_v * spice.empty_v);
    CHECK(latch->set(0).supplied.joules() / spice.supplied_j == Approx(1).epsilon(0.005));
    CHECK(latch->reset(0, true).dissipated.joules() / node_j == Approx(1).epsilon(0.005));
  }
}
