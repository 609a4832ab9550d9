// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/dataset/inflate.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <new>

#include "sim/dataset/reader_support.hpp"

namespace szilard::dataset {

using support::DiagnosticCode;

struct Inflater::State {
  z_stream stream{};
};

Inflater::Inflater(std::string_view compressed, Format format, const std::string& name, std::size_t offset)
    : compressed_(compressed),
      format_(format),
      name_(name),
      offset_(offset),
      limit_(std::min(kMaximumFileBytes,
                      std::max(kFreeInflatedBytes, std::uint64_t{compressed.size()} * kMaximumInflation))),
      state_(std::make_unique<State>()) {
  const int window_bits = format == Format::gzip ? 16 + MAX_WBITS : -MAX_WBITS;
  if (inflateInit2(&state_->stream, window_bits) != Z_OK) throw std::bad_alloc();
}

Inflater::~Inflater() { inflateEnd(&state_->stream); }

void Inflater::fail_corrupt() const {
  const char* reason = state_->stream.msg ? state_->stream.msg : "unknown reason";
  throw error_at(DiagnosticCode::file_format, name_, offset_ + state_->stream.total_in,
                 std::string("the compressed data are corrupt: ") + reason);
}

void Inflater::inflate_some(unsigned char* out, std::size_t count, std::size_t& produced) {
  z_stream& stream = state_->stream;
  // avail_in is 32 bits wide: what is left beyond that is handed over in the next call.
  const std::size_t step = std::min<std::size_t>(compressed_.size(), 1u << 30);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed_.data()));
  stream.avail_in = static_cast<uInt>(step);
  stream.next_out = out;
  stream.avail_out = static_cast<uInt>(count);
  const int result = inflate(&stream, Z_NO_FLUSH);
  const std::size_t consumed = step - stream.avail_in;
  compressed_.remove_prefix(consumed);
  produced = count - stream.avail_out;
  if (result == Z_STREAM_END) {
    // A gzip file may hold several members, one after the other.
    if (format_ == Format::gzip && !compressed_.empty()) {
      offset_ += stream.total_in;
      if (inflateReset(&stream) != Z_OK) fail_corrupt();
    } else {
      ended_ = true;
    }
    return;
  }
  if (result == Z_MEM_ERROR) throw std::bad_alloc();
  if (result != Z_OK && result != Z_BUF_ERROR) fail_corrupt();
  if (produced == 0 && compressed_.empty()) {
    throw error_at(DiagnosticCode::file_truncated, name_, offset_ + stream.total_in, "the compressed data end early");
  }
}

void Inflater::read(std::size_t count, std::string& out) {
  std::array<unsigned char, 1 << 16> buffer;
  while (count > 0 && !ended_) {
    std::size_t produced = 0;
    inflate_some(buffer.data(), std::min(count, buffer.size()), produced);
    total_ += produced;
    if (total_ > limit_) {
      throw error_at(DiagnosticCode::file_too_large, name_, offset_,
                     "the compressed data grow beyond 256 MiB and beyond 100 times their size");
    }
    out.append(reinterpret_cast<const char*>(buffer.data()), produced);
    count -= produced;
  }
}

}  // namespace szilard::dataset
