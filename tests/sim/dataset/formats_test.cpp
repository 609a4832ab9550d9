// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>
#include <functional>
#include <limits>

#include "sim/dataset/dataset.hpp"
#include "tests/sim/dataset/byte_builders.hpp"

using namespace szilard::dataset;
using namespace szilard::dataset::test;
using Type = Array::Type;
using Shape = std::vector<std::int64_t>;

namespace {

std::vector<double> numbers(const Array& array) {
  std::vector<double> values(array.size());
  array.read(0, array.size(), values.data());
  return values;
}

template <typename T>
std::string typed(bool big_endian) {
  return elements(
      std::vector<T>{T(0), T(1), T(100), std::numeric_limits<T>::max(), std::numeric_limits<T>::lowest(), T(7)},
      big_endian);
}

template <typename T>
std::vector<double> expected() {
  return {0, 1, 100, double(std::numeric_limits<T>::max()), double(std::numeric_limits<T>::lowest()), 7};
}

struct NumberType {
  const char* code;
  Type type;
  std::string (*bytes)(bool);
  std::vector<double> (*values)();
};

const NumberType kTypes[] = {
    {"i1", Type::int8, typed<std::int8_t>, expected<std::int8_t>},
    {"i2", Type::int16, typed<std::int16_t>, expected<std::int16_t>},
    {"i4", Type::int32, typed<std::int32_t>, expected<std::int32_t>},
    {"i8", Type::int64, typed<std::int64_t>, expected<std::int64_t>},
    {"u1", Type::uint8, typed<std::uint8_t>, expected<std::uint8_t>},
    {"u2", Type::uint16, typed<std::uint16_t>, expected<std::uint16_t>},
    {"u4", Type::uint32, typed<std::uint32_t>, expected<std::uint32_t>},
    {"u8", Type::uint64, typed<std::uint64_t>, expected<std::uint64_t>},
    {"f4", Type::float32, typed<float>, expected<float>},
    {"f8", Type::float64, typed<double>, expected<double>},
};

}  // namespace

TEST_CASE("an .npy array has the same numbers in every type, byte order and version") {
  for (const NumberType& number : kTypes) {
    for (const char* order : {"<", ">", "=", "", "|"}) {
      const bool wide = number.code[1] != '1';
      if (*order == '|' && wide) continue;
      for (int version = 1; version <= 3; ++version) {
        INFO(order << number.code << " version " << version);
        const Array array = parse_npy(
            npy(order + std::string(number.code), "(2, 3)", number.bytes(*order == '>'), false, version), "x");
        CHECK(array.type() == number.type);
        CHECK(array.shape() == Shape{2, 3});
        CHECK(numbers(array) == number.values());
      }
    }
  }
}

TEST_CASE("float16 and bool are read exactly") {
  const std::vector<std::uint16_t> bits = {0x0000, 0x3c00, 0xc000, 0x7bff, 0x0001, 0x03ff, 0x0400, 0x3555};
  const std::vector<double> values = {0, 1, -2, 65504, 0x1p-24, 0x3ffp-24, 0x1p-14, 0x555p-12};
  CHECK(numbers(parse_npy(npy("<f2", "(8,)", elements(bits)), "x")) == values);
  CHECK(numbers(parse_npy(npy(">f2", "(8,)", elements(bits, true)), "x")) == values);
  const std::vector<std::uint16_t> special = {0x7c00, 0xfc00, 0x7e00};
  const std::vector<double> read = numbers(parse_npy(npy("<f2", "(3,)", elements(special)), "x"));
  CHECK(read[0] == std::numeric_limits<double>::infinity());
  CHECK(read[1] == -std::numeric_limits<double>::infinity());
  CHECK(std::isnan(read[2]));
  CHECK(numbers(parse_npy(npy("|b1", "(3,)", std::string("\x00\x01\x01", 3)), "x")) == std::vector<double>{0, 1, 1});
}

