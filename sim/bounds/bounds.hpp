// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace szilard::bounds {

/// One figure: what the paper prints, what its own formula gives with the stated inputs, and the same with its errors
/// mended (docs/physics.md, discrepancies D1 to D30). The paper's number is quoted, the other two are always computed.
struct BoundRow {
  std::string id;  ///< begins with the requirement or discrepancy: "R35.landauer", "D8.full_adder"
  std::string quantity;
  std::string unit;                    ///< "1" for plain numbers
  std::optional<double> paper;         ///< none where the paper prints no number
  std::optional<double> from_formula;  ///< none where it gives no formula
  std::optional<double> corrected;
  std::string assumptions;
};

/// A number of a workload, SI unless its key says otherwise, with its source.
struct Input {
  double value = 0;
  std::string source, status;
};

enum class WorkloadKind { inference, training, brain, earth };

/// What is computed, and with what: a file under scenarios/workloads or a user's own.
struct Workload {
  std::string name, title;
  WorkloadKind kind = WorkloadKind::inference;
  std::map<std::string, Input> inputs;
  std::map<std::string, double> paper;  ///< printed values by row id

  bool has(const std::string& key) const { return inputs.count(key) > 0; }
  double at(const std::string& key) const { return inputs.at(key).value; }
};

/// Names of the workloads that come with szilard, sorted.
std::vector<std::string> workload_names();
/// A name of workload_names() or a path that ends in .yaml. Throws support::InputError with everything that is wrong.
Workload load_workload(const std::string& name_or_path);
/// Text of such a file; `file` stands in diagnostics.
Workload parse_workload(const std::string& text, const std::string& file);

/// Size of an imported network.
struct NetworkSize {
  std::string name;
  double parameters = 0, macs = 0, neurons = 0;
};

/// Rows that need no workload: R1 to R4, R30, R37 to R39, D8, D21 to D23, D29. Temperature > 0 (std::invalid_argument).
std::vector<BoundRow> general_rows(double temperature_k);
/// Rows of a workload; a temperature given here goes before its own.
std::vector<BoundRow> workload_rows(const Workload& workload, std::optional<double> temperature_k = {});
std::vector<BoundRow> network_rows(const NetworkSize& network, double temperature_k);

/// Throws support::InputError where two rows have one id: two workloads of one kind.
void check_ids(const std::vector<BoundRow>& rows);

std::string to_json(const std::vector<BoundRow>& rows);
std::string to_csv(const std::vector<BoundRow>& rows);
void print_table(std::ostream& out, const std::vector<BoundRow>& rows);

}  // namespace szilard::bounds
