// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/study/database.hpp"
#include "sim/study/metrics.hpp"

namespace szilard::study {

/// One part of a study's points, those with id % count == index - 1; 1 of 1 is all of them.
struct Shard {
  std::size_t index = 1, count = 1;
  bool is_whole() const { return count == 1; }
};

/// The file of a study's points in its folder: study.sqlite, or study.shard-I-of-N.sqlite.
std::string store_path(const std::string& directory, const Shard& shard);

/// What makes a study this study.
struct StudyHeader {
  std::string name;
  std::vector<std::string> axes;  ///< key paths
  std::string iso_key;            ///< free parameter of `iso:`; empty: none
  std::string iso_metric;         ///< what it holds, in SI at `iso_at`
  double iso_at = 0;
  std::vector<std::uint64_t> seeds;
  std::size_t runs = 0;  ///< over all shards
  std::string design;    ///< hash of axes, values and seeds
  std::string base;      ///< hash of the resolved scenario, its inputs and the program's version
  Shard shard;
};

/// A point that this process is to run.
struct Claim {
  std::int64_t id = 0;
};

/// How a point ended.
struct Outcome {
  enum class State { done, failed, crashed } state = State::done;
  std::string address;  ///< hash of the resolved scenario, its inputs and the program's version
  Metrics metrics;      ///< done
  std::string message;  ///< failed, crashed
  double seconds = 0;
  double cpu_s = 0;         ///< processor time of the same
  bool reused = false;      ///< another point had the same address
  bool was_killed = false;  ///< crashed: by SIGKILL, which is seldom the point's own doing
  std::string host;         ///< where it ran; empty: here
};

struct Counts {
  std::size_t open = 0, claimed = 0, done = 0, failed = 0;
  std::size_t all() const { return open + claimed + done + failed; }
};

/// Points and results of a study in one SQLite file (WAL). Points are claimed and committed in one transaction each; a
/// claim has an owner (host, process, its start) and a lease that its owner renews, so several processes may work on
/// one file and a dead one's points go back. Results are kept by address: what has been computed once is not computed
/// again, also when axes or inputs change and change back. Not for file systems without shared memory maps (NFS,
/// Lustre): shards are.
class Store {
 public:
  /// Opens an existing file. Throws InputError if it is no study or of a newer version.
  Store(const std::string& path, Database::Mode mode);

  /// Makes the file, or refills it where header and file differ (results stay). `values` gives the axes' values of a
  /// point.
  static std::unique_ptr<Store> prepare(const std::string& path, const StudyHeader& header,
                                        const std::function<std::vector<std::string>(std::size_t point)>& values);

  const StudyHeader& header() const { return header_; }
  Counts counts();

  std::optional<Claim> claim(double now_s, double lease_s);
  void renew(double now_s, double lease_s);
  /// False if the claim was lost meanwhile; then nothing is written.
  bool commit(const Claim& claim, const Outcome& outcome);
  void release(const Claim& claim);
  /// Every claim of this process is open again.
  void release_all();
  /// Points of owners that are gone, and those whose lease is over, are open again; failed ones too where `failed`.
  std::size_t reopen(double now_s, bool failed);
  /// Metrics under an address, if some point had it.
  std::optional<Metrics> find_result(const std::string& address);
  void checkpoint();

  /// One row a point, in order.
  struct Row {
    std::int64_t id = 0;
    std::vector<std::string> values;
    std::uint64_t seed = 0;
    enum class State { open, claimed, done, failed } state = State::open;
    std::size_t layout = 0;       ///< of the metrics
    std::vector<double> metrics;  ///< done
    std::string message, host, address;
    double seconds = 0, started_s = 0;
    std::int64_t attempts = 0;
  };
  void for_each(const std::function<void(const Row&)>& visit);
  /// Names of metrics by layout.
  std::map<std::size_t, std::vector<std::string>> layouts();
  /// Layouts in the order in which rows use them.
  std::vector<std::size_t> layouts_in_use();

  /// Takes over every point that `other` has ended and this one has not.
  void absorb(Store& other);

 private:
  void read_header();
  std::size_t layout_of(const std::vector<std::string>& names);
  void fill(const StudyHeader& header, const std::function<std::vector<std::string>(std::size_t point)>& values);

  Database database_;
  StudyHeader header_;
  std::string owner_;
  std::map<std::string, std::size_t> layout_ids_;
};

}  // namespace szilard::study