TEST_CASE("Fortran order is turned into C order") {
  // Element (i, j, k) of a [2, 3, 4] array is 100 i + 10 j + k; the first index runs fastest in the file.
  std::vector<std::int16_t> fortran;
  std::vector<double> c_order;
  for (int k = 0; k < 4; ++k) {
    for (int j = 0; j < 3; ++j) {
      for (int i = 0; i < 2; ++i) fortran.push_back(static_cast<std::int16_t>(100 * i + 10 * j + k));
    }
  }
  for (int i = 0; i < 2; ++i) {
    for (int j = 0; j < 3; ++j) {
      for (int k = 0; k < 4; ++k) c_order.push_back(100 * i + 10 * j + k);
    }
  }
  for (const bool big : {false, true}) {
    CHECK(numbers(parse_npy(npy(big ? ">i2" : "<i2", "(2, 3, 4)", elements(fortran, big), true), "x")) == c_order);
  }
  CHECK(numbers(parse_npy(npy("<i2", "(24,)", elements(fortran), true), "x"))[1] == 100);
}

TEST_CASE("the header's dictionary may be written in any way that Python reads") {
  const std::string data = elements(std::vector<std::uint8_t>{1, 2, 3, 4});
  for (const char* text : {"{'shape':(2,2),'fortran_order':False,'descr':'|u1'}",
                           "{ \"descr\" : \"u1\" , \"shape\" : ( 2 , 2 , ) , 'fortran_order' : False , }   ",
                           "{'descr': '|u1', 'fortran_order': False, 'shape': (2L, 2L), }"}) {
    CHECK(numbers(parse_npy(npy(text, data), "x")) == std::vector<double>{1, 2, 3, 4});
  }
  CHECK(parse_npy(npy("|u1", "()", "\x05"), "x").shape().empty());
  CHECK(parse_npy(npy("|u1", "(0, 7)", ""), "x").size() == 0);
}

TEST_CASE("an .npz member is found by name, by preference, or because it is the only one") {
  const std::string a = npy("|u1", "(1,)", "\x01"), b = npy("|u1", "(1,)", "\x02"), c = npy("|u1", "(1,)", "\x03");
  for (const bool deflated : {false, true}) {
    for (const bool descriptor : {false, true}) {
      const std::string archive =
          zip({{"a.npy", a, deflated, descriptor}, {"labels.npy", b, deflated}, {"c", c, false}}, "a comment");
      CHECK(parse_npz(archive, "x", "a", {}).at(0) == 1);
      CHECK(parse_npz(archive, "x", "c", {}).at(0) == 3);
      CHECK(parse_npz(archive, "x", "", {"y", "labels", "a"}).at(0) == 2);
      CHECK(parse_npz(zip({{"other.npy", c, deflated, descriptor}}), "x", "", {"images"}).at(0) == 3);
    }
  }
  CHECK(parse_npz(zip({{"a.npy", a, false, false, true}, {"b.npy", b, true, false, true}}), "x", "b", {}).at(0) == 2);
}

TEST_CASE("complex .npy arrays of either precision, order and layout are read where complex numbers are welcome") {
  const std::string path = std::string(SZILARD_BINARY_DIR) + "/complex_" + std::to_string(getpid()) + ".npy";
  const auto read = [&](const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
    return read_complex_array(path);
  };
  using C = std::complex<double>;
  const std::vector<C> values = {C(1, -2), C(0.5, 4), C(-3, 0)};
  for (const bool big : {false, true}) {
    const ComplexArray wide =
        read(npy(big ? ">c16" : "<c16", "(3,)", elements(std::vector<double>{1, -2, 0.5, 4, -3, 0}, big)));
    CHECK(wide.is_complex);
    CHECK(wide.shape == std::vector<std::int64_t>{3});
    CHECK(wide.values == values);
    CHECK(read(npy(big ? ">c8" : "<c8", "(3,)", elements(std::vector<float>{1, -2, 0.5, 4, -3, 0}, big))).values ==
          values);
  }
  // Fortran order: (0, 0), (1, 0), (0, 1), (1, 1).
  const ComplexArray turned = read(npy("<c16", "(2, 2)", elements(std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8}), true));
  CHECK(turned.values == std::vector<C>{C(1, 2), C(5, 6), C(3, 4), C(7, 8)});
  const ComplexArray real = read(npy("<f8", "(2,)", elements(std::vector<double>{1, 2})));
  CHECK_FALSE(real.is_complex);
  CHECK(real.values == std::vector<C>{1.0, 2.0});
  write_npy(path, {3, 1}, values.data());
  CHECK(read_complex_array(path).values == values);
  CHECK_THROWS_WITH(read_array(path), Catch::Contains("c16"));
  CHECK_THROWS_AS(read(npy("<c16", "(3,)", std::string(40, 'x'))), szilard::support::InputError);
  std::remove(path.c_str());
}

