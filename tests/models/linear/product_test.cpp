// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/linear/product.hpp"

#include <Eigen/Core>
#include <catch2/catch.hpp>
#include <cstring>
#include <random>

#include "models/linear/product_kernel.hpp"
#include "models/support/aligned_vector.hpp"
#include "models/support/instruction_set.hpp"

using namespace szilard;

namespace {

constexpr unsigned kSeed = 4711;

template <typename T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

template <typename T>
Matrix<T> random_matrix(std::size_t rows, std::size_t columns, unsigned seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<T> normal;
  Matrix<T> matrix(rows, columns);
  for (Eigen::Index i = 0; i < matrix.size(); ++i) matrix.data()[i] = normal(random);
  return matrix;
}

/// The product of columns [first, first + lanes) of x, through `kernel` or, if null, product().
template <typename T>
Matrix<T> run(const Matrix<T>& weights, const T* start, const Matrix<T>& x, std::size_t first, std::size_t lanes,
              linear::ProductKernel<T> kernel = nullptr) {
  const std::size_t terms = x.rows(), outputs = weights.rows();
  support::AlignedVector<T> values(terms * lanes), results(outputs * lanes, T(-1));
  std::vector<const T*> rows;
  std::vector<T*> out;
  for (std::size_t k = 0; k < terms; ++k) {
    for (std::size_t s = 0; s < lanes; ++s)
      values[k * lanes + s] = first + s < std::size_t(x.cols()) ? x(k, first + s) : 0;
    rows.push_back(values.data() + k * lanes);
  }
  for (std::size_t o = 0; o < outputs; ++o) out.push_back(results.data() + o * lanes);
  if (kernel != nullptr) kernel(weights.data(), terms, start, rows.data(), outputs, terms, lanes, out.data());
  else linear::product(weights.data(), terms, start, rows.data(), outputs, terms, lanes, out.data());
  return Eigen::Map<Matrix<T>>(results.data(), outputs, lanes);
}

template <typename T>
bool same_bits(const Matrix<T>& a, const Matrix<T>& b) {
  return a.rows() == b.rows() && a.cols() == b.cols() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

template <typename T>
std::vector<linear::ProductKernel<T>> kernels_of_this_processor() {
  const auto of = [](const linear::ProductKernels& kernels) {
    if constexpr (sizeof(T) == sizeof(double)) return kernels.of_double;
    else return kernels.of_float;
  };
  std::vector<linear::ProductKernel<T>> all = {of(linear::product_kernels_v2())};
  if (support::instruction_set() >= support::InstructionSet::v3) all.push_back(of(linear::product_kernels_v3()));
  if (support::instruction_set() >= support::InstructionSet::v4) all.push_back(of(linear::product_kernels_v4()));
  return all;
}

/// Largest difference over sum of |w x|, the scale of rounding.
template <typename T>
double distance(const Matrix<T>& weights, const std::vector<T>& start, const Matrix<T>& x, const Matrix<T>& result) {
  const Matrix<double> w = weights.template cast<double>(), v = x.template cast<double>();
  const Eigen::VectorXd b =
      Eigen::Map<const Eigen::Matrix<T, Eigen::Dynamic, 1>>(start.data(), start.size()).template cast<double>();
  const Matrix<double> exact = (w * v).colwise() + b;
  const Matrix<double> scale = ((w.cwiseAbs() * v.cwiseAbs()).colwise() + b.cwiseAbs()).array() + 1e-300;
  return ((result.template cast<double>() - exact).cwiseAbs().array() / scale.array()).maxCoeff();
}

}  // namespace

TEMPLATE_TEST_CASE("the product equals Eigen's for sizes around every tile border", "[linear][fast]", double, float) {
  INFO("seed " << kSeed);
  const double tolerance = sizeof(TestType) == 8 ? 1e-12 : 1e-4;
  double worst = 0;
  for (std::size_t outputs : {1, 3, 7, 8, 9, 15, 25, 40})
    for (std::size_t terms : {1, 2, 17, 255, 256, 257, 520})
      for (std::size_t lanes : {8, 16, 24, 32, 48, 56, 104}) {
        const auto weights = random_matrix<TestType>(outputs, terms, kSeed);
        const auto x = random_matrix<TestType>(terms, lanes, kSeed + 1);
        const std::vector<TestType> start(outputs, TestType(0.25));
        for (auto kernel : kernels_of_this_processor<TestType>())
          worst =
              std::max(worst, distance<TestType>(weights, start, x, run(weights, start.data(), x, 0, lanes, kernel)));
      }
  CHECK(worst < tolerance);
  CHECK(worst > 0);
}

TEMPLATE_TEST_CASE("results do not depend on the number of lanes (bitwise)", "[linear][fast]", double, float) {
  INFO("seed " << kSeed);
  for (std::size_t outputs : {5, 16, 64}) {
    const auto weights = random_matrix<TestType>(outputs, 784, kSeed);
    const auto x = random_matrix<TestType>(784, 1000, kSeed + 1);
    const std::vector<TestType> start(outputs, TestType(0.1));
    for (auto kernel : kernels_of_this_processor<TestType>()) {
      const Matrix<TestType> whole = run(weights, start.data(), x, 0, 1000, kernel);
      std::size_t different = 0;
      for (std::size_t lanes : {8, 64, 72, 504})
        for (std::size_t first = 0; first < 1000; first += lanes) {
          const std::size_t count = std::min<std::size_t>(lanes, 1000 - first);
          const Matrix<TestType> part = run(weights, start.data(), x, first, lanes, kernel).leftCols(count);
          different += !same_bits<TestType>(part, whole.middleCols(first, count));
        }
      CHECK(different == 0);
    }
  }
}

TEMPLATE_TEST_CASE("results do not depend on how outputs are split (bitwise)", "[linear][fast]", double, float) {
  INFO("seed " << kSeed);
  const auto weights = random_matrix<TestType>(61, 300, kSeed);
  const auto x = random_matrix<TestType>(300, 56, kSeed + 1);
  for (auto kernel : kernels_of_this_processor<TestType>()) {
    const Matrix<TestType> whole = run<TestType>(weights, nullptr, x, 0, 56, kernel);
    std::size_t different = 0;
    for (std::size_t rows : {1, 2, 7, 13, 24, 60})
      for (std::size_t first = 0; first < 61; first += rows) {
        const std::size_t count = std::min<std::size_t>(rows, 61 - first);
        const Matrix<TestType> part = weights.middleRows(first, count);
        different +=
            !same_bits<TestType>(run<TestType>(part, nullptr, x, 0, 56, kernel), whole.middleRows(first, count));
      }
    CHECK(different == 0);
  }
}

TEST_CASE("instruction sets agree to 1e-12", "[linear][fast]") {
  INFO("seed " << kSeed);
  const auto weights = random_matrix<double>(128, 784, kSeed);
  const auto x = random_matrix<double>(784, 64, kSeed + 1);
  const std::vector<double> zero(128, 0.0);
  const auto kernels = kernels_of_this_processor<double>();
  const Matrix<double> first = run<double>(weights, nullptr, x, 0, 64, kernels.front());
  for (auto kernel : kernels)
    CHECK((run<double>(weights, nullptr, x, 0, 64, kernel) - first).cwiseAbs().maxCoeff() <
          1e-12 * first.cwiseAbs().maxCoeff());
}

TEST_CASE("sums run in ascending k: a large term first swallows what follows (bitwise)", "[linear][fast]") {
  Matrix<double> weights(1, 400), x = Matrix<double>::Ones(400, 8);
  weights.setConstant(1.0);
  weights(0, 0) = 0x1p60;
  CHECK(run<double>(weights, nullptr, x, 0, 8)(0, 0) == 0x1p60);
  weights(0, 0) = 1.0;
  weights(0, 399) = 0x1p60;
  CHECK(run<double>(weights, nullptr, x, 0, 8)(0, 0) == 0x1p60 + 512);  // 399 rounds to a multiple of 256
}

TEST_CASE("without terms the product is its start, and without a start zero", "[linear][bad]") {
  const Matrix<double> weights(3, 0), x(0, 8);
  const std::vector<double> start = {1, 2, 3};
  const Matrix<double> started = run<double>(weights, start.data(), x, 0, 8);
  for (Eigen::Index o = 0; o < 3; ++o) CHECK(started(o, 7) == start[std::size_t(o)]);
  CHECK(run<double>(weights, nullptr, x, 0, 8).isZero(0));
}

TEST_CASE("a weight stride larger than the terms skips the columns between", "[linear][fast]") {
  const auto weights = random_matrix<double>(10, 30, kSeed);
  const auto x = random_matrix<double>(20, 16, kSeed + 1);
  support::AlignedVector<double> values(20 * 16), results(10 * 16);
  std::vector<const double*> rows;
  std::vector<double*> out;
  for (std::size_t k = 0; k < 20; ++k) {
    for (std::size_t s = 0; s < 16; ++s) values[k * 16 + s] = x(k, s);
    rows.push_back(values.data() + k * 16);
  }
  for (std::size_t o = 0; o < 10; ++o) out.push_back(results.data() + o * 16);
  linear::product(weights.data() + 4, 30, nullptr, rows.data(), 10, 20, 16, out.data());
  const Matrix<double> part = weights.middleCols(4, 20);
  CHECK(same_bits<double>(Eigen::Map<Matrix<double>>(results.data(), 10, 16), run<double>(part, nullptr, x, 0, 16)));
}

TEST_CASE("lanes that are no multiple of eight are refused", "[linear][bad]") {
  const double weight = 1;
  support::AlignedVector<double> values(8), results(8);
  const double* const row = values.data();
  double* const out = results.data();
  CHECK_THROWS_AS(linear::product(&weight, 1, nullptr, &row, 1, 1, 7, &out), std::logic_error);
}

TEST_CASE("infinities and NaN of one lane stay in that lane", "[linear][bad]") {
  const auto weights = random_matrix<double>(30, 40, kSeed);
  Matrix<double> x = random_matrix<double>(40, 24, kSeed + 1);
  const Matrix<double> clean = run<double>(weights, nullptr, x, 0, 24);
  x(3, 5) = std::numeric_limits<double>::quiet_NaN();
  Matrix<double> spoilt = run<double>(weights, nullptr, x, 0, 24);
  CHECK(spoilt.col(5).array().isNaN().all());
  spoilt.col(5) = clean.col(5);
  CHECK(same_bits<double>(spoilt, clean));
}

TEST_CASE("the instruction set has a name of the psABI", "[linear][fast]") {
  const std::string name(linear::instruction_set());
  CHECK((name == "x86-64-v2" || name == "x86-64-v3" || name == "x86-64-v4"));
}
