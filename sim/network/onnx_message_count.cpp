// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>
#include <onnx/onnx_pb.h>

#include <algorithm>

#include "sim/network/onnx_tensor.hpp"

namespace szilard::network {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;
using support::DiagnosticCode;

namespace {

constexpr std::size_t kMaximumMessages = 1000000;
constexpr int kMaximumDepth = 100;  // protobuf's own limit

class Counter {
 public:
  explicit Counter(const std::string& file) : file_(file) {}

  void count(CodedInputStream& in, const Descriptor* type, int depth) {
    if (depth > kMaximumDepth) fail();
    while (const std::uint32_t tag = in.ReadTag()) {
      if (WireFormatLite::GetTagWireType(tag) != WireFormatLite::WIRETYPE_LENGTH_DELIMITED) {
        if (!WireFormatLite::SkipField(&in, tag)) fail();
        continue;
      }
      std::uint32_t length = 0;
      if (!in.ReadVarint32(&length) || length > static_cast<std::uint32_t>(std::max(0, in.BytesUntilLimit()))) fail();
      const FieldDescriptor* field = type->FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
      const bool message = field && field->type() == FieldDescriptor::TYPE_MESSAGE;
      const bool text =
          field && (field->type() == FieldDescriptor::TYPE_STRING || field->type() == FieldDescriptor::TYPE_BYTES);
      if ((message || text || !field) && ++messages_ > kMaximumMessages) {
        throw network_error(DiagnosticCode::file_too_large, file_, "the model has more than a million parts");
      }
      if (!message) {
        if (!in.Skip(static_cast<int>(length))) fail();
        continue;
      }
      const CodedInputStream::Limit limit = in.PushLimit(static_cast<int>(length));
      count(in, field->message_type(), depth + 1);
      if (in.BytesUntilLimit() != 0) fail();
      in.PopLimit(limit);
    }
  }

  [[noreturn]] void fail() const {
    throw network_error(DiagnosticCode::file_format, file_,
                        "not an ONNX model, or damaged: the protobuf message cannot be read");
  }

 private:
  const std::string& file_;
  std::size_t messages_ = 0;
};

}  // namespace

void check_message_count(const std::string& bytes, const std::string& file) {
  const int size = static_cast<int>(bytes.size());
  CodedInputStream in(reinterpret_cast<const std::uint8_t*>(bytes.data()), size);
  in.PushLimit(size);
  Counter counter(file);
  counter.count(in, onnx::ModelProto::descriptor(), 0);
  if (in.BytesUntilLimit() != 0) counter.fail();
}

}  // namespace szilard::network
