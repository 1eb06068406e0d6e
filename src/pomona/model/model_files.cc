#include "pomona/model/model_files.h"

#include <algorithm>
#include <array>

#include "pomona/model/mapped_file.h"
#include "pomona/sha256.h"

namespace pomona {
namespace fs = std::filesystem;

arrow::Result<std::vector<fs::path>> ModelFiles(const fs::path& network) {
  std::vector<fs::path> files;
  std::error_code error;
  if (fs::is_directory(network, error)) {
    for (fs::recursive_directory_iterator entry(network, error), end; entry != end && !error;
         entry.increment(error)) {
      const bool is_card = entry->path() == network / "card.json";
      if (entry->is_regular_file() && !is_card) files.push_back(entry->path());
    }
  } else if (fs::is_regular_file(network, error)) {
    files.push_back(network);
    fs::path weights = network;
    if (network.extension() == ".xml") files.push_back(weights.replace_extension(".bin"));
    if (network.extension() == ".onnx") {
      // Where exporters put tensors that do not fit in one file.
      for (const char* suffix : {".data", "_data"}) {
        const fs::path data = network.string() + suffix;
        if (fs::exists(data, error)) files.push_back(data);
      }
    }
  }
  if (error || files.empty()) {
    return arrow::Status::IOError("model `", network.string(), "` ",
                                  error ? "cannot be read: " + error.message() : "does not exist");
  }
  std::sort(files.begin(), files.end());
  return files;
}

arrow::Status DigestModel(const fs::path& network, Model* model) {
  ARROW_ASSIGN_OR_RAISE(const auto files, ModelFiles(network));
  Sha256 sha;
  model->bytes = 0;
  for (const auto& file : files) {
    ARROW_ASSIGN_OR_RAISE(const auto content, MappedFile::Open(file.string()));
    const auto bytes = content->bytes();
    // The name without the way to it: the same model has the same digest anywhere. The size
    // keeps one file's end apart from the next one's beginning.
    sha.Update(file.lexically_relative(network.parent_path()).generic_string() + '\n' +
               std::to_string(bytes.size()) + '\n');
    sha.Update(bytes);
    model->bytes += static_cast<int64_t>(bytes.size());
  }
  model->path = network.string();
  model->digest = "sha256:" + sha.Hex();
  return arrow::Status::OK();
}

}  // namespace pomona