TEST_CASE("IDX files hold every element type, plain or in gzip") {
  const std::vector<std::pair<unsigned char, std::string>> kinds = {
      {0x08, elements(std::vector<std::uint8_t>{0, 1, 200, 3})},
      {0x09, elements(std::vector<std::int8_t>{0, 1, -56, 3}, true)},
      {0x0b, elements(std::vector<std::int16_t>{0, 1, -56, 3}, true)},
      {0x0c, elements(std::vector<std::int32_t>{0, 1, -56, 3}, true)},
      {0x0d, elements(std::vector<float>{0, 1, -56, 3}, true)},
      {0x0e, elements(std::vector<double>{0, 1, -56, 3}, true)}};
  for (const auto& [type, data] : kinds) {
    const std::string plain = idx(type, {2, 2}, data);
    for (const std::string& file :
         {plain, deflate(plain, true), deflate(plain.substr(0, 7), true) + deflate(plain.substr(7), true)}) {
      const Array array = parse_idx(file, "x");
      CHECK(array.shape() == Shape{2, 2});
      CHECK(numbers(array) == std::vector<double>{0, 1, type == 0x08 ? 200.0 : -56.0, 3});
    }
  }
}

TEST_CASE("the format is told by the content, the member by what follows the colon") {
  const TemporaryFile npy_file("renamed.dat", npy("|u1", "(1,)", "\x01"));
  const TemporaryFile idx_file("labels-idx1-ubyte", idx(8, {1}, "\x02"));
  const TemporaryFile gz_file("labels.bin", deflate(idx(8, {1}, "\x03"), true));
  const TemporaryFile npz_file(
      "two.npz", zip({{"a.npy", npy("|u1", "(1,)", "\x04"), true}, {"b.npy", npy("|u1", "(1,)", "\x05")}}));
  CHECK(read_array(npy_file.path()).at(0) == 1);
  CHECK(read_array(idx_file.path()).at(0) == 2);
  CHECK(read_array(gz_file.path()).at(0) == 3);
  CHECK(read_array(npz_file.path() + ":a").at(0) == 4);
  CHECK(read_array(npz_file.path(), {"b"}).at(0) == 5);
}

TEST_CASE("the shipped copies of MNIST in two formats are the same images") {
  const std::string folder = SZILARD_SOURCE_DIR "/scenarios/data/";
  const Array a = read_array(folder + "mnist_test_images.npy"), b = read_array(folder + "t10k-images-idx3-ubyte.gz");
  CHECK(a.shape() == Shape{10000, 28, 28});
  CHECK(a.shape() == b.shape());
  CHECK(numbers(a) == numbers(b));
  CHECK(numbers(read_array(folder + "mnist_test_labels.npy")) ==
        numbers(read_array(folder + "t10k-labels-idx1-ubyte.gz")));
  CHECK(read_array(folder + "mnist_calib.npz").shape() == Shape{1000, 28, 28});
  CHECK(read_array(folder + "mnist_calib.npz:labels").shape() == Shape{1000});
  const Array iris = read_array(folder + "iris.npz");
  CHECK(iris.shape() == Shape{150, 4});
  CHECK(iris.at(0) == 5.1f);
}
