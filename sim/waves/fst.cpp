// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <fstapi.h>

#include <cstdio>
#include <filesystem>

#include "models/support/diagnostics.hpp"
#include "sim/waves/merged.hpp"

namespace szilard::waves {
namespace {

class FstFile {
 public:
  explicit FstFile(std::string path)
      : path_(std::move(path)), temporary_(path_ + ".part"), context_(fstWriterCreate(temporary_.c_str(), 1)) {
    if (context_ == nullptr) throw support::EnvironmentError("cannot write " + path_);
    fstWriterSetPackType(context_, FST_WR_PT_LZ4);
    fstWriterSetTimescale(context_, -12);
    fstWriterSetVersion(context_, "szilard");
    fstWriterSetDate(context_, "");  // the same run gives the same file
  }
  ~FstFile() {
    if (context_ == nullptr) return;
    fstWriterClose(context_);
    std::remove(temporary_.c_str());
  }
  FstFile(const FstFile&) = delete;
  FstFile& operator=(const FstFile&) = delete;

  void* context() { return context_; }
  void commit() {
    const bool failed = fstWriterGetFseekFailed(context_) != 0;
    fstWriterClose(context_);
    context_ = nullptr;
    std::error_code error;
    if (!failed) std::filesystem::rename(temporary_, path_, error);
    if (!failed && !error) return;
    std::remove(temporary_.c_str());
    throw support::EnvironmentError("cannot write " + path_);
  }

 private:
  std::string path_, temporary_;
  void* context_;
};

void emit(void* context, fstHandle handle, const Signal& signal, const MergedChange& change) {
  if (signal.kind == Kind::real) {
    fstWriterEmitValueChange(context, handle, &change.real);
    return;
  }
  std::string bits;
  for (unsigned b = signal.kind == Kind::event ? 1 : signal.width; b-- > 0;) bits += change.bits >> b & 1 ? '1' : '0';
  fstWriterEmitValueChange(context, handle, bits.data());
}

}  // namespace

void write_fst(const Recording& recording, const std::string& path) {
  FstFile file(path);
  void* const context = file.context();
  std::vector<fstHandle> handles(recording.signals().size());
  std::vector<std::string> scope;
  for (const Place& place : places(recording)) {
    std::size_t common = 0;
    while (common < scope.size() && common < place.scope.size() && scope[common] == place.scope[common]) ++common;
    for (std::size_t up = common; up < scope.size(); ++up) fstWriterSetUpscope(context);
    for (std::size_t down = common; down < place.scope.size(); ++down)
      fstWriterSetScope(context, FST_ST_VCD_MODULE, place.scope[down].c_str(), nullptr);
    scope = place.scope;
    const Signal& signal = recording.signals()[place.signal];
    const bool is_real = signal.kind == Kind::real, is_event = signal.kind == Kind::event;
    const std::string name =
        signal.width > 1 ? place.name + " [" + std::to_string(signal.width - 1) + ":0]" : place.name;
    handles[place.signal] = fstWriterCreateVar(context,
                                               is_real    ? FST_VT_VCD_REAL
                                               : is_event ? FST_VT_VCD_EVENT
                                                          : FST_VT_VCD_WIRE,
                                               FST_VD_IMPLICIT, is_real ? 8 : signal.width, name.c_str(), 0);
  }
  for (std::size_t up = 0; up < scope.size(); ++up) fstWriterSetUpscope(context);
  std::int64_t now = -1;
  for (const MergedChange& change : merged(recording)) {
    if (change.time_ps != now) fstWriterEmitTimeChange(context, static_cast<std::uint64_t>(now = change.time_ps));
    emit(context, handles[change.signal], recording.signals()[change.signal], change);
  }
  file.commit();
}

}  // namespace szilard::waves
