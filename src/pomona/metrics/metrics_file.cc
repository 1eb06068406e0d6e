#include "pomona/metrics/metrics_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

namespace pomona {

arrow::Status ReplaceFile(const std::string& path, std::string_view text) {
  // Not a name that node_exporter reads.
  const std::string unfinished = path + ".tmp";
  errno = 0;
  std::ofstream file(unfinished, std::ios::binary | std::ios::trunc);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.close();
  if (file.fail() || std::rename(unfinished.c_str(), path.c_str()) != 0) {
    const int error = errno;
    std::remove(unfinished.c_str());
    return arrow::Status::IOError("cannot write ", path, ": ", std::strerror(error));
  }
  return arrow::Status::OK();
}

}  // namespace pomona
