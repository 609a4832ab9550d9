// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// docs/encodings.md says which effects go with which encoding; the checker must agree, cell by cell.
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "tests/sim/scenario/scenario_test.hpp"

using namespace szilard;
using namespace szilard::scenario;

namespace {

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" `"), last = text.find_last_not_of(" `");
  return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, at);) parts.push_back(trimmed(part));
  return parts;
}

struct Page {
  std::vector<std::string> encodings;
  std::vector<std::vector<std::string>> rows;  // setting, then one cell an encoding
  std::map<std::string, std::string> reasons;
};

Page read_page() {
  Page page;
  std::istringstream text(file_text(kTestFolder + "/../../../docs/encodings.md"));
  bool in_table = false;
  for (std::string line; std::getline(text, line);) {
    if (line.rfind("| setting |", 0) == 0) {
      const auto cells = split(line, '|');
      page.encodings.assign(cells.begin() + 2, cells.end());
      in_table = true;
    } else if (in_table && line.rfind("| `", 0) == 0) {
      const auto cells = split(line, '|');
      page.rows.emplace_back(cells.begin() + 1, cells.end());
    } else if (in_table && !line.empty() && line.front() >= '0' && line.front() <= '9') {
      page.reasons[line.substr(0, line.find('.'))] = line.substr(line.find(". ") + 2);
    }
  }
  return page;
}

std::string converter(const std::string& model, const std::string& text) {
  if (text == "none") return "{model: none}";
  const std::size_t end = text.find(',');
  return "{model: " + model + ", bits: " + text.substr(0, text.find(' ')) +
         ", energy_per_conversion: 1 pJ, conversion_time: 1 ns" + (end == std::string::npos ? "" : text.substr(end)) +
         "}";
}

std::string scenario_text(const std::string& encoding, const std::string& setting) {
  std::map<std::string, std::string> linear = {{"model", "electronic_crossbar"},
                                               {"preset", "cell"},
                                               {"levels", "0"},
                                               {"encoding", encoding},
                                               {"addition_energy", "0.1 pJ"},
                                               {"wire_resistance", "1 ohm"},
                                               {"driver_resistance", "10 ohm"},
                                               {"sense_resistance", "10 ohm"}};
  std::map<std::string, std::string> platform = {
      {"input", encoding == "bit_serial" ? "1 bits" : "8 bits"}, {"output", "8 bits"}, {"neuron", "relu_bit"}};
  if (encoding == "bit_serial") linear["input_bits"] = "8";
  for (const std::string& part : split(setting, ';')) {
    const std::string key = part.substr(0, part.find(':')), value = trimmed(part.substr(part.find(':') + 1));
    (platform.count(key) || key == "precision" ? platform : linear)[key] = value;
  }
  platform["input"] = converter("dac", platform["input"]);
  platform["output"] = converter("adc", platform["output"]);
  platform["neuron"] = "{model: " + platform["neuron"] + "}";
  std::string text = kTop + "platforms:\n  - name: p\n";
  for (const auto& [key, value] : platform) text += "    " + key + ": " + value + "\n";
  text += "    linear:\n";
  for (const auto& [key, value] : linear) text += "      " + key + ": " + value + "\n";
  return text;
}

}  // namespace

TEST_CASE("the page's table of effects and encodings is what the checker takes and refuses", "[scenario][encodings]") {
  use_test_presets();
  const Page page = read_page();
  REQUIRE(page.encodings == std::vector<std::string>{"amplitude", "bit_serial", "pulse_width"});
  REQUIRE(page.rows.size() > 35);
  std::set<std::string> used;
  for (const auto& row : page.rows) {
    REQUIRE(row.size() == 4);
    for (std::size_t e = 0; e < 3; ++e) {
      INFO(row[0] << " with " << page.encodings[e] << ": " << row[e + 1]);
      std::vector<std::string> refusals;
      try {
        load_here(scenario_text(page.encodings[e], row[0]));
      } catch (const support::InputError& error) {
        for (const auto& diagnostic : error.diagnostics()) {
          CHECK(diagnostic.code == support::DiagnosticCode::conflict);
          CHECK(diagnostic.where.line > 1);
          refusals.push_back(diagnostic.message);
        }
      }
      INFO((refusals.empty() ? std::string("taken") : refusals.front()));
      if (row[e + 1] == "yes") {
        CHECK(refusals.empty());
      } else {
        REQUIRE(page.reasons.count(row[e + 1]) == 1);
        CHECK(std::count(refusals.begin(), refusals.end(), page.reasons.at(row[e + 1])) == 1);
        used.insert(row[e + 1]);
      }
    }
  }
  CHECK(used.size() == page.reasons.size());
}
