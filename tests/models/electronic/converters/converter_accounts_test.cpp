// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/converters/converter_accounts.hpp"

#include <catch2/catch.hpp>

#include "models/energy/ledger.hpp"
#include "tests/models/electronic/converters/converter_fixture.hpp"

namespace szilard::electronic {
namespace {

using namespace testing;

double dissipated(const energy::Ledger& ledger, const std::string& mechanism) {
  const auto all = ledger.by_mechanism("rram", energy::Fate::dissipated);
  const auto found = all.find(mechanism);
  return found == all.end() ? 0 : found->second.joules();
}

TEST_CASE("cited energies are multiplied exactly", "[converters]") {
  Converter converter = in_lsb(8, true);
  converter.energy_per_conversion_j = 0.7e-12;
  ConverterAccounts accounts(converter, "adc", {10, 0, 12345, 1, 1e-7});
  energy::Ledger ledger(0, 3);
  accounts.open("rram/fc1", ledger);
  accounts.post(0, 3, nullptr, ledger);
  const auto expected = energy::Quanta::from_joules(0.7e-12) * (3 * 12345);
  CHECK(ledger.total("rram/fc1/adc", energy::Fate::dissipated) == expected);
  CHECK(ledger.total("rram/fc1/adc", energy::Fate::supplied) == expected);
  CHECK(dissipated(ledger, "adc_static") == 0);
  CHECK(ledger.closure().worst == 0);
}

TEST_CASE("static power is that of all converters over the time busy, in an account of its own", "[converters]") {
  Converter converter = in_lsb(8, true);
  converter.energy_per_conversion_j = 1e-12;
  converter.static_power_w = 2e-6;
  ConverterAccounts accounts(converter, "adc", {10, 0, 40, 4, 1e-7});
  energy::Ledger ledger(5, 2);
  accounts.open("rram/fc1", ledger);
  accounts.post(5, 2, nullptr, ledger);
  CHECK(dissipated(ledger, "adc") == Approx(2 * 40e-12));
  CHECK(dissipated(ledger, "adc_static") == Approx(2 * 10 * 2e-6 * 1e-7));
  CHECK(ledger.closure().worst == 0);
}

TEST_CASE("a ramp's power counts once a generator while it runs", "[converters]") {
  Converter converter = in_lsb(6, true);
  converter.energy_model = EnergyModel::single_slope_ramp;
  converter.architecture.step_time_s = 1e-9;
  converter.architecture.shared_power_w = 1e-3;
  ConverterAccounts accounts(converter, "adc", {10, 3, 40, 4, 1e-6});
  energy::Ledger ledger(0, 1);
  accounts.open("rram/fc1", ledger);
  accounts.post(0, 1, nullptr, ledger);
  CHECK(dissipated(ledger, "adc_static") == Approx(1e-3 * 3 * 4 * 64e-9));
}

TEST_CASE("energies of codes are booked sample by sample", "[converters]") {
  Converter converter = in_lsb(6, true);
  converter.energy_model = EnergyModel::charge_decrement;
  converter.architecture.energy_per_step_j = 1e-15;
  ConverterAccounts accounts(converter, "adc", {1, 0, 2, 1, 1e-6});
  energy::Ledger ledger(0, 2);
  accounts.open("rram/fc1", ledger);
  const double energies_j[] = {3e-15, 8e-15};
  accounts.post(0, 2, energies_j, ledger);
  CHECK(ledger.total("rram/fc1/adc", energy::Fate::dissipated, 0).joules() == Approx(3e-15));
  CHECK(ledger.total("rram/fc1/adc", energy::Fate::dissipated, 1).joules() == Approx(8e-15));
  CHECK(ledger.accounts()[0].origin == energy::Origin::computed);
  CHECK(ledger.count(0) == 4);
}

}  // namespace
}  // namespace szilard::electronic
