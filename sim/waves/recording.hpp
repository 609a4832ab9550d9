// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

/// Waves of a run: analog values, RTL words, neuron bits, events and power over one time axis (docs/waves.md).
/// Recording is by time stamps and not by the moment of the simulator's activation, so waves do not depend on how many
/// samples an activation handles.
namespace szilard::waves {

enum class Kind {
  real,   ///< a number; holds until the next
  bits,   ///< a word of up to 64 bits
  event,  ///< happens and has no duration
};

/// One signal and all its changes. Changes may come in any order of time; of several at one time the last one counts.
struct Signal {
  std::vector<std::string> scope;  ///< from the top: platform, layer, part
  std::string name;
  Kind kind = Kind::real;
  unsigned width = 1;  ///< bits
  std::string unit;    ///< of a real: stands in the files as a comment

  struct Change {
    std::int64_t time_ps;
    double real;
    std::uint64_t bits;
  };
  std::vector<Change> changes;

  void at(std::int64_t time_ps, double value) { changes.push_back({time_ps, value, 0}); }
  void at(std::int64_t time_ps, std::uint64_t value) { changes.push_back({time_ps, 0, value}); }
  void happens(std::int64_t time_ps) { changes.push_back({time_ps, 0, 1}); }
};

/// Power of a component, made of energies that were spent at a constant rate within windows of time.
///
/// Law: P(t) = sum of E / (end - begin) over the windows that contain t; each sum is formed anew at every edge, so that
/// nothing adds up over the edges. The integral over all time is the sum of the energies. Windows without duration take
/// 1 ps.
class PowerTrack {
 public:
  void add(std::int64_t begin_ps, std::int64_t end_ps, double energy_j);
  bool empty() const { return windows_.empty(); }
  /// Appends the steps of the power, W, to a real signal.
  void write(Signal& signal) const;

 private:
  struct Window {
    std::int64_t begin_ps, end_ps;
    double power_w;
  };
  std::vector<Window> windows_;
};

/// All signals of a run, in the order in which files list them.
class Recording {
 public:
  /// By scope and name, numbers in them by their value: whatever the order in which signals came up. References end.
  void sort();
  /// The reference stays valid until then.
  Signal& add(std::vector<std::string> scope, std::string name, Kind kind, unsigned width = 1, std::string unit = {});
  const std::deque<Signal>& signals() const { return signals_; }

 private:
  std::deque<Signal> signals_;
};

/// Value Change Dump after IEEE 1364-2005, 18.2, with `real` variables; time scale 1 ps. Names that the format cannot
/// hold have _ for what it cannot. Throws EnvironmentError.
void write_vcd(const Recording& recording, const std::string& path);
/// The same as FST, GTKWave's own format, by its library.
void write_fst(const Recording& recording, const std::string& path);
/// What GTKWave is to show of `waves_file` and how: power and analog values as curves, words in hexadecimal, bits and
/// events.
void write_gtkw(const Recording& recording, const std::string& waves_file, const std::string& path);

/// A name as the files have it: letters, digits and _ of the original, _ for everything else.
std::string identifier(const std::string& name);

}  // namespace szilard::waves
