#include "pomona/base/file_text.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace pomona {

// Not by iterators over a std::ifstream: they throw where a folder is read.
arrow::Result<std::string> FileText(const std::string& path) {
  const auto failed = [&] {
    return arrow::Status::IOError("cannot read `", path, "`: ", std::strerror(errno));
  };
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "rbe"));
  if (file == nullptr) return failed();
  std::string text;
  std::array<char, 16'384> block;
  while (const size_t count = std::fread(block.data(), 1, block.size(), file.get())) {
    text.append(block.data(), count);
  }
  if (std::ferror(file.get()) != 0) return failed();
  return text;
}

}  // namespace pomona
