// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/network/onnx_tensor.hpp"

#include <onnx/onnx_pb.h>

#include <cstring>
#include <limits>
#include <type_traits>

#include "models/support/half.hpp"

namespace szilard::network {

using onnx::TensorProto;
using support::DiagnosticCode;

namespace {

double from_brain_float(std::uint16_t bits) {
  const std::uint32_t wide = std::uint32_t{bits} << 16;
  float value = 0;
  std::memcpy(&value, &wide, sizeof value);
  return value;
}

class Decoder {
 public:
  Decoder(const TensorProto& proto, const std::string& owner, const std::string& file)
      : proto_(proto), owner_(owner), file_(file) {}

  TensorPointer decode() {
    if (proto_.data_location() == TensorProto::EXTERNAL || proto_.external_data_size() > 0) {
      fail(DiagnosticCode::unsupported_operator, "keeps its data in another file",
           "save the model with its weights inside the one .onnx file");
    }
    if (proto_.has_segment()) fail(DiagnosticCode::unsupported_operator, "is stored in segments");
    check_size();
    tensor_->name = proto_.name();
    tensor_->is_real = is_real_type(proto_.data_type());
    switch (proto_.data_type()) {
      case TensorProto::FLOAT:
        return numbers<float>(proto_.float_data());
      case TensorProto::DOUBLE:
        return numbers<double>(proto_.double_data());
      case TensorProto::FLOAT16:
        return narrow(support::from_half);
      case TensorProto::BFLOAT16:
        return narrow(from_brain_float);
      case TensorProto::INT8:
        return numbers<std::int8_t>(proto_.int32_data());
      case TensorProto::INT16:
        return numbers<std::int16_t>(proto_.int32_data());
      case TensorProto::INT32:
        return numbers<std::int32_t>(proto_.int32_data());
      case TensorProto::INT64:
        return numbers<std::int64_t>(proto_.int64_data());
      case TensorProto::UINT8:
        return numbers<std::uint8_t>(proto_.int32_data());
      case TensorProto::UINT16:
        return numbers<std::uint16_t>(proto_.int32_data());
      case TensorProto::UINT32:
        return numbers<std::uint32_t>(proto_.uint64_data());
      case TensorProto::UINT64:
        return numbers<std::uint64_t>(proto_.uint64_data());
      case TensorProto::BOOL:
        return numbers<bool>(proto_.int32_data());
      default:
        fail(DiagnosticCode::unsupported_operator, "holds elements of " + element_type_name(proto_.data_type()),
             "supported are float, double, float16, bfloat16, bool and the integer types");
    }
  }

 private:
  [[noreturn]] void fail(DiagnosticCode code, const std::string& text, const std::string& hint = {}) const {
    throw network_error(code, file_, owner_ + " " + text, hint);
  }

  void check_size() {
    // Elements cannot outnumber the file's bytes by more than packed encodings allow; the exact count is checked below.
    const std::uint64_t limit = std::uint64_t{1} << 31;
    std::uint64_t product = 1;
    bool empty = false;
    for (const std::int64_t dimension : proto_.dims()) {
      if (dimension < 0) fail(DiagnosticCode::bad_graph, "has a negative dimension");
      if (dimension == 0) {
        empty = true;
      } else if (static_cast<std::uint64_t>(dimension) > limit / product) {
        fail(DiagnosticCode::file_too_large, "declares more than 2^31 elements");
      } else {
        product *= static_cast<std::uint64_t>(dimension);
      }
      tensor_->shape.push_back(dimension);
    }
    size_ = empty ? 0 : product;
    const std::size_t typed = static_cast<std::size_t>(proto_.float_data_size()) + proto_.double_data_size() +
                              proto_.int32_data_size() + proto_.int64_data_size() + proto_.uint64_data_size() +
                              proto_.string_data_size();
    if (proto_.has_raw_data() && typed > 0) fail(DiagnosticCode::bad_graph, "has raw and typed data at once");
  }

  void expect(std::size_t present, std::size_t wanted, const char* unit) const {
    if (present == wanted) return;
    fail(present < wanted ? DiagnosticCode::file_truncated : DiagnosticCode::bad_graph,
         "should have " + std::to_string(wanted) + " " + unit + " of data by its shape and has " +
             std::to_string(present));
  }

  template <typename T>
  void append(T value) {
    if constexpr (std::is_floating_point_v<T>) {
      tensor_->reals.push_back(value);
    } else {
      if constexpr (std::is_same_v<T, std::uint64_t>) {
        if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
          fail(DiagnosticCode::bad_number, "holds an integer above 2^63 - 1");
        }
      }
      tensor_->integers.push_back(static_cast<std::int64_t>(value));
    }
  }

  void reserve() { tensor_->is_real ? tensor_->reals.reserve(size_) : tensor_->integers.reserve(size_); }

  template <typename T, typename Field>
  TensorPointer numbers(const Field& typed) {
    if (proto_.has_raw_data()) {
      const std::string& raw = proto_.raw_data();
      expect(raw.size(), size_ * sizeof(T), "bytes");
      reserve();
      for (std::size_t i = 0; i < size_; ++i) {
        if constexpr (std::is_same_v<T, bool>) {
          append(raw[i] != 0);
        } else {
          T value;
          std::memcpy(&value, raw.data() + i * sizeof(T), sizeof(T));
          append(value);
        }
      }
    } else {
      expect(static_cast<std::size_t>(typed.size()), size_, "elements");
      reserve();
      for (const auto element : typed) {
        if constexpr (!std::is_floating_point_v<T> && !std::is_same_v<T, bool>) {
          if (static_cast<T>(element) != element)
            fail(DiagnosticCode::bad_number, "holds an integer outside of its type");
        }
        append(static_cast<T>(element));
      }
    }
    return tensor_;
  }

  template <typename Convert>
  TensorPointer narrow(Convert convert) {
    if (proto_.has_raw_data()) {
      const std::string& raw = proto_.raw_data();
      expect(raw.size(), size_ * 2, "bytes");
      reserve();
      for (std::size_t i = 0; i < size_; ++i) {
        std::uint16_t bits = 0;
        std::memcpy(&bits, raw.data() + 2 * i, 2);
        append(convert(bits));
      }
    } else {
      expect(static_cast<std::size_t>(proto_.int32_data_size()), size_, "elements");
      reserve();
      for (const std::int32_t element : proto_.int32_data()) append(convert(static_cast<std::uint16_t>(element)));
    }
    return tensor_;
  }

  const TensorProto& proto_;
  const std::string& owner_;
  const std::string& file_;
  std::shared_ptr<Tensor> tensor_ = std::make_shared<Tensor>();
  std::size_t size_ = 0;
};

}  // namespace

TensorPointer decode_tensor(const TensorProto& proto, const std::string& owner, const std::string& file) {
  return Decoder(proto, owner, file).decode();
}

std::string element_type_name(int type) {
  return TensorProto::DataType_IsValid(type) ? TensorProto::DataType_Name(static_cast<TensorProto::DataType>(type))
                                             : "type " + std::to_string(type);
}

bool is_real_type(int type) {
  return type == TensorProto::FLOAT || type == TensorProto::DOUBLE || type == TensorProto::FLOAT16 ||
         type == TensorProto::BFLOAT16;
}

}  // namespace szilard::network
