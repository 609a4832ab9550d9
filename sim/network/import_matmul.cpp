// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "sim/network/broadcast.hpp"
#include "sim/network/linear_tables.hpp"
#include "sim/network/node_context.hpp"

namespace szilard::network {

using support::DiagnosticCode;

namespace {

/// A constant matrix, read through its transpose where asked.
struct Matrix {
  std::vector<double> values;
  std::size_t rows = 0, columns = 0;
  bool transposed = false;

  double at(std::size_t row, std::size_t column) const {
    return transposed ? values[column * rows + row] : values[row * columns + column];
  }
};

Matrix constant_matrix(NodeContext& context, std::size_t input, const char* role, bool transposed) {
  const TensorPointer& tensor = context.constant(input, role);
  if (tensor->shape.size() != 2)
    context.fail_shape(std::string("its input ") + role + " is " + shape_text(tensor->shape) + ", not a matrix");
  Matrix matrix;
  matrix.rows = static_cast<std::size_t>(tensor->shape[transposed ? 1 : 0]);
  matrix.columns = static_cast<std::size_t>(tensor->shape[transposed ? 0 : 1]);
  matrix.transposed = transposed;
  matrix.values = context.weights(input, role);
  if (matrix.values.empty()) context.fail_shape(std::string("its input ") + role + " has no elements");
  return matrix;
}

void expect_inner(const NodeContext& context, std::size_t a, std::size_t b) {
  if (a != b)
    context.fail_shape("the inner dimensions of the product are " + std::to_string(a) + " and " + std::to_string(b));
}

/// x [lead, terms] times W [terms, outputs]; element (l, k) of x is l row_stride + k column_stride. Result [lead,
/// outputs].
Activation times_constant(NodeContext& context, const Activation& x, std::size_t lead, std::size_t row_stride,
                          std::size_t column_stride, const Matrix& w, double alpha, std::vector<std::int64_t> shape) {
  linear::LinearMap map = make_map(context, x.size(), 1, w.columns, w.rows, lead);
  for (std::size_t o = 0; o < w.columns; ++o) {
    for (std::size_t k = 0; k < w.rows; ++k) map.weights(o, k) = alpha * w.at(k, o);
  }
  for (std::size_t l = 0; l < lead; ++l) {
    for (std::size_t k = 0; k < w.rows; ++k)
      map.gather[l * w.rows + k] = static_cast<std::int32_t>(l * row_stride + k * column_stride);
  }
  const std::int64_t outputs = static_cast<std::int64_t>(w.columns);
  const Activation product = context.builder.linear(x, std::move(map), {outputs, static_cast<std::int64_t>(lead)});
  return swap_leading(context, product, w.columns, lead, 1, std::move(shape));
}

/// W [outputs, terms] times x [lead, terms, columns]; element (l, k, n) of x is l lead_stride + k row_stride + n
/// column_stride. Result [lead, outputs, columns].
Activation constant_times(NodeContext& context, const Matrix& w, double alpha, const Activation& x, std::size_t lead,
                          std::size_t columns, std::size_t row_stride, std::size_t column_stride,
                          std::vector<std::int64_t> shape) {
  linear::LinearMap map = make_map(context, x.size(), 1, w.rows, w.columns, lead * columns);
  for (std::size_t o = 0; o < w.rows; ++o) {
    for (std::size_t k = 0; k < w.columns; ++k) map.weights(o, k) = alpha * w.at(o, k);
  }
  std::int32_t* entry = map.gather.data();
  for (std::size_t l = 0; l < lead; ++l) {
    for (std::size_t n = 0; n < columns; ++n) {
      for (std::size_t k = 0; k < w.columns; ++k) {
        *entry++ = static_cast<std::int32_t>(l * w.columns * columns + k * row_stride + n * column_stride);
      }
    }
  }
  const std::vector<std::int64_t> direct = {static_cast<std::int64_t>(w.rows), static_cast<std::int64_t>(lead),
                                            static_cast<std::int64_t>(columns)};
  const Activation product = context.builder.linear(x, std::move(map), direct);
  return swap_leading(context, product, w.rows, lead, columns, std::move(shape));
}

std::size_t product_of(const std::vector<std::int64_t>& shape, std::size_t count) {
  return saturating_size({shape.begin(), shape.begin() + static_cast<std::ptrdiff_t>(count)});
}

Activation gemm_product(NodeContext& context) {
  const double alpha = context.real("alpha", 1.0);
  const bool transpose_a = context.integer("transA", 0) != 0, transpose_b = context.integer("transB", 0) != 0;
  const Binding& a = context.input(0, "A");
  if (!a.constant) {
    const Activation& x = a.activation;
    if (full_shape(x).size() != 2) context.fail_shape("its input A is " + shape_text(x) + ", not a matrix");
    const Matrix w = constant_matrix(context, 1, "B", transpose_b);
    if (x.batched) {
      if (transpose_a) context.unsupported("transA = 1 would move the batch dimension of input A");
      expect_inner(context, x.size(), w.rows);
      return times_constant(context, x, 1, 0, 1, w, alpha, {static_cast<std::int64_t>(w.columns)});
    }
    const std::size_t rows = x.shape[0], columns = x.shape[1];
    expect_inner(context, transpose_a ? rows : columns, w.rows);
    const std::size_t lead = transpose_a ? columns : rows;
    return times_constant(context, x, lead, transpose_a ? 1 : columns, transpose_a ? columns : 1, w, alpha,
                          {static_cast<std::int64_t>(lead), static_cast<std::int64_t>(w.columns)});
  }
  const Activation& x = context.activation(1, "B (where A is one too)");
  if (x.batched) context.unsupported("a constant times the whole batch: input B is " + shape_text(x));
  if (x.shape.size() != 2) context.fail_shape("its input B is " + shape_text(x) + ", not a matrix");
  const Matrix w = constant_matrix(context, 0, "A", transpose_a);
  const std::size_t rows = x.shape[0], columns = x.shape[1];
  expect_inner(context, w.columns, transpose_b ? columns : rows);
  const std::size_t outputs = transpose_b ? rows : columns;
  return constant_times(context, w, alpha, x, 1, outputs, transpose_b ? 1 : columns, transpose_b ? columns : 1,
                        {static_cast<std::int64_t>(w.rows), static_cast<std::int64_t>(outputs)});
}

Activation add_c(NodeContext& context, const Activation& product, double beta) {
  const Binding& c = context.input(2, "C");
  const std::vector<std::int64_t> target = full_shape(product), shape = full_shape(c);
  if (broadcast_shape(context, target, shape) != target) {
    context.fail_shape("input C of shape " + shape_text(shape) + " does not fit the product of shape " +
                       shape_text(target));
  }
  if (c.constant) {
    std::vector<double> values = context.weights(2, "C");
    for (double& value : values) value *= beta;
    return affine(context, product, {}, expand(context, values, shape, target));
  }
  Activation addend = c.activation;
  if (beta != 1) {
    context.builder.take(saturating_product({2, addend.size()}));
    addend = affine(context, addend, std::vector<double>(addend.size(), beta), {});
  }
  return context.builder.add(product, expand(context, addend, target));
}

}  // namespace

void import_gemm(NodeContext& context) {
  context.expect_inputs(2, 3);
  if (context.opset < 7) context.ignore("broadcast");
  const double beta = context.real("beta", 1.0);
  Activation y = gemm_product(context);
  if (context.has_input(2)) y = add_c(context, y, beta);
  context.output(y);
}

void import_matmul(NodeContext& context) {
  context.expect_inputs(2, 2);
  const Binding& a = context.input(0, "A");
  const Binding& b = context.input(1, "B");
  if (!a.constant && !b.constant)
    context.unsupported("the product of two activations is not supported", "one of the two must be constant");
  const TensorPointer& constant = a.constant ? a.constant : b.constant;
  const Activation& x = a.constant ? context.activation(1, "B (where A is one too)") : a.activation;
  const std::size_t input = a.constant ? 0 : 1;

  // Leading ones of the constant do nothing but raise the rank of the result.
  std::vector<std::int64_t> matrix_shape = constant->shape;
  std::size_t extra = 0;
  while (matrix_shape.size() > 2) {
    if (matrix_shape.front() != 1)
      context.unsupported("the constant is a stack of matrices, " + shape_text(constant->shape));
    matrix_shape.erase(matrix_shape.begin());
    ++extra;
  }
  const bool vector = matrix_shape.size() == 1;
  if (matrix_shape.empty()) context.fail_shape("one operand is a single number");
  if (constant->size() == 0) context.fail_shape("one operand has no elements");
  Matrix w;
  w.rows = a.constant ? (vector ? 1 : matrix_shape[0]) : matrix_shape[0];
  w.columns = a.constant ? matrix_shape.back() : (vector ? 1 : matrix_shape[1]);
  w.values = context.weights(input, a.constant ? "A" : "B");

  std::vector<std::int64_t> shape = x.shape;
  Activation y;
  if (!a.constant) {
    if (shape.empty()) context.unsupported("input A is " + shape_text(x) + ": the product would mix the batch");
    expect_inner(context, static_cast<std::size_t>(shape.back()), w.rows);
    const std::size_t lead = product_of(shape, shape.size() - 1);
    shape.pop_back();
    if (!vector) shape.push_back(static_cast<std::int64_t>(w.columns));
    y = times_constant(context, x, lead, w.rows, 1, w, 1.0, shape);
  } else {
    const bool column = shape.size() == 1 && !x.batched;
    if (!column && shape.size() < 2)
      context.unsupported("input B is " + shape_text(x) + ": the product would mix the batch");
    const std::size_t columns = column ? 1 : static_cast<std::size_t>(shape.back());
    expect_inner(context, w.columns, static_cast<std::size_t>(shape[column ? 0 : shape.size() - 2]));
    const std::size_t lead = column ? 1 : product_of(shape, shape.size() - 2);
    shape.resize(shape.size() - (column ? 1 : 2));
    if (!vector) shape.push_back(static_cast<std::int64_t>(w.rows));
    if (!column) shape.push_back(static_cast<std::int64_t>(columns));
    y = constant_times(context, w, 1.0, x, lead, columns, columns, 1, shape);
  }
  // numpy pads the shorter operand with leading ones.
  const std::size_t rank = full_shape(x).size();
  const std::size_t constant_rank = constant->shape.size();
  if (extra > 0 && constant_rank > rank) {
    if (x.batched) context.unsupported("the batch would not stay the first dimension");
    shape.insert(shape.begin(), constant_rank - std::max<std::size_t>(rank, 2), 1);
    y.shape = shape;
  }
  context.output(y);
}

}  // namespace szilard::network
