// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Writes small ONNX models that use every supported operator into a folder, as seeds for onnx_fuzz.
#include <google/protobuf/text_format.h>
#include <onnx/onnx_pb.h>

#include <fstream>
#include <iostream>
#include <string>

namespace {

struct Seed {
  const char* name;
  int opset;
  const char* input;  ///< dimensions after the batch
  const char* graph;
};

const Seed kSeeds[] = {
    {"gemm", 13, "4",
     R"(node { op_type: "Gemm" input: "x" input: "w" input: "c" output: "h" attribute { name: "transB" type: INT i: 1 } attribute { name: "alpha" type: FLOAT f: 0.5 } }
        node { op_type: "Relu" input: "h" output: "y" }
        initializer { name: "w" data_type: 1 dims: 2 dims: 4 float_data: [1, 2, 3, 4, 5, 6, 7, 8] }
        initializer { name: "c" data_type: 11 dims: 2 double_data: [1, 2] })"},
    {"matmul", 13, "3 4",
     R"(node { op_type: "MatMul" input: "x" input: "w" output: "h" }
        node { op_type: "Add" input: "h" input: "c" output: "g" }
        node { op_type: "Transpose" input: "g" output: "t" attribute { name: "perm" type: INTS ints: [0, 2, 1] } }
        node { op_type: "Mul" input: "t" input: "d" output: "y" }
        initializer { name: "w" data_type: 10 dims: 4 dims: 2 int32_data: [15360, 1, 2, 3, 4, 5, 6, 7] }
        initializer { name: "c" data_type: 1 dims: 2 float_data: [1, 2] }
        initializer { name: "d" data_type: 1 dims: 2 dims: 1 float_data: [1, 2] })"},
    {"conv", 13, "2 4 4",
     R"(node { op_type: "Conv" input: "x" input: "w" output: "a" attribute { name: "group" type: INT i: 2 } attribute { name: "pads" type: INTS ints: [1, 0, 1, 0] }
               attribute { name: "strides" type: INTS ints: [2, 1] } attribute { name: "dilations" type: INTS ints: [1, 2] } }
        node { op_type: "BatchNormalization" input: "a" input: "s" input: "s" input: "s" input: "s" output: "b" }
        node { op_type: "MaxPool" input: "b" output: "c" attribute { name: "kernel_shape" type: INTS ints: [2, 2] } attribute { name: "ceil_mode" type: INT i: 1 } }
        node { op_type: "Flatten" input: "c" output: "y" }
        initializer { name: "w" data_type: 3 dims: 2 dims: 1 dims: 2 dims: 2 int32_data: [1, 2, 3, 4, 5, 6, 7, 8] }
        initializer { name: "s" data_type: 1 dims: 2 float_data: [1, 2] })"},
    {"pool", 11, "2 5",
     R"(node { op_type: "AveragePool" input: "x" output: "a" attribute { name: "kernel_shape" type: INTS ints: [3] } attribute { name: "auto_pad" type: STRING s: "SAME_UPPER" }
               attribute { name: "count_include_pad" type: INT i: 1 } }
        node { op_type: "LeakyRelu" input: "a" output: "b" attribute { name: "alpha" type: FLOAT f: 0.25 } }
        node { op_type: "GlobalAveragePool" input: "b" output: "y" })"},
    {"shapes", 13, "1 6",
     R"(node { op_type: "Constant" output: "s" attribute { name: "value_ints" type: INTS ints: [0, -1, 2] } }
        node { op_type: "Reshape" input: "x" input: "s" output: "a" }
        node { op_type: "Unsqueeze" input: "a" input: "one" output: "b" }
        node { op_type: "Squeeze" input: "b" input: "one" output: "c" }
        node { op_type: "Pad" input: "c" input: "p" input: "f" output: "d" }
        node { op_type: "Cast" input: "d" output: "e" attribute { name: "to" type: INT i: 11 } }
        node { op_type: "Dropout" input: "e" output: "g" output: "mask" }
        node { op_type: "Identity" input: "g" output: "y" }
        initializer { name: "one" data_type: 7 dims: 1 int64_data: [1] }
        initializer { name: "p" data_type: 7 dims: 6 int64_data: [0, 1, 0, 0, -1, 2] }
        initializer { name: "f" data_type: 1 float_data: [2] })"},
    {"arithmetic", 6, "2 3",
     R"(node { op_type: "Add" input: "x" input: "c" output: "a" attribute { name: "broadcast" type: INT i: 1 } attribute { name: "axis" type: INT i: 1 } }
        node { op_type: "Clip" input: "a" output: "b" attribute { name: "min" type: FLOAT f: -1 } attribute { name: "max" type: FLOAT f: 1 } }
        node { op_type: "Softmax" input: "b" output: "d" attribute { name: "axis" type: INT i: 2 } }
        node { op_type: "Sub" input: "d" input: "a" output: "y" }
        initializer { name: "c" data_type: 1 dims: 2 float_data: [1, 2] })"},
    {"functions", 18, "3",
     R"(node { op_type: "Sigmoid" input: "x" output: "a" }
        node { op_type: "Tanh" input: "a" output: "b" }
        node { op_type: "Div" input: "b" input: "c" output: "d" }
        node { op_type: "Softmax" input: "d" output: "e" }
        node { op_type: "Add" input: "e" input: "x" output: "y" }
        initializer { name: "c" data_type: 16 dims: 3 int32_data: [16256, 16256, 16384] })"},
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: make_onnx_seeds FOLDER\n";
    return 2;
  }
  for (const Seed& seed : kSeeds) {
    std::string dimensions = "dim { dim_param: \"N\" } ";
    for (const char* c = seed.input; *c; ++c) {
      if (*c != ' ') dimensions += "dim { dim_value: " + std::string(1, *c) + " } ";
    }
    const std::string text = "ir_version: 7 opset_import { version: " + std::to_string(seed.opset) + " } graph { " +
                             seed.graph + " input { name: \"x\" type { tensor_type { elem_type: 1 shape { " +
                             dimensions + "} } } }" + " output { name: \"y\" type { tensor_type { elem_type: 1 } } } }";
    onnx::ModelProto model;
    if (!google::protobuf::TextFormat::ParseFromString(text, &model)) return 1;
    std::ofstream out(std::string(argv[1]) + "/" + seed.name + ".onnx", std::ios::binary);
    if (!model.SerializeToOstream(&out)) return 1;
  }
  return 0;
}
