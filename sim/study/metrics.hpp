// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace szilard::study {

/// Figures of one run by name, "rram.energy.per_inference_J": platform and path in the summary. NaN where the summary
/// says null.
struct Metrics {
  std::vector<std::string> names;
  std::vector<double> values;
};

/// A metric's path in a platform's summary: short for energy, latency, area, throughput, power and error, itself
/// otherwise.
std::string full_name(const std::string& metric);

/// As bytes for a pipe, and back. from_bytes throws std::runtime_error where something is missing.
std::string to_bytes(const Metrics& metrics);
Metrics from_bytes(std::string_view bytes);

/// Every number of a summary's platforms but those of single layers and components, and the reference's accuracy.
Metrics metrics_of(const std::string& summary_json);

}  // namespace szilard::study
