// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/dataset/dataset.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "models/support/philox.hpp"
#include "tests/sim/dataset/byte_builders.hpp"

using namespace szilard::dataset;
using namespace szilard::dataset::test;
using szilard::support::InputError;
using Code = szilard::support::DiagnosticCode;

namespace {

Array counting(const std::vector<std::int64_t>& shape) {
  std::size_t size = 1;
  for (const std::int64_t dimension : shape) size *= static_cast<std::size_t>(dimension);
  std::vector<unsigned char> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<unsigned char>(i);
  return Array(shape, Array::Type::uint8, bytes);
}

Array from_npy(const std::string& bytes) { return parse_npy(bytes, "labels"); }

Code refusal_code(Array labels) {
  try {
    Dataset("images", counting({3, 2}), 1.0, std::move(labels), "labels");
  } catch (const InputError& error) {
    CHECK(error.diagnostics()[0].where.file == "labels");
    return error.diagnostics()[0].code;
  }
  FAIL("the labels are accepted");
  return Code::usage;
}

std::string read_bytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("a block holds the scaled features of its items, each item flattened row by row") {
  const Dataset data("images", counting({21, 2, 3}), 0.5, {});
  CHECK(data.items() == 21);
  CHECK(data.features() == 6);
  CHECK_FALSE(data.has_labels());
  for (const std::size_t first : {0, 3, 8, 20}) {
    for (const std::size_t count : {0, 1, 7, 8, 9, 13}) {
      if (first + count > 21) continue;
      const auto block = data.block(first, count);
      REQUIRE(block.samples() == count);
      CHECK(block.first_sample() == first);
      for (std::size_t s = 0; s < count; ++s) {
        for (std::size_t f = 0; f < 6; ++f) REQUIRE(block.at(f, s) == 0.5 * static_cast<double>((first + s) * 6 + f));
      }
    }
  }
  CHECK_THROWS_AS(data.block(20, 2), std::out_of_range);
  CHECK_THROWS_AS(data.block(22, 0), std::out_of_range);
}

TEST_CASE("labels may be any integers, or floats that hold integers") {
  const std::vector<double> wanted = {3, 0, 9};
  for (const std::string& bytes :
       {npy("|u1", "(3,)", std::string("\x03\x00\x09", 3)),
        npy(">i8", "(3,)", elements(std::vector<std::int64_t>{3, 0, 9}, true)),
        npy("<f4", "(3, 1)", elements(std::vector<float>{3, 0, 9})), npy("<f8", "(3,)", elements(wanted))}) {
    const Dataset data("images", counting({3, 2}), 1.0, from_npy(bytes));
    CHECK(data.labels() == std::vector<std::int64_t>{3, 0, 9});
  }
}

TEST_CASE("labels that cannot be are refused", "[bad]") {
  CHECK(refusal_code(from_npy(npy("|u1", "(2,)", "ab"))) == Code::label_count);
  CHECK(refusal_code(from_npy(npy("|u1", "(4,)", "abcd"))) == Code::label_count);
  CHECK(refusal_code(from_npy(npy("|u1", "(1, 3)", "abc"))) == Code::label_count);
  CHECK(refusal_code(from_npy(npy("|u1", "()", "a"))) == Code::label_count);
  CHECK(refusal_code(from_npy(npy("|i1", "(3,)", "\xff\x01\x01"))) == Code::label_count);
  CHECK(refusal_code(from_npy(npy("<f8", "(3,)", elements(std::vector<double>{1, 2.5, 3})))) == Code::label_count);
  CHECK(refusal_code(from_npy(npy("<f8", "(3,)", elements(std::vector<double>{1, NAN, 3})))) == Code::label_count);
  CHECK(refusal_code(from_npy(npy("<i8", "(3,)", elements(std::vector<std::int64_t>{1, 1LL << 40, 3})))) ==
        Code::label_count);
}

TEST_CASE("data without items, scales and values that are not finite are refused", "[bad]") {
  CHECK_THROWS_AS(Dataset("x", from_npy(npy("|u1", "(0, 3)", "")), 1.0, {}), InputError);
  CHECK_THROWS_AS(Dataset("x", from_npy(npy("|u1", "(3, 0)", "")), 1.0, {}), InputError);
  CHECK_THROWS_AS(Dataset("x", from_npy(npy("|u1", "()", "a")), 1.0, {}), InputError);
  CHECK_THROWS_AS(Dataset("x", counting({3, 2}), NAN, {}), InputError);
  const Dataset data("x", from_npy(npy("<f8", "(2, 2)", elements(std::vector<double>{1, 2, 3, INFINITY}))), 1.0, {});
  CHECK_NOTHROW(data.block(0, 1));
  try {
    data.block(0, 2);
    FAIL("infinity is accepted");
  } catch (const InputError& error) {
    CHECK(error.diagnostics()[0].code == Code::non_finite);
    CHECK_THAT(error.diagnostics()[0].message, Catch::Contains("item 1") && Catch::Contains("position 1"));
  }
}

TEST_CASE("load takes labels by name from an archive") {
  const std::string folder = SZILARD_SOURCE_DIR "/scenarios/data/";
  const Dataset data = Dataset::load(folder + "mnist_calib.npz", folder + "mnist_calib.npz", 1.0 / 255);
  CHECK(data.items() == 1000);
  CHECK(data.labels()[0] == 5);  // the famous first training image
  const Dataset iris = Dataset::load(folder + "iris.npz", folder + "iris.npz", 1);
  CHECK(iris.labels()[149] == 2);
}

TEST_CASE("what write_npy writes reads back bit for bit") {
  const TemporaryFile file("out.npy", "old content");
  const std::uint64_t seed = 99;
  INFO("seed " << seed);
  const szilard::support::RandomStream random(seed, 1);
  for (const std::vector<std::int64_t>& shape : {std::vector<std::int64_t>{}, {5}, {0}, {4, 3}, {2, 3, 4, 5}}) {
    std::size_t size = 1;
    for (const std::int64_t d : shape) size *= static_cast<std::size_t>(d);
    std::vector<double> reals(size);
    std::vector<std::int64_t> integers(size);
    for (std::size_t i = 0; i < size; ++i) {
      reals[i] = random.gaussian(0, static_cast<std::uint32_t>(i));
      integers[i] = static_cast<std::int64_t>(reals[i] * 1e6);
    }
    write_npy(file.path(), shape, reals.data());
    const Array read = read_array(file.path());
    CHECK(read.shape() == shape);
    CHECK(read.type() == Array::Type::float64);
    for (std::size_t i = 0; i < size; ++i) REQUIRE(read.at(i) == reals[i]);
    CHECK(read_bytes(file.path()).find('\n') % 64 == 63);
    write_npy(file.path(), shape, integers.data());
    const Array whole = read_array(file.path());
    CHECK(whole.type() == Array::Type::int64);
    for (std::size_t i = 0; i < size; ++i) REQUIRE(whole.at(i) == static_cast<double>(integers[i]));
  }
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(file.path()).parent_path())) {
    files += entry.path().filename().string().find("out.npy") == 0 ? 1 : 0;
  }
  CHECK(files == 1);  // no temporary file stays behind
}

