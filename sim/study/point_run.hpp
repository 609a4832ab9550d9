// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "sim/cosim/run.hpp"
#include "sim/process/child_process.hpp"
#include "sim/study/design.hpp"
#include "sim/study/store.hpp"

namespace szilard::study {

/// What variants of a scenario share, loaded once before processes are forked from this one.
struct Loaded {
  const scenario::Variants& variants;
  std::optional<cosim::Workload> workload;  ///< none: the scenario gives layers (statistical.layers)
};
/// The network and the data that a scenario names, if it does.
std::optional<cosim::Workload> load_input(const scenario::Scenario& scenario);

/// What every run of a study shares.
struct StudyBase : Loaded {
  const Design& design;
  std::string program;  ///< version and instruction set: part of every address
  /// A result that is there already; called in the process of the point.
  std::function<std::optional<Metrics>(const std::string& address)> find_known;
  std::string lock_path;  ///< file whose locks tell that an address is being computed
};

/// Figures of a scenario's run in this process: once. Throws std::runtime_error with the first of its checks that
/// failed.
Metrics simulate(Loaded& base, const scenario::Scenario& scenario);

/// Hash of a resolved scenario, its inputs and the program's version.
std::string address_of(const scenario::Scenario& scenario, const std::string& program);

/// An outcome as bytes for a pipe or a connection, and back. outcome_from_bytes throws std::exception where something
/// is missing.
std::string to_bytes(const Outcome& outcome);
Outcome outcome_from_bytes(const std::string& bytes);

/// One point in a process of its own, made by the constructor and let go by begin(). Points of the same content wait for
/// it until it is destroyed, so destroy it after its outcome is committed: then they find the result instead of
/// computing it again.
class PointRun {
 public:
  PointRun(StudyBase& base, const Claim& claim);
  ~PointRun();
  PointRun(const PointRun&) = delete;
  PointRun& operator=(const PointRun&) = delete;

  void begin();
  bool has_begun() const { return has_begun_; }
  const Claim& claim() const { return claim_; }
  int descriptor() const { return process_.descriptor(); }
  bool read_some() { return process_.read_some(); }
  /// Waits for the process.
  Outcome outcome();

 private:
  class AddressLock;

  Claim claim_;
  bool has_begun_ = false;
  std::unique_ptr<AddressLock> lock_;
  process::ChildProcess process_;
};

}  // namespace szilard::study
