// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// v1's negentropy budget: its Eqs. 10 to 12 and Fig. 2.
#include <boost/math/special_functions/zeta.hpp>
#include <cmath>

#include "models/support/units.hpp"
#include "sim/bounds/photon_gas.hpp"
#include "sim/bounds/workload_rows.hpp"

namespace szilard::bounds {
namespace {

constexpr double kAvogadro = 6.02214076e23;  // CODATA 2018, exact
constexpr double kSecondsPerYear = 365.25 * 86400;
constexpr double kPi = 3.14159265358979323846;

/// Bits per joule that falls from a source at `hot_k` to a sink at `cold_k`: Eq. 10, and with the photons' 4/3 Eq. 12.
double carnot_bits_per_j(double hot_k, double cold_k) {
  return (1 / cold_k - 1 / hot_k) / (support::kBoltzmann_J_per_K * support::kLn2);
}
double photon_bits_per_j(double hot_k, double cold_k) { return 4.0 / 3 * carnot_bits_per_j(hot_k, cold_k); }

void photons(const Workload& w, RowMaker& rows) {
  const double sun = w.at("sun_temperature"), earth = w.at("earth_temperature"), space = w.at("space_temperature");
  const PhotonGas gas = photon_gas();
  const double closed = 2 * std::pow(kPi, 4) / (45 * boost::math::zeta(3.0) * support::kLn2);
  const double integral = gas.entropy_nat / support::kLn2, ratio = sun / earth;
  rows.add("R41.photon_entropy", "entropy per black-body photon", "bit", closed, integral,
           "Eq. 11: 2 pi^4 / (45 zeta(3) ln2); corrected: Planck integrals; the text's 5.6 does not follow (D24)");
  rows.add("R42.temperature_ratio", "photons radiated per solar photon", "1", ratio, "T_S / T_E");
  rows.add("R42.solar_photon", "negentropy per solar photon", "bit", closed * (ratio - 1), integral * (ratio - 1),
           "entropy per additional photon x (T_S / T_E - 1)");
  if (const auto printed = w.paper.find("R41.photon_entropy"); printed != w.paper.end())
    rows.add("D24.solar_photon_printed", "the same with the printed entropy per photon", "bit",
             printed->second * (ratio - 1), integral * (ratio - 1), "what the printed 120 bit come from");
  rows.add("D24.solar_photon_all", "the same with every radiated photon counted", "bit", closed * ratio,
           integral * ratio, "entropy per photon x T_S / T_E");
  rows.add("D24.solar_photon_carnot", "the same on Carnot's basis", "bit", gas.energy_kT / support::kLn2 * (ratio - 1),
           "mean photon energy in Eq. 10");
  rows.add("R43.deep_space", "negentropy per solar photon in deep space", "B", closed * (sun / space - 1) / 8,
           integral * (sun / space - 1) / 8, "ambience at " + support::shortest(space) + " K, 8 bit a byte");
}

void fluxes(const Workload& w, RowMaker& rows) {
  const double sun = w.at("sun_temperature"), earth = w.at("earth_temperature"), space = w.at("space_temperature");
  const double light = w.at("irradiance"), star = w.at("starlight"), field = w.at("interstellar_field");
  const double on_earth = light * photon_bits_per_j(sun, earth), in_space = star * photon_bits_per_j(sun, space);
  rows.add("R40.flux", "negentropy flux of sunlight by Eq. 10", "bit/(m2 s)", light * carnot_bits_per_j(sun, earth),
           "heat between two baths");
  rows.add("R44.flux", "negentropy flux of sunlight by Eq. 12", "bit/(m2 s)", on_earth,
           "4/3 for photons; the sun's own term is " + support::engineering(earth / sun * 100, "", 2) +
               "% of it, its dilution is left out (D25)");
  rows.add("D25.ratio", "Eq. 12 over Eq. 10", "1", on_earth / (light * carnot_bits_per_j(sun, earth)),
           "the paradox that v1 names");
  rows.add("R45.flux", "negentropy flux of starlight in deep space", "bit/(m2 s)", in_space,
           "Eq. 12 against " + support::shortest(space) + " K");
  rows.add("R45.weaker", "sunlight over starlight", "1", light / star, "irradiances");
  rows.add("R45.flux_ratio", "the same in negentropy", "1", on_earth / in_space, "R44.flux over R45.flux");
  rows.add("D26.flux", "negentropy flux of the interstellar field", "bit/(m2 s)", in_space,
           field * photon_bits_per_j(sun, space), "corrected: " + w.inputs.at("interstellar_field").source);
  rows.add("R46.area_earth", "area that feeds a brain on Earth", "m2", w.at("brain_rate") / on_earth,
           "brain's rate over R44.flux");
  rows.add("R46.area_space", "area that feeds a brain in deep space", "m2", w.at("brain_rate") / in_space,
           "brain's rate over R45.flux; printed as several cm2");
}

struct Biosphere {
  double printed_rate = 0, rate = 0;  ///< negentropy of photosynthesis, bit/s
};

Biosphere biochemistry(const Workload& w, RowMaker& rows) {
  const double warm = w.at("chemistry_temperature");
  const double per_bit = support::kBoltzmann_J_per_K * kAvogadro * warm * support::kLn2;  // J/mol
  const double glucose = w.at("glucose_energy") / w.at("glucose_carbon") / per_bit,
               printed = w.at("printed_carbon_bits");
  rows.add("R47.glucose", "negentropy of glucose per carbon atom", "bit", glucose,
           "free energy of oxidation over 6 RT ln2 (D27)");
  rows.add("R47.atp", "negentropy of ATP to ADP", "bit", w.at("atp_energy") / per_bit, "free energy over RT ln2");

  const double sun = w.at("absorbed_power") * photon_bits_per_j(w.at("sun_temperature"), w.at("earth_temperature"));
  rows.add("R48.flux", "negentropy flux available on Earth", "bit/s", sun, "absorbed power in Eq. 12");
  const double carbon = w.at("carbon_fixed") / w.at("carbon_molar_mass") * kAvogadro / kSecondsPerYear;  // atoms/s
  const Biosphere out{carbon * printed, carbon * glucose};
  rows.add("R48.biosphere", "share of it that photosynthesis takes", "1", out.printed_rate / sun, out.rate / sun,
           "gross primary production x the printed 300 bit per carbon; corrected: R47.glucose");

  const double per_glucose = w.at("amino_acids") * w.at("bits_per_amino_acid") / w.at("glucose_carbon");
  const double share = w.at("protein_share");
  rows.add("R49.protein", "negentropy to information in protein synthesis", "1", per_glucose / printed,
           per_glucose / glucose, "sequence entropy of the amino acids over the glucose they take");
  rows.add("R49.biosphere", "the same of the whole metabolism", "1", share * per_glucose / printed,
           share * per_glucose / glucose, "share of metabolism that makes protein");
  rows.add("R49.rate", "information processing of the biosphere", "bit/s",
           share * per_glucose / printed * out.printed_rate, share * per_glucose / glucose * out.rate,
           "R49.biosphere x negentropy of photosynthesis");
  return out;
}

void civilisation(const Workload& w, double t, const Biosphere& biosphere, RowMaker& rows) {
  const double bit = landauer_j(t), people = w.at("population");
  const double humanity = people * w.at("human_power") / bit, technosphere = w.at("technosphere_power") / bit;
  const double flop = w.at("computing_rate"), bits = w.at("flop_bits");
  rows.add("R50.humanity", "negentropy consumed by humanity", "bit/s", humanity,
           "population x power over kT ln2; printed as of one individual (D28)");
  rows.add("R50.technosphere", "negentropy consumed by the technosphere", "bit/s", technosphere, "power over kT ln2");
  rows.add("R50.computing", "information processing of the technosphere", "bit/s", flop * bits,
           support::shortest(bits) + " bit per FLOP; the printed 1e24 takes 100 (D27)");
  rows.add("D27.computing_low", "the same at lower precision", "bit/s", flop * w.at("low_flop_bits"),
           support::shortest(w.at("low_flop_bits")) + " bit per FLOP");
  rows.add("R50.biosphere_ratio", "biosphere over technosphere", "1", biosphere.printed_rate / technosphere,
           biosphere.rate / technosphere, "printed as one order of magnitude");
  const double printed_computing = w.paper.count("R50.computing") ? w.paper.at("R50.computing") : flop * bits;
  rows.add("R51.biosphere", "negentropy to information, biosphere", "1",
           w.at("protein_share") * w.at("amino_acids") * w.at("bits_per_amino_acid") / w.at("glucose_carbon") /
               w.at("printed_carbon_bits"),
           "R49.biosphere with printed inputs");
  rows.add("R51.humanity", "negentropy to information, humanity", "1", people * w.at("brain_rate") / humanity,
           "brain's rate x population over R50.humanity; the printed exponent is lost, 1e-5 or 1e-6");
  rows.add("R51.technosphere", "negentropy to information, technosphere", "1", printed_computing / technosphere,
           flop * bits / technosphere, "printed computing rate over R50.technosphere; corrected: R50.computing (D27)");
  rows.add("D28.brains_low", "all brains, lower figure", "bit/s", people * w.at("brain_lowest_rate"),
           "population x R14.lower; print damaged");
  rows.add("D28.brains_high", "all brains, upper bound", "bit/s", people * w.at("brain_highest_rate"),
           "population x R14.upper as printed");
  rows.add("D28.window_low", "all brains, lower end of the window", "bit/s", people * w.at("brain_window_low"),
           "population x 1e15");
  rows.add("D28.window_high", "all brains, upper end of the window", "bit/s", people * w.at("brain_window_high"),
           "population x 1e19");
}

}  // namespace

void earth_rows(const Workload& w, double t, RowMaker& rows) {
  photons(w, rows);
  fluxes(w, rows);
  const Biosphere biosphere = biochemistry(w, rows);
  civilisation(w, t, biosphere, rows);
}

}  // namespace szilard::bounds
