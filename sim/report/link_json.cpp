// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/report/link_json.hpp"

#include <cmath>
#include <ostream>

#include "models/support/units.hpp"
#include "sim/report/text_table.hpp"

namespace szilard::report {
namespace {

using Json = nlohmann::ordered_json;

double decibel(double ratio) { return 10 * std::log10(ratio); }

std::string decibel_text(double ratio) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f dB", decibel(ratio));
  return text;
}

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f %%", 100 * share);
  return text;
}

}  // namespace

Json link_json(const optical::LinkBudget& link) {
  Json light = Json::array(), path = Json::array();
  for (const auto& part : link.light) {
    const bool passes = part.in_w > 0 && part.lost_w < part.in_w;
    light.push_back({{"part", part.name},
                     {"in_W", part.in_w},
                     {"lost_W", part.lost_w},
                     {"loss_dB", passes ? Json(decibel(part.in_w / (part.in_w - part.lost_w))) : Json(nullptr)}});
  }
  for (const auto& step : link.worst_path)
    path.push_back({{"part", step.name}, {"count", step.count}, {"loss_dB", decibel(step.loss)}});
  return {{"light_power_W", link.light_power_w},
          {"wall_plug_W", link.wall_plug_w},
          {"laser_W", link.laser_w},
          {"electrical_W", link.electrical_w},
          {"light", light},
          {"local_oscillator_W", link.oscillator_w},
          {"detected_W", link.detected_w},
          {"worst_path", path},
          {"worst_loss_dB", decibel(link.worst_loss)},
          {"received_W", link.received_w},
          {"error", link.error()},
          {"bits", link.error() > 0 ? Json(link.bits()) : Json(nullptr)}};
}

void print_link(std::ostream& out, const optical::LinkBudget& link) {
  using Align = TextTable::Align;
  TextTable light({{"light"},
                   {"enters", Align::right},
                   {"stays there", Align::right},
                   {"loss", Align::right},
                   {"share of the lasers'", Align::right}});
  const auto share = [&](double watt) { return percent(watt / link.laser_w); };
  light.add({"lasers, from " + support::engineering(link.wall_plug_w, "W") + " at the wall", "",
             support::engineering(link.laser_w, "W"), "", share(link.laser_w)});
  for (const auto& part : link.light)
    light.add({part.name, support::engineering(part.in_w, "W"), support::engineering(part.lost_w, "W"),
               part.in_w > 0 && part.lost_w < part.in_w ? decibel_text(part.in_w / (part.in_w - part.lost_w)) : "-",
               share(part.lost_w)});
  light.add({"photodiodes, signal", "", support::engineering(link.detected_w - link.oscillator_w, "W"), "",
             share(link.detected_w - link.oscillator_w)});
  if (link.oscillator_w > 0)
    light.add({"photodiodes, local oscillators", "", support::engineering(link.oscillator_w, "W"), "",
               share(link.oscillator_w)});
  light.print(out);
  out << "modulators, heaters and receivers take " << support::engineering(link.electrical_w, "W") << "\n\n";
  TextTable path({{"worst path"}, {"count", Align::right}, {"loss", Align::right}});
  for (const auto& step : link.worst_path)
    path.add({step.name, support::engineering(step.count, "", 4), decibel_text(step.loss)});
  path.add({"in all", "", decibel_text(link.worst_loss)});
  path.print(out);
  out << "light power of an input " << support::engineering(link.light_power_w, "W") << ", received from it "
      << support::engineering(link.received_w, "W") << "; error of an output ";
  if (link.error() > 0)
    out << support::engineering(link.error(), "", 4) << " of full scale, " << support::engineering(link.bits(), "", 3)
        << " bits\n";
  else out << "0: no noise\n";
}

}  // namespace szilard::report
