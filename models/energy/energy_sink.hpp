// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/energy/quanta.hpp"
#include "models/support/parameter.hpp"

namespace szilard::energy {

/// What becomes of energy at a component. supplied + received = dissipated + recovered + exported + stored.
enum class Fate { supplied, received, dissipated, recovered, exported, stored };
/// How the number was had.
enum class Origin {
  computed,  ///< from simulated state
  table,     ///< a cited coefficient times a count
  measured,  ///< taken from a measurement
  assumed,   ///< a choice of ours
};
std::string_view fate_name(Fate fate);
std::string_view origin_name(Origin origin);

/// A coefficient behind an account, for `szilard explain`.
struct Coefficient {
  std::string name;          ///< "energy per conversion"
  support::Parameter value;  ///< SI
  std::string unit;          ///< "J"
};

/// One account: everything of one mechanism and fate at one component.
struct AccountInfo {
  std::string component;  ///< PLATFORM/LAYER/TILE/PART
  std::string mechanism;  ///< "joule_heating", "neuron_reset", ... (design: lower case, underscores)
  Fate fate = Fate::dissipated;
  Origin origin = Origin::computed;
  std::string law;      ///< "E = sum V^2 G t over cells", or "count x energy per conversion"
  std::string counted;  ///< what the count counts: "conversions", "reads", "resets"
  std::vector<Coefficient> coefficients;
};

using AccountId = std::uint32_t;

/// Where models report energy: the ledger, or a SystemC port bound to it. Accounts are opened once, before the first
/// post; opening the same (component, mechanism, fate, origin) again is a std::logic_error.
class EnergySink {
 public:
  virtual ~EnergySink() = default;
  virtual AccountId open(const AccountInfo& account) = 0;
  /// Adds `amount` to the account's row of `sample`, and `count` events to the account's count.
  virtual void post(AccountId account, std::uint64_t sample, Quanta amount, std::int64_t count) = 0;
  void post_joules(AccountId account, std::uint64_t sample, double energy_j, std::int64_t count) {
    post(account, sample, Quanta::from_joules(energy_j), count);
  }
};

}  // namespace szilard::energy
