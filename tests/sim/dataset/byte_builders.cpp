// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/dataset/byte_builders.hpp"

#include <unistd.h>
#include <zlib.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace szilard::dataset::test {

namespace {

std::string u16(std::size_t value) { return element(static_cast<std::uint16_t>(value)); }
std::string u32(std::size_t value) { return element(static_cast<std::uint32_t>(value)); }

}  // namespace

std::string npy(const std::string& dictionary, const std::string& data, int version) {
  const std::string text = dictionary + "\n";
  std::string file = "\x93NUMPY" + std::string(1, static_cast<char>(version)) + std::string(1, '\0');
  file += version == 1 ? u16(text.size()) : u32(text.size());
  return file + text + data;
}

std::string npy(const std::string& descr, const std::string& shape, const std::string& data, bool fortran_order,
                int version) {
  return npy("{'descr': '" + descr + "', 'fortran_order': " + (fortran_order ? "True" : "False") +
                 ", 'shape': " + shape + ", }",
             data, version);
}

std::string deflate(const std::string& content, bool gzip) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, gzip ? 31 : -15, 8, Z_DEFAULT_STRATEGY);
  std::string out(compressBound(static_cast<uLong>(content.size())) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  ::deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string zip(const std::vector<ZipMember>& members, const std::string& comment) {
  std::string file, directory;
  for (const ZipMember& member : members) {
    const std::string data = member.deflated ? deflate(member.content, false) : member.content;
    const std::size_t crc =
        crc32(0, reinterpret_cast<const Bytef*>(member.content.data()), static_cast<uInt>(member.content.size()));
    const std::size_t offset = file.size(), method = member.deflated ? 8 : 0, flags = member.data_descriptor ? 8 : 0;
    const std::string sizes = u32(data.size()) + u32(member.content.size());
    file += "PK\x03\x04" + u16(member.zip64_local ? 45 : 20) + u16(flags) + u16(method) + u32(0);
    if (member.zip64_local) {
      file += u32(crc) + u32(0xffffffff) + u32(0xffffffff) + u16(member.name.size()) + u16(20) + member.name;
      file += u16(1) + u16(16) + element<std::uint64_t>(member.content.size()) + element<std::uint64_t>(data.size());
    } else {
      file += (member.data_descriptor ? u32(0) + u32(0) + u32(0) : u32(crc) + sizes) + u16(member.name.size()) +
              u16(0) + member.name;
    }
    file += data;
    if (member.data_descriptor) file += "PK\x07\x08" + u32(crc) + sizes;
    directory += "PK\x01\x02" + u16(20) + u16(20) + u16(flags) + u16(method) + u32(0) + u32(crc) + sizes +
                 u16(member.name.size());
    directory += u16(0) + u16(0) + u16(0) + u16(0) + u32(0) + u32(offset) + member.name;
  }
  const std::size_t start = file.size();
  file += directory + "PK\x05\x06" + u16(0) + u16(0) + u16(members.size()) + u16(members.size()) +
          u32(directory.size()) + u32(start);
  return file + u16(comment.size()) + comment;
}

std::string idx(unsigned char type, const std::vector<std::uint32_t>& shape, const std::string& data) {
  std::string file(2, '\0');
  file += static_cast<char>(type);
  file += static_cast<char>(shape.size());
  return file + elements(shape, true) + data;
}

TemporaryFile::TemporaryFile(const std::string& name, const std::string& content) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("szilard-dataset-test-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  path_ = (folder / name).string();
  std::ofstream(path_, std::ios::binary) << content;
}

TemporaryFile::~TemporaryFile() {
  std::error_code error;
  std::filesystem::remove(path_, error);
  std::filesystem::remove(std::filesystem::path(path_).parent_path(), error);
}

}  // namespace szilard::dataset::test
