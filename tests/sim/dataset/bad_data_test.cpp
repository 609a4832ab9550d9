// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "sim/dataset/dataset.hpp"
#include "tests/sim/dataset/byte_builders.hpp"

using namespace szilard::dataset;
using namespace szilard::dataset::test;
using szilard::support::Diagnostic;
using szilard::support::InputError;
using Code = szilard::support::DiagnosticCode;

namespace {

template <typename Parse>
Diagnostic refusal(Parse parse) {
  try {
    parse();
  } catch (const InputError& error) {
    REQUIRE(!error.diagnostics().empty());
    return error.diagnostics().front();
  }
  FAIL("the data are accepted");
  return {};
}

struct BadFile {
  const char* what;
  Code code;
  const char* message;
  std::string bytes;
};

void check(const BadFile& bad, const Diagnostic& diagnostic) {
  INFO(bad.what << ": " << diagnostic.message);
  CHECK(szilard::support::diagnostic_code_name(diagnostic.code) == szilard::support::diagnostic_code_name(bad.code));
  CHECK_THAT(diagnostic.message, Catch::Contains(bad.message));
  CHECK(diagnostic.where.file.substr(0, 5) == "a.dat");
  CHECK(diagnostic.where.column >= 1);
}

std::string changed(std::string bytes, std::size_t offset, const std::string& by) {
  REQUIRE(offset + by.size() <= bytes.size());
  return bytes.replace(offset, by.size(), by);
}

const std::string kGood = npy("|u1", "(2, 2)", "abcd");

}  // namespace

