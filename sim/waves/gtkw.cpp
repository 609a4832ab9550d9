// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iomanip>
#include <sstream>

#include "models/support/atomic_file.hpp"
#include "sim/waves/merged.hpp"

namespace szilard::waves {
namespace {

// Flags of a trace in GTKWave's save files.
constexpr unsigned kHexadecimal = 0x2, kBinary = 0x8, kRightJustified = 0x20, kBlank = 0x200, kAnalogStep = 0x8000,
                   kAnalogStretch = 0x20000, kAnalogFullScale = 0x80000;

class SaveFile {
 public:
  void flags(unsigned flags) {
    if (flags != flags_) text_ << '@' << std::hex << (flags_ = flags) << std::dec << '\n';
  }
  void comment(const std::string& text) {
    flags(kBlank);
    text_ << '-' << text << '\n';
  }
  /// GTKWave shows the last step of a name only; `label` instead, where there is one.
  void trace(const Place& place, const Signal& signal, const std::string& label = {}) {
    if (signal.kind == Kind::real) flags(kAnalogStep | kAnalogFullScale | kRightJustified);
    else flags((signal.width > 1 ? kHexadecimal : kBinary) | kRightJustified);
    if (!label.empty()) text_ << "+{" << label << "} ";
    for (const std::string& step : place.scope) text_ << step << '.';
    text_ << place.name;
    if (signal.width > 1) text_ << '[' << signal.width - 1 << ":0]";
    text_ << '\n';
    // Rows below a curve give it their height.
    if (signal.kind != Kind::real) return;
    flags(kAnalogStretch);
    text_ << "-\n-\n";
  }
  std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_;
  unsigned flags_ = 0;
};

bool is_platform_power(const Place& place, const Recording& recording) {
  return place.scope.size() == 1 && recording.signals()[place.signal].unit == "W";
}

std::int64_t end_ps(const Recording& recording) {
  std::int64_t end = 0;
  for (const Signal& signal : recording.signals())
    for (const Signal::Change& change : signal.changes) end = std::max(end, change.time_ps);
  return end;
}

}  // namespace

void write_gtkw(const Recording& recording, const std::string& waves_file, const std::string& path) {
  constexpr int kValues = 4, kBits = 8;  // shown of a scope: all of them can be added from the tree
  SaveFile save;
  const std::vector<Place> all = places(recording);
  // Power of whole platforms first, beside one another.
  save.comment("power");
  for (const Place& place : all)
    if (is_platform_power(place, recording))
      save.trace(place, recording.signals()[place.signal], place.scope.front() + ' ' + place.name);
  std::vector<std::string> scope;
  int reals = 0, others = 0;
  for (const Place& place : all) {
    const Signal& signal = recording.signals()[place.signal];
    if (is_platform_power(place, recording)) continue;
    if (place.scope != scope) {
      scope = place.scope;
      reals = others = 0;
      std::string heading;
      for (const std::string& step : scope) heading += (heading.empty() ? "" : " / ") + step;
      save.comment(heading);
    }
    if (signal.kind == Kind::real ? signal.unit != "W" && ++reals > kValues : ++others > kBits) continue;
    save.trace(place, signal);
  }
  std::ostringstream head;
  head << "[*] szilard waves: gtkwave " << waves_file << ' ' << std::filesystem::path(path).filename().string()
       << "\n[dumpfile] \"" << waves_file
       << "\"\n[timestart] 0\n[size] 1400 900\n[sst_width] 220\n[signals_width] 240\n";
  // GTKWave's zoom z shows 2^-z units of time in 200 pixels: all of the recording in the window.
  head << '*' << std::fixed << std::setprecision(6) << -std::log2(std::max<double>(4, double(end_ps(recording))) / 3.7)
       << " 0\n";
  support::write_file(path, head.str() + save.text());
}

}  // namespace szilard::waves
