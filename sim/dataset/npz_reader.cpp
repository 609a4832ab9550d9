// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <zlib.h>

#include <algorithm>
#include <string_view>

#include "sim/dataset/dataset.hpp"
#include "sim/dataset/inflate.hpp"
#include "sim/dataset/reader_support.hpp"

namespace szilard::dataset {

using support::DiagnosticCode;

namespace {

/// One file in the archive, as its central directory describes it (PKWARE APPNOTE.TXT 6.3,
/// sections 4.3.7, 4.3.12, 4.3.16).
struct Member {
  std::string array_name;  ///< without .npy
  std::string stored_name;
  std::size_t directory_offset = 0;
  std::uint32_t method = 0, crc = 0, compressed = 0, uncompressed = 0, local_offset = 0;
};

constexpr std::size_t kEndBytes = 22, kCentralBytes = 46, kLocalBytes = 30;
constexpr std::uint32_t kEndSignature = 0x06054b50, kCentralSignature = 0x02014b50, kLocalSignature = 0x04034b50;
constexpr std::uint32_t kEncryptedFlag = 1;

class Archive {
 public:
  Archive(std::string_view bytes, const std::string& name) : bytes_(bytes), name_(name) { read_directory(); }

  const std::vector<Member>& members() const { return members_; }

  std::string extract(const Member& member) const {
    check_local_header(member);
    const std::size_t local = member.local_offset;
    const std::size_t data =
        local + kLocalBytes + little_endian(bytes_, local + 26, 2) + little_endian(bytes_, local + 28, 2);
    if (data > bytes_.size() || member.compressed > bytes_.size() - data) {
      throw error_at(DiagnosticCode::file_truncated, name_, local,
                     "member '" + member.stored_name + "' goes beyond the end of the file");
    }
    const std::string_view stored = bytes_.substr(data, member.compressed);
    std::string content;
    if (member.method == 0) {
      if (member.compressed != member.uncompressed) {
        throw error_at(DiagnosticCode::file_format, name_, member.directory_offset,
                       "stored member '" + member.stored_name + "' has two different sizes");
      }
      content = stored;
    } else {
      Inflater inflater(stored, Inflater::Format::raw_deflate, name_, data);
      inflater.read(std::size_t{member.uncompressed} + 1, content);
      if (content.size() != member.uncompressed) {
        throw error_at(DiagnosticCode::file_format, name_, member.directory_offset,
                       "member '" + member.stored_name + "' does not inflate to its declared size of " +
                           std::to_string(member.uncompressed) + " bytes");
      }
    }
    const auto* raw = reinterpret_cast<const Bytef*>(content.data());
    if (crc32_z(crc32_z(0, nullptr, 0), raw, content.size()) != member.crc) {
      throw error_at(DiagnosticCode::file_format, name_, data,
                     "the checksum of member '" + member.stored_name + "' is wrong");
    }
    return content;
  }

 private:
  std::size_t find_end() const {
    if (bytes_.size() < kEndBytes)
      throw error_at(DiagnosticCode::file_truncated, name_, bytes_.size(), "too short for an .npz archive");
    const std::size_t last = bytes_.size() - kEndBytes;
    const std::size_t first = last > 0xffff ? last - 0xffff : 0;
    for (std::size_t offset = last + 1; offset-- > first;) {
      if (little_endian(bytes_, offset, 4) == kEndSignature && little_endian(bytes_, offset + 20, 2) == last - offset)
        return offset;
    }
    throw error_at(DiagnosticCode::file_truncated, name_, bytes_.size(),
                   "not an .npz archive, or cut short: there is no end-of-central-directory record");
  }

  void read_directory() {
    const std::size_t end = find_end();
    const std::uint32_t disk = little_endian(bytes_, end + 4, 2), directory_disk = little_endian(bytes_, end + 6, 2);
    const std::uint32_t entries_here = little_endian(bytes_, end + 8, 2), entries = little_endian(bytes_, end + 10, 2);
    const std::uint32_t size = little_endian(bytes_, end + 12, 4), start = little_endian(bytes_, end + 16, 4);
    if (entries == 0xffff || size == 0xffffffff || start == 0xffffffff) refuse_zip64(end);
    if (disk != 0 || directory_disk != 0 || entries_here != entries) {
      throw error_at(DiagnosticCode::file_format, name_, end + 4, "archives in several parts are not supported");
    }
    if (start > end || size > end - start) {
      throw error_at(DiagnosticCode::file_format, name_, end + 12, "the central directory lies outside the file");
    }
    std::size_t offset = start;
    for (std::uint32_t i = 0; i < entries; ++i) offset = read_entry(offset, start + size);
    if (offset != start + size)
      throw error_at(DiagnosticCode::file_format, name_, offset,
                     "the central directory has another size than declared");
  }