TEST_CASE("bad .npy files are refused with code and place", "[bad]") {
  const BadFile files[] = {
      {"empty", Code::file_format, "not an .npy file", ""},
      {"other magic", Code::file_format, "not an .npy file", "\x93NUMPX" + kGood.substr(6)},
      {"ends in the magic", Code::file_truncated, "ends within", kGood.substr(0, 8)},
      {"version 4", Code::unsupported_version, "4.0", changed(kGood, 6, "\x04")},
      {"version 1.1", Code::unsupported_version, "1.1", changed(kGood, 7, "\x01")},
      {"header longer than the file", Code::file_truncated, "ends within", changed(kGood, 8, "\xff\xff")},
      {"header of 4 GiB", Code::file_too_large, "1 MiB",
       npy("|u1", "(1,)", "a", false, 2).replace(8, 4, "\xff\xff\xff\xff")},
      {"data missing", Code::file_truncated, "declares 4 bytes of data, there are 3",
       kGood.substr(0, kGood.size() - 1)},
      {"data left over", Code::file_format, "1 bytes after", kGood + "e"},
      {"no dictionary", Code::file_format, "expected '{'", npy("hello", "")},
      {"unterminated dictionary", Code::file_format, "expected", npy("{'descr': '|u1'", "")},
      {"unterminated string", Code::file_format, "unterminated", npy("{'descr", "")},
      {"key missing", Code::file_format, "needs the keys", npy("{'descr': '|u1', 'shape': (1,)}", "a")},
      {"key twice", Code::file_format, "twice",
       npy("{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': (1,)}", "a")},
      {"unknown key", Code::file_format, "unknown key 'extra'",
       npy("{'extra': '|u1', 'fortran_order': False, 'shape': (1,)}", "a")},
      {"text after the dictionary", Code::file_format, "text after",
       npy("{'descr': '|u1', 'fortran_order': False, 'shape': (1,)} x", "a")},
      {"order not a boolean", Code::file_format, "True or False",
       npy("{'descr': '|u1', 'fortran_order': 0, 'shape': (1,)}", "a")},
      {"shape not a tuple", Code::file_format, "expected '('", npy("|u1", "7", "a")},
      {"negative dimension", Code::file_format, "not a number", npy("|u1", "(-1,)", "a")},
      {"dimension beyond 64 bits", Code::file_format, "not a number", npy("|u1", "(99999999999999999999,)", "a")},
      {"product beyond 64 bits", Code::file_too_large, "4 GiB",
       npy("|u1", "(4294967296, 4294967296, 4294967296)", "a")},
      {"huge beside zero", Code::file_too_large, "4 GiB",
       npy("<f8", "(0, 9223372036854775807, 9223372036854775807)", "")},
      {"a gigabyte declared", Code::file_truncated, "declares 1073741824 bytes", npy("|u1", "(1073741824,)", "a")},
      {"65 dimensions", Code::file_format, "64 dimensions",
       npy(
           "|u1",
           "(" +
               [] {
                 std::string s;
                 for (int i = 0; i < 65; ++i) s += "1,";
                 return s;
               }() +
               ")",
           "a")},
      {"structured type", Code::file_format, "structured",
       npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", "abcd")},
      {"complex", Code::file_format, "'<c8' is not supported", npy("<c8", "(1,)", "abcdefgh")},
      {"object", Code::file_format, "'|O' is not supported", npy("|O", "(1,)", "abcdefgh")},
      {"text", Code::file_format, "'<U3' is not supported", npy("<U3", "(1,)", "abcdefghijkl")},
      {"wide type without byte order", Code::file_format, "'|f4' is not supported", npy("|f4", "(1,)", "abcd")},
      {"float of 3 bytes", Code::file_format, "'<f3' is not supported", npy("<f3", "(1,)", "abc")},
  };
  for (const BadFile& bad : files) check(bad, refusal([&] { parse_npy(bad.bytes, "a.dat"); }));
}

TEST_CASE("the column of a diagnostic is the byte offset + 1", "[bad]") {
  const Diagnostic diagnostic = refusal([] { parse_npy(kGood + "e", "a.dat"); });
  CHECK(diagnostic.where.column == static_cast<int>(kGood.size()) + 1);
  CHECK(diagnostic.where.line == 1);
}

TEST_CASE("bad .npz archives are refused", "[bad]") {
  const std::string two = zip({{"a.npy", kGood, true}, {"b.npy", kGood}});
  const std::size_t end = two.size() - 22;
  const std::size_t directory = two.find("PK\x01\x02"), second = two.find("PK\x01\x02", directory + 1);
  const BadFile files[] = {
      {"too short", Code::file_truncated, "too short", "PK\x03\x04"},
      {"cut short", Code::file_truncated, "end-of-central-directory", two.substr(0, two.size() - 1)},
      {"no such array", Code::file_format, "no array 'q'", two},
      {"zip64", Code::file_format, "zip64", changed(two, end + 16, "\xff\xff\xff\xff")},
      {"zip64 member", Code::file_format, "zip64", changed(two, directory + 24, "\xff\xff\xff\xff")},
      {"several disks", Code::file_format, "several parts", changed(two, end + 4, "\x01")},
      {"directory outside", Code::file_format, "outside", changed(two, end + 16, "\xff\xff\xff\x7f")},
      {"fewer entries than declared", Code::file_format, "corrupt",
       changed(changed(two, end + 8, "\x03"), end + 10, "\x03")},
      {"more entries than declared", Code::file_format, "another size",
       changed(changed(two, end + 8, "\x01"), end + 10, "\x01")},
      {"encrypted", Code::file_format, "encrypted", changed(two, directory + 8, "\x01")},
      {"bzip2", Code::file_format, "method 12", changed(two, directory + 10, "\x0c")},
      {"entry points nowhere", Code::file_format, "points to no member", changed(two, directory + 42, "\x01")},
      {"entry points outside", Code::file_format, "points to no member",
       changed(two, directory + 42, "\xff\xff\xff\x7f")},
      {"name longer than the directory", Code::file_format, "corrupt", changed(two, second + 28, "\xff\xff")},
      {"names differ", Code::file_format, "different names", changed(two, 30, "z")},
      {"wrong checksum", Code::file_format, "checksum", changed(two, directory + 16, "zzzz")},
      {"inflates to another size", Code::file_format, "does not inflate", changed(two, directory + 24, "\x01")},
      {"goes beyond the end", Code::file_truncated, "beyond the end", changed(two, directory + 20, "\xff\xff\xff\x7f")},
  };
  for (const BadFile& bad : files) {
    const std::string member = std::string(bad.what) == "no such array" ? "q" : "a";
    check(bad, refusal([&] { parse_npz(bad.bytes, "a.dat", member, {}); }));
  }
  const BadFile stored = {"stored member with two sizes", Code::file_format, "two different sizes",
                          changed(two, second + 24, "\x01")};
  check(stored, refusal([&] { parse_npz(stored.bytes, "a.dat", "b", {}); }));
  const BadFile unclear = {"not clear which", Code::file_format, "not clear", two};
  const Diagnostic diagnostic = refusal([&] { parse_npz(two, "a.dat", "", {"images"}); });
  check(unclear, diagnostic);
  CHECK_THAT(diagnostic.hint, Catch::Contains("a, b"));
  const BadFile twice = {"one name twice", Code::file_format, "two arrays", zip({{"a.npy", kGood}, {"a.npy", kGood}})};
  check(twice, refusal([&] { parse_npz(twice.bytes, "a.dat", "a", {}); }));
  const BadFile empty = {"nothing inside", Code::file_format, "not clear", zip({})};
  check(empty, refusal([&] { parse_npz(empty.bytes, "a.dat", "", {}); }));
}

TEST_CASE("bad IDX files are refused", "[bad]") {
  const std::string good = idx(8, {2, 2}, "abcd"), packed = deflate(good, true);
  const BadFile files[] = {
      {"empty", Code::file_truncated, "ends within", ""},
      {"no zeros first", Code::file_format, "two zero bytes", "abcd"},
      {"unknown type", Code::file_format, "type 10", idx(10, {1}, "a")},
      {"ends in the dimensions", Code::file_truncated, "ends within", good.substr(0, 9)},
      {"data missing", Code::file_truncated, "declares 4 bytes", good.substr(0, 15)},
      {"data left over", Code::file_format, "after the array", good + "e"},
      {"four dimensions of 4 billion", Code::file_too_large, "4 GiB", idx(8, {~0u, ~0u, ~0u, ~0u}, "a")},
      {"two gigabytes declared in gzip", Code::file_truncated, "declares 2147483648 bytes",
       deflate(idx(8, {1u << 31}, "abc"), true)},
      {"gzip cut short", Code::file_truncated, "end early", packed.substr(0, packed.size() - 9)},
      {"gzip without its checksum", Code::file_truncated, "end early", packed.substr(0, packed.size() - 4)},
      {"gzip corrupt", Code::file_format, "corrupt", changed(packed, packed.size() - 8, "zzzz")},
      {"gzip of something else", Code::file_format, "two zero bytes", deflate("hello world", true)},
      {"gzip with data left over", Code::file_format, "after the array", deflate(good + "e", true)},
  };
  for (const BadFile& bad : files) check(bad, refusal([&] { parse_idx(bad.bytes, "a.dat"); }));
}

TEST_CASE("compressed data may not grow without bound", "[bad]") {
  // Many gzip members one after the other, each 16 KiB long and 16 MiB when inflated.
  const std::string zeros = deflate(std::string(16u << 20, '\0'), true);
  std::string bomb = deflate(idx(8, {300u << 20}, ""), true);
  for (int i = 0; i < 17; ++i) bomb += zeros;
  CHECK(bomb.size() < 1u << 20);
  CHECK(refusal([&] { parse_idx(bomb, "a.dat"); }).code == Code::file_too_large);
}

TEST_CASE("paths that are no data are refused", "[bad]") {
  const TemporaryFile text("a.txt", "hello"), empty("empty.npy", ""), plain("plain.npz", kGood);
  CHECK(refusal([&] { read_array("/nonexistent/a.npy"); }).code == Code::file_not_found);
  CHECK(refusal([&] { read_array("/nonexistent/a.npz:b"); }).code == Code::file_not_found);
  CHECK(refusal([&] { read_array("/tmp"); }).code == Code::file_not_found);
  CHECK(refusal([&] { read_array(text.path()); }).code == Code::file_format);
  CHECK(refusal([&] { read_array(empty.path()); }).code == Code::file_truncated);
  CHECK(refusal([&] { read_array(plain.path() + ":a"); }).code == Code::file_format);
  CHECK(refusal([&] { read_array(plain.path() + ":"); }).code == Code::file_format);
}

TEST_CASE("a file cut short anywhere is refused, and any one byte changed is read or refused") {
  const std::string array = npy(">f4", "(2, 3)", std::string(24, '\x3f'), true);
  const std::string packed_idx = deflate(idx(0x0b, {3, 2}, std::string(12, '\x11')), true);
  const std::string archive = zip({{"a.npy", array, true, true}, {"b.npy", array}});
  const auto survives = [](const std::string& bytes, int format) {
    try {
      if (format == 0) parse_npy(bytes, "x");
      if (format == 1) parse_idx(bytes, "x");
      if (format == 2) parse_npz(bytes, "x", "a", {});
      if (format == 3) parse_npz(bytes, "x", "b", {});
      return true;
    } catch (const InputError&) {
      return false;
    }
  };
  const std::string* const files[] = {&array, &packed_idx, &archive, &archive};
  for (int format = 0; format < 4; ++format) {
    const std::string& whole = *files[format];
    REQUIRE(survives(whole, format));
    for (std::size_t length = 0; length < whole.size(); ++length) {
      const bool alive = survives(whole.substr(0, length), format);
      if (alive) FAIL("format " << format << " accepted when cut to " << length);
    }
    for (std::size_t offset = 0; offset < whole.size(); ++offset) {
      for (int flip = 1; flip < 256; ++flip) {
        std::string bytes = whole;
        bytes[offset] = static_cast<char>(bytes[offset] ^ flip);
        survives(bytes, format);
      }
    }
  }
}