TEST_CASE("a file that cannot be written is an environment error", "[bad]") {
  const double value = 1;
  CHECK_THROWS_AS(write_npy("/nonexistent/folder/out.npy", {1}, &value), szilard::support::EnvironmentError);
}

TEST_CASE("numpy agrees on every format in both directions") {
  const std::string python = "/usr/bin/python3";
  if (std::system((python + " -c 'import numpy' 2>/dev/null").c_str()) != 0) {
    std::cerr << "SKIPPED: no python3 with numpy; the formats are checked against hand-made bytes only\n";
    WARN("numpy is not installed: the comparison with numpy is skipped");
    return;
  }
  const TemporaryFile keep("keep", "");
  const std::string folder = std::filesystem::path(keep.path()).parent_path().string();
  const std::string script =
      "import numpy as np, sys\n"
      "f = sys.argv[1]\n"
      "a = (np.arange(24) * 5 % 97).reshape(2, 3, 4)\n"
      "for t in ['?', 'i1', '<i2', '>i4', '<i8', 'u1', '>u2', '<u4', '>u8', '<f2', '>f4', '<f8']:\n"
      "    np.save(f + '/py_' + t.strip('<>?') + ('b' if t == '?' else '') + '.npy', a.astype(t))\n"
      "    np.save(f + '/py_F' + t.strip('<>?') + ('b' if t == '?' else '') + '.npy', np.asfortranarray(a.astype(t)))\n"
      "np.savez(f + '/py_stored.npz', images=a, y=a * 2)\n"
      "np.savez_compressed(f + '/py_deflated.npz', images=a, y=a * 2)\n"
      "with open(f + '/py_v2.npy', 'wb') as o: np.lib.format.write_array(o, a, version=(2, 0))\n"
      "with open(f + '/py_v3.npy', 'wb') as o: np.lib.format.write_array(o, a, version=(3, 0))\n"
      "b = np.load(f + '/cpp.npy')\n"
      "assert b.dtype == np.float64 and b.shape == (2, 3) and (b.ravel() == [0, .1, .2, .3, .4, .5]).all()\n";
  std::vector<double> tenths = {0, 0.1, 0.2, 0.3, 0.4, 0.5};
  write_npy(folder + "/cpp.npy", {2, 3}, tenths.data());
  std::ofstream(folder + "/make.py") << script;
  REQUIRE(std::system((python + " '" + folder + "/make.py' '" + folder + "'").c_str()) == 0);
  const auto check = [&](const std::string& name, double factor, bool boolean) {
    const Array array = read_array(folder + "/" + name);
    INFO(name);
    REQUIRE(array.shape() == std::vector<std::int64_t>{2, 3, 4});
    for (std::size_t i = 0; i < 24; ++i) {
      const double value = static_cast<double>(i * 5 % 97);
      REQUIRE(array.at(i) == (boolean ? (value != 0 ? 1 : 0) : value * factor));
    }
  };
  for (const std::string type : {"b", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"}) {
    check("py_" + type + ".npy", 1, type == "b");
    check("py_F" + type + ".npy", 1, type == "b");
  }
  for (const char* name : {"py_v2.npy", "py_v3.npy", "py_stored.npz", "py_deflated.npz", "py_stored.npz:images"})
    check(name, 1, false);
  for (const char* name : {"py_stored.npz:y", "py_deflated.npz:y"}) check(name, 2, false);
  std::filesystem::remove_all(folder);
}
