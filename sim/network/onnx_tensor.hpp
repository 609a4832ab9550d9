// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/network/onnx_graph.hpp"

namespace onnx {
class TensorProto;
}

namespace szilard::network {

/// `owner` names the tensor in diagnostics: "initialiser 'fc1.weight'".
TensorPointer decode_tensor(const onnx::TensorProto& proto, const std::string& owner, const std::string& file);

/// "FLOAT", "INT64", ... or "type 77".
std::string element_type_name(int type);
bool is_real_type(int type);

/// Throws file_too_large if parsing the bytes as a model would make more objects than any network needs: protobuf takes
/// some hundred bytes for a message that is empty in the file. Also file_format for bytes that are no model.
void check_message_count(const std::string& bytes, const std::string& file);

}  // namespace szilard::network
