// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/support/atomic_file.hpp"
#include "sim/dataset/dataset.hpp"

namespace szilard::dataset {

namespace {

std::string npy_header(const char* descr, const std::vector<std::int64_t>& shape) {
  std::string dimensions;
  for (std::size_t d = 0; d < shape.size(); ++d) dimensions += (d ? ", " : "") + std::to_string(shape[d]);
  if (shape.size() == 1) dimensions += ',';
  std::string text = std::string("{'descr': '") + descr + "', 'fortran_order': False, 'shape': (" + dimensions + "), }";
  // The data begin at a multiple of 64 bytes, as the format's description recommends.
  const std::size_t unpadded = 10 + text.size() + 1;
  text.append((64 - unpadded % 64) % 64, ' ');
  text += '\n';
  std::string header("\x93NUMPY\x01\x00", 8);
  header += static_cast<char>(text.size() & 0xff);
  header += static_cast<char>(text.size() >> 8);
  return header + text;
}

void write_elements(const std::string& path, const char* descr, const std::vector<std::int64_t>& shape,
                    const void* values, std::size_t element) {
  std::size_t bytes = element;
  for (const std::int64_t dimension : shape) bytes *= static_cast<std::size_t>(dimension);
  support::AtomicFile file(path);
  file.write(npy_header(descr, shape));
  file.write({static_cast<const char*>(values), bytes});
  file.commit();
}

}  // namespace

void write_npy(const std::string& path, const std::vector<std::int64_t>& shape, const double* values) {
  write_elements(path, "<f8", shape, values, sizeof(double));
}

void write_npy(const std::string& path, const std::vector<std::int64_t>& shape, const std::int64_t* values) {
  write_elements(path, "<i8", shape, values, sizeof(std::int64_t));
}

void write_npy(const std::string& path, const std::vector<std::int64_t>& shape, const std::complex<double>* values) {
  write_elements(path, "<c16", shape, values, sizeof(std::complex<double>));
}

}  // namespace szilard::dataset