  std::size_t read_entry(std::size_t offset, std::size_t directory_end) {
    if (directory_end - offset < kCentralBytes || little_endian(bytes_, offset, 4) != kCentralSignature) {
      throw error_at(DiagnosticCode::file_format, name_, offset, "the central directory is corrupt");
    }
    Member member;
    member.directory_offset = offset;
    const std::uint32_t flags = little_endian(bytes_, offset + 8, 2);
    member.method = little_endian(bytes_, offset + 10, 2);
    member.crc = little_endian(bytes_, offset + 16, 4);
    member.compressed = little_endian(bytes_, offset + 20, 4);
    member.uncompressed = little_endian(bytes_, offset + 24, 4);
    member.local_offset = little_endian(bytes_, offset + 42, 4);
    const std::size_t name_bytes = little_endian(bytes_, offset + 28, 2);
    const std::size_t rest = name_bytes + little_endian(bytes_, offset + 30, 2) + little_endian(bytes_, offset + 32, 2);
    if (directory_end - offset - kCentralBytes < rest) {
      throw error_at(DiagnosticCode::file_format, name_, offset, "the central directory is corrupt");
    }
    member.stored_name = bytes_.substr(offset + kCentralBytes, name_bytes);
    if (member.compressed == 0xffffffff || member.uncompressed == 0xffffffff || member.local_offset == 0xffffffff)
      refuse_zip64(offset);
    if (flags & kEncryptedFlag)
      throw error_at(DiagnosticCode::file_format, name_, offset, "member '" + member.stored_name + "' is encrypted");
    if (member.method != 0 && member.method != 8) {
      throw error_at(DiagnosticCode::file_format, name_, offset,
                     "member '" + member.stored_name + "' is compressed by method " + std::to_string(member.method),
                     "supported are stored (0) and deflated (8) members");
    }
    const std::string& stored = member.stored_name;
    const bool is_npy = stored.size() > 4 && stored.compare(stored.size() - 4, 4, ".npy") == 0;
    member.array_name = is_npy ? stored.substr(0, stored.size() - 4) : stored;
    members_.push_back(std::move(member));
    return offset + kCentralBytes + rest;
  }

  // The local header's sizes are not looked at: they are 0 under a data descriptor and all ones in what numpy writes.
  void check_local_header(const Member& member) const {
    const std::size_t local = member.local_offset;
    if (local > bytes_.size() || bytes_.size() - local < kLocalBytes ||
        little_endian(bytes_, local, 4) != kLocalSignature) {
      throw error_at(DiagnosticCode::file_format, name_, member.directory_offset,
                     "the directory entry of '" + member.stored_name + "' points to no member");
    }
    const std::size_t name_bytes = little_endian(bytes_, local + 26, 2);
    if (bytes_.substr(local + kLocalBytes, name_bytes) != member.stored_name) {
      throw error_at(DiagnosticCode::file_format, name_, local,
                     "the member and its directory entry have different names");
    }
  }

  [[noreturn]] void refuse_zip64(std::size_t offset) const {
    throw error_at(DiagnosticCode::file_format, name_, offset,
                   "zip64 archives (members of 4 GiB or more) are not supported",
                   "save the array as an .npy file of its own");
  }

  std::string_view bytes_;
  const std::string& name_;
  std::vector<Member> members_;
};

const Member& choose(const Archive& archive, const std::string& name, const std::string& wanted,
                     const std::vector<std::string>& preferred) {
  const auto find = [&](const std::string& array) -> const Member* {
    const Member* found = nullptr;
    for (const Member& member : archive.members()) {
      if (member.array_name != array) continue;
      if (found)
        throw error_at(DiagnosticCode::file_format, name, member.directory_offset,
                       "the archive holds two arrays '" + array + "'");
      found = &member;
    }
    return found;
  };
  std::string list;
  for (const Member& member : archive.members()) list += (list.empty() ? "" : ", ") + member.array_name;
  const std::string hint = "the archive holds: " + (list.empty() ? std::string("nothing") : list);
  if (!wanted.empty()) {
    if (const Member* member = find(wanted)) return *member;
    throw error_at(DiagnosticCode::file_format, name, 0, "there is no array '" + wanted + "' in the archive", hint);
  }
  for (const std::string& candidate : preferred) {
    if (const Member* member = find(candidate)) return *member;
  }
  if (archive.members().size() == 1) return archive.members().front();
  throw error_at(DiagnosticCode::file_format, name, 0, "which array of the archive is meant is not clear",
                 hint + "; name one: FILE.npz:NAME");
}

}  // namespace

std::string extract_npz(const std::string& bytes, std::string& name, const std::string& member,
                        const std::vector<std::string>& preferred) {
  const Archive archive(bytes, name);
  const Member& chosen = choose(archive, name, member, preferred);
  std::string extracted = archive.extract(chosen);
  name += ":" + chosen.array_name;
  return extracted;
}

Array parse_npz(const std::string& bytes, const std::string& name, const std::string& member,
                const std::vector<std::string>& preferred) {
  std::string full_name = name;
  const std::string extracted = extract_npz(bytes, full_name, member, preferred);
  return parse_npy(extracted, full_name);
}

}  // namespace szilard::dataset
