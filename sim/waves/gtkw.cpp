// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <sstream>

#include "models/support/atomic_file.hpp"
#include "sim/waves/merged.hpp"

namespace szilard::waves {
namespace {

// Flags of a trace in GTKWave's save files.
constexpr unsigned kHexadecimal = 0x2, kBinary = 0x8, kRightJustified = 0x20, kBlank = 0x200, kAnalogStep = 0x8000, kAnalogFullScale = 0x100000;

class SaveFile {
 public:
  void flags(unsigned flags) {
    if (flags != flags_) text_ << '@' << std::hex << (flags_ = flags) << std::dec << '\n';
  }
  void comment(const std::string& text) {
    flags(kBlank);
    text_ << '-' << text << '\n';
  }
  void trace(const Place& place, const Signal& signal) {
    if (signal.kind == Kind::real) flags(kAnalogStep | kAnalogFullScale | kRightJustified);
    else flags((signal.width > 1 ? kHexadecimal : kBinary) | kRightJustified);
    for (const std::string& step : place.scope) text_ << step << '.';
    text_ << place.name;
    if (signal.width > 1) text_ << '[' << signal.width - 1 << ":0]";
    text_ << '\n';
    // Rows below a curve give it their height.
    if (signal.kind != Kind::real) return;
    flags(kAnalogStep | kAnalogFullScale | kBlank | kRightJustified);
    text_ << "-\n-\n";
  }
  std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_;
  unsigned flags_ = 0;
};

}  // namespace

void write_gtkw(const Recording& recording, const std::string& waves_file, const std::string& path) {
  constexpr int kShown = 8;  // of the analog values and of the bits of a layer: all of them can be added from the tree
  SaveFile save;
  std::vector<std::string> scope;
  int reals = 0, others = 0;
  for (const Place& place : places(recording)) {
    const Signal& signal = recording.signals()[place.signal];
    if (place.scope != scope) {
      scope = place.scope;
      reals = others = 0;
      std::string heading;
      for (const std::string& step : scope) heading += (heading.empty() ? "" : " / ") + step;
      save.comment(heading);
    }
    if (signal.kind == Kind::real ? signal.unit != "W" && ++reals > kShown : ++others > 2 * kShown) continue;
    save.trace(place, signal);
  }
  support::write_file(path, "[*] szilard waves: gtkwave " + waves_file + " " + std::filesystem::path(path).filename().string() + "\n[dumpfile] \"" + waves_file +
                                "\"\n[timestart] 0\n[size] 1400 900\n[sst_width] 260\n[signals_width] 260\n" + save.text());
}

}  // namespace szilard::waves
