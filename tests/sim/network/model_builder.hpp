// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "models/support/diagnostics.hpp"
#include "sim/network/network.hpp"

namespace onnx {
class ModelProto;
class NodeProto;
class TensorProto;
}  // namespace onnx

namespace szilard::network::test {

using Shape = std::vector<std::int64_t>;
constexpr std::int64_t kBatch = -1;  ///< a symbolic dimension

/// Sets attributes of a node just added.
class NodeHandle {
 public:
  explicit NodeHandle(onnx::NodeProto* node) : node_(node) {}
  NodeHandle& integer(const std::string& name, std::int64_t value);
  NodeHandle& real(const std::string& name, double value);
  NodeHandle& text(const std::string& name, const std::string& value);
  NodeHandle& integers(const std::string& name, const std::vector<std::int64_t>& values);
  NodeHandle& reals(const std::string& name, const std::vector<double>& values);
  NodeHandle& name(const std::string& value);
  NodeHandle& domain(const std::string& value);
  onnx::NodeProto& proto() { return *node_; }

 private:
  onnx::NodeProto* node_;
};

/// Small ONNX models for tests, through protobuf itself.
class ModelBuilder {
 public:
  explicit ModelBuilder(std::int64_t opset = 13);
  ModelBuilder(ModelBuilder&&) noexcept;
  ~ModelBuilder();
  ModelBuilder& input(const std::string& name, const Shape& shape);
  ModelBuilder& output(const std::string& name);
  ModelBuilder& output(const std::string& name, const Shape& shape);
  /// float initialiser
  ModelBuilder& reals(const std::string& name, const Shape& shape, const std::vector<double>& values);
  /// int64 initialiser, a list
  ModelBuilder& integers(const std::string& name, const std::vector<std::int64_t>& values);
  NodeHandle node(const std::string& operator_name, const std::vector<std::string>& inputs,
                  const std::vector<std::string>& outputs);
  onnx::ModelProto& proto() { return *model_; }
  std::string bytes() const;

 private:
  std::unique_ptr<onnx::ModelProto> model_;
};

/// Numbers in [-1, 1) that floats hold exactly.
std::vector<double> random_numbers(std::uint64_t seed, std::size_t count);

/// The network's output for one sample.
std::vector<double> run(const Network& network, const std::vector<double>& x);
std::vector<double> run(const Network& network, const std::vector<std::vector<double>>& inputs);
std::vector<double> run(const ModelBuilder& model, const std::vector<double>& x);

/// Largest difference; infinite where the sizes differ.
double difference(const std::vector<double>& a, const std::vector<double>& b);

/// The diagnostic with which the model is refused; fails the test where it is accepted.
support::Diagnostic refusal(const std::string& bytes);
support::Diagnostic refusal(const ModelBuilder& model);

std::size_t count_kind(const Network& network, NodeKind kind);
std::size_t volume(const Shape& shape);

}  // namespace szilard::network::test
