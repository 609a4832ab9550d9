// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/train/checkpoint.hpp"

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "models/support/atomic_file.hpp"
#include "models/support/diagnostics.hpp"
#include "models/support/sha256.hpp"

namespace szilard::train {
namespace {

using support::DiagnosticCode;
using support::InputError;

constexpr char kMagic[] = "szilard.checkpoint/1\n";
constexpr std::size_t kDigest = 64;

void put(std::string& out, std::uint64_t value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  out.append(bytes, sizeof value);
}

void put(std::string& out, const std::vector<double>& values) {
  put(out, values.size());
  out.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(double));
}

class Reader {
 public:
  Reader(const std::string& bytes, const std::string& path) : bytes_(bytes), path_(path) {}

  std::string text(std::size_t size) {
    need(size);
    at_ += size;
    return bytes_.substr(at_ - size, size);
  }
  std::uint64_t number() {
    std::uint64_t value;
    std::memcpy(&value, text(sizeof value).data(), sizeof value);
    return value;
  }
  std::vector<double> values() {
    const std::uint64_t count = number();
    if (count > (bytes_.size() - at_) / sizeof(double)) fail();
    std::vector<double> out(count);
    std::memcpy(out.data(), bytes_.data() + at_, count * sizeof(double));
    at_ += count * sizeof(double);
    return out;
  }
  bool at_end() const { return at_ == bytes_.size(); }
  [[noreturn]] void fail() const {
    throw InputError(DiagnosticCode::file_format, {path_, 1, int(at_) + 1}, "not a checkpoint of szilard, or damaged",
                     "--restart trains anew");
  }

 private:
  void need(std::size_t size) const {
    if (size > bytes_.size() - at_) fail();
  }
  const std::string& bytes_;
  const std::string& path_;
  std::size_t at_ = 0;
};

}  // namespace

void write_checkpoint(const std::string& path, const std::string& identity, const Checkpoint& checkpoint) {
  std::string body;
  put(body, checkpoint.temperature);
  put(body, checkpoint.trainer);
  put(body, checkpoint.history);
  put(body, checkpoint.done_trainers.size());
  for (std::size_t i = 0; i < checkpoint.done_trainers.size(); ++i) {
    put(body, checkpoint.done_trainers[i]);
    put(body, checkpoint.done_histories[i]);
  }
  support::write_file(path, kMagic + support::sha256(identity.data(), identity.size()) +
                                support::sha256(body.data(), body.size()) + body);
}

std::optional<Checkpoint> read_checkpoint(const std::string& path, const std::string& identity) {
  if (!std::filesystem::exists(path)) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  Reader reader(bytes, path);
  if (reader.text(sizeof kMagic - 1) != kMagic) reader.fail();
  if (reader.text(kDigest) != support::sha256(identity.data(), identity.size()))
    throw InputError(DiagnosticCode::conflict, {path, 1, 1}, "this folder holds the checkpoint of another training",
                     "choose another with -o, or --restart to drop it");
  const std::string digest = reader.text(kDigest), body = bytes.substr(sizeof kMagic - 1 + 2 * kDigest);
  if (digest != support::sha256(body.data(), body.size())) reader.fail();
  Checkpoint out;
  out.temperature = reader.number();
  out.trainer = reader.values();
  out.history = reader.values();
  for (std::uint64_t left = reader.number(); left > 0; --left) {
    out.done_trainers.push_back(reader.values());
    out.done_histories.push_back(reader.values());
  }
  if (!reader.at_end() || out.temperature != out.done_trainers.size()) reader.fail();
  return out;
}

}  // namespace szilard::train
