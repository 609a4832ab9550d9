// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/energy/energy_sink.hpp"

#include <stdexcept>

namespace szilard::energy {

std::string_view fate_name(Fate fate) {
  switch (fate) {
    case Fate::supplied:
      return "supplied";
    case Fate::received:
      return "received";
    case Fate::dissipated:
      return "dissipated";
    case Fate::recovered:
      return "recovered";
    case Fate::exported:
      return "exported";
    case Fate::stored:
      return "stored";
  }
  throw std::invalid_argument("no such fate");
}

std::string_view origin_name(Origin origin) {
  switch (origin) {
    case Origin::computed:
      return "computed";
    case Origin::table:
      return "table";
    case Origin::measured:
      return "measured";
    case Origin::assumed:
      return "assumed";
  }
  throw std::invalid_argument("no such origin");
}

}  // namespace szilard::energy
