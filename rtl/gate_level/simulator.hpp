// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "models/energy/quanta.hpp"
#include "rtl/gate_level/netlist.hpp"
#include "rtl/gate_level/schedule.hpp"

namespace szilard::gate_level {

/// Zero-delay, cycle-based simulation of a mapped netlist on words of 64 lanes.
///
/// A sample is the settled value of every net just before a rising edge of the clock port; inputs change right after
/// the edge before it, unless the stimulus tells what they were at the falling edge between. A toggle is a change between successive samples both of which are known, so glitches and
/// anything that comes and goes between two edges are left out, and so are the clock nets. Unknown values follow
/// Verilog's operators.
///
/// In one stream the lanes are 64 successive cycles: the registers of lane c + 1 take what lane c feeds them, and the
/// whole block is settled again until no register changes, at most 64 times and mostly far fewer, since only feedback
/// needs it. The fixed point is unique (lane c depends on lanes below c only), so the result is that of one cycle after
/// the other.
/// With independent lanes every lane is a stream of its own, each step one cycle of all.

/// Values of the primary inputs: one entry a data input bit, in the order of Simulator::inputs().
class Stimulus {
 public:
  virtual ~Stimulus() = default;
  virtual std::uint64_t cycles() const = 0;
  /// Bit l of value[i] is input i in cycle first + l; of unknown[i], whether it is unknown. Asked only below cycles().
  virtual void words(std::uint64_t first, unsigned count, std::uint64_t* value, std::uint64_t* unknown) const = 0;
  /// Whether falling_words() differs from words().
  virtual bool tells_falling() const { return false; }
  /// Likewise what the inputs were just before the falling edge ahead of the sample: what falling registers take.
  virtual void falling_words(std::uint64_t first, unsigned count, std::uint64_t* value, std::uint64_t* unknown) const {
    words(first, count, value, unknown);
  }
};

/// Register values, one a register of Schedule::registers: 0, 1 or 2 (unknown).
using RegisterState = std::vector<std::uint8_t>;

/// What was counted; by net (constants stay 0) and by probe.
struct Activity {
  std::uint64_t cycles = 0;
  std::vector<std::uint64_t> toggles, ones, unknowns;
  std::vector<std::uint64_t> probe_ones, probe_unknowns;

  bool operator==(const Activity& other) const;
};

/// Energy of each event in quanta of one's own choice, so that sums over cycles are exact. 64 times the largest sum of
/// one cycle must fit into 63 bits. Quanta::joules() has no meaning for them.
struct EventEnergy {
  std::vector<std::int64_t> by_toggle;  ///< by net
  std::vector<std::int64_t> by_probe;   ///< while the condition holds, a sample
};

/// A stretch of a stimulus with the registers' values in its first sample.
struct Window {
  std::uint64_t first = 0;  ///< sample that is counted first
  std::uint64_t end = 0;
  RegisterState state;  ///< in sample first - 1 (first, where first is 0), which the first toggles are against
};

class Simulator {
 public:
  explicit Simulator(const Netlist& netlist, const std::vector<Probe>& probes = {});
  ~Simulator();
  Simulator(Simulator&&) noexcept;

  const std::vector<NetId>& inputs() const;  ///< data input bits, port by port
  const Schedule& schedule() const;
  RegisterState unknown_state() const;
  RegisterState zero_state() const;

  /// One stream from its first cycle. `energy` adds what each cycle's events cost to by_cycle, which is resized. The
  /// states in the samples listed in `marks` (rising) go to `states`.
  struct StreamRequest {
    RegisterState initial;
    const EventEnergy* energy = nullptr;
    std::vector<std::int64_t>* by_cycle = nullptr;
    std::vector<std::uint64_t> marks;
    std::vector<RegisterState>* states = nullptr;
  };
  Activity run(const Stimulus& stimulus, const StreamRequest& request);

  /// Up to 64 windows side by side; their activities are added. by_lane, if given, gets the energy of each window.
  Activity run_windows(const Stimulus& stimulus, const std::vector<Window>& windows,
                       const EventEnergy* energy = nullptr, std::vector<energy::Quanta>* by_lane = nullptr);

  /// The same with the energy of every counted cycle, and held against another model of the same circuit: nets
  /// `watched` must have the values of `expected` (one entry each, in this order) in every sample. The registers'
  /// values in the last sample of each window go to `end_states`.
  struct WindowsRequest {
    std::vector<Window> windows;
    const EventEnergy* energy = nullptr;
    std::vector<std::vector<std::int64_t>>* by_cycle = nullptr;  ///< [window][cycle - Window::first]
    std::vector<NetId> watched;
    const Stimulus* expected = nullptr;
    std::vector<RegisterState>* end_states = nullptr;
  };
  struct Mismatch {
    NetId net = kNoNet;
    std::uint64_t cycle = 0;
  };
  struct WindowsResult {
    Activity activity;
    std::optional<Mismatch> mismatch;  ///< the first one found
  };
  WindowsResult run_windows(const Stimulus& stimulus, const WindowsRequest& request);

  /// How often the netlist was settled in run(), in all, for the speed it tells of.
  std::uint64_t settlings() const;

 private:
  struct Machine;
  std::unique_ptr<Machine> machine_;
};

}  // namespace szilard::gate_level
