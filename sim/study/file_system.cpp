// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/study/file_system.hpp"

#include <filesystem>
#include <sys/vfs.h>

namespace szilard::study {

bool is_network_type(unsigned long type) {
  switch (type & 0xFFFFFFFFul) {
    case 0x6969:      // NFS
    case 0x517B:      // SMB
    case 0xFE534D42:  // SMB 2
    case 0xFF534D42:  // CIFS
    case 0x0BD00BD0:  // Lustre
    case 0x47504653:  // GPFS
    case 0x19830326:  // BeeGFS
    case 0x00C36400:  // Ceph
    case 0x5346414F:  // AFS
    case 0x01021997:  // 9P
    case 0x65735546:  // FUSE
      return true;
    default:
      return false;
  }
}

bool is_on_network(const std::string& path) {
  const std::string folder = std::filesystem::absolute(path).parent_path().string();
  struct statfs status = {};
  return statfs(folder.c_str(), &status) == 0 && is_network_type(static_cast<unsigned long>(status.f_type));
}

}  // namespace szilard::study
