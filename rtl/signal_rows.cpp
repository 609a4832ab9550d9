// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "rtl/signal_rows.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace szilard::rtl {

std::optional<BitPlace> find_bit(std::string name, const GateMeter::SignalLookup& lookup) {
  std::vector<int> indices;
  while (true) {
    if (const auto signal = lookup(name)) {
      BitPlace place;
      place.signal = *signal;
      std::reverse(indices.begin(), indices.end());
      const std::size_t wanted = (signal->elements > 1) + (signal->bits > 1);
      if (indices.size() > wanted) return {};
      if (signal->elements > 1) {
        if (indices.empty() || indices.front() < 0 || indices.front() >= static_cast<int>(signal->elements)) return {};
        place.element = static_cast<unsigned>(indices.front());
        indices.erase(indices.begin());
      }
      const int bit = indices.empty() ? 0 : indices.front() - signal->low;
      if (bit < 0 || bit >= static_cast<int>(signal->bits)) return {};
      place.bit = static_cast<unsigned>(bit);
      return place;
    }
    const std::size_t open = name.rfind('[');
    if (name.empty() || name.back() != ']' || open == std::string::npos || indices.size() == 2) return {};
    int index = 0;
    const auto [end, error] = std::from_chars(name.data() + open + 1, name.data() + name.size() - 1, index);
    if (error != std::errc() || end != name.data() + name.size() - 1) return {};
    indices.push_back(index);
    name.resize(open);
  }
}

void SignalRows::add(BitPlace& place) {
  const SignalView& s = place.signal;
  const std::uint8_t* at = s.data + place.element * s.element_bytes;
  const auto [entry, is_new] = offsets_.try_emplace(at, words_);
  if (is_new) {
    const std::size_t bytes = (s.bits + 7) / 8;
    copies_.push_back({at, bytes, words_});
    words_ += (bytes + 7) / 8;
  }
  place.row_bit = 64 * entry->second + place.bit;
}

void SignalRows::note() {
  const std::size_t first = rows_.size();
  rows_.resize(first + words_, 0);
  for (const Copy& copy : copies_) std::memcpy(rows_.data() + first + copy.word, copy.from, copy.bytes);
  ++count_;
}

void SignalRows::keep_last() {
  if (count_ > 1) rows_.erase(rows_.begin(), rows_.end() - static_cast<std::ptrdiff_t>(words_));
  count_ = std::min<std::size_t>(count_, 1);
}

void SignalRows::clear() {
  rows_.clear();
  count_ = 0;
}

void SignalRows::bits(std::uint64_t first, unsigned count, const std::vector<BitPlace>& places,
                      std::uint64_t* value) const {
  std::fill(value, value + places.size(), 0);
  for (unsigned c = 0; c < count; ++c) {
    const std::uint64_t* row = rows_.data() + (first + c) * words_;
    for (std::size_t i = 0; i < places.size(); ++i)
      value[i] |= (row[places[i].row_bit / 64] >> places[i].row_bit % 64 & 1) << c;
  }
}

}  // namespace szilard::rtl
