// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rtl/signal_view.hpp"
#include "sim/cosim/wave_recorder.hpp"

namespace szilard::cosim {

/// Words of a shell's verilated model to the waves, clock by clock in the samples that are wanted: those of at most 64
/// bits, as many as the scenario asks for. Takes the shell's clock hook; the recorder outlives the run. `layer`: whose
/// model it is, or empty. `on_clock` gets the time of each clock of these samples.
template <class Shell>
void show_registers(Shell& shell, WaveRecorder& waves, const std::string& platform, const std::string& layer,
                    std::function<void(std::int64_t time_ps)> on_clock = {}) {
  struct Register {
    rtl::SignalView view;
    waves::Signal* signal;
  };
  std::vector<Register> registers;
  for (const std::string& path : shell.signal_names()) {
    const std::optional<rtl::SignalView> view = shell.find_signal(path);
    if (!view || view->elements != 1 || view->bits > 64) continue;
    if (registers.size() == waves.shown(registers.size() + 1)) break;
    registers.push_back({*view, &waves.register_at(platform, layer, path, view->bits)});
  }
  shell.set_clock_hook([&waves, registers, on_clock = std::move(on_clock)](std::int64_t time_ps, std::uint64_t sample) {
    if (!waves.wants(sample)) return;
    if (on_clock) on_clock(time_ps);
    for (const Register& one : registers) {
      std::uint64_t value = 0;
      std::memcpy(&value, one.view.data, (one.view.bits + 7) / 8);
      if (one.view.bits < 64) value &= (std::uint64_t{1} << one.view.bits) - 1;
      if (one.signal->changes.empty() || one.signal->changes.back().bits != value) one.signal->at(time_ps, value);
    }
  });
}

}  // namespace szilard::cosim
