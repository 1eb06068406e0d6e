#include "pomona/storage/gcs_file_system.h"

#include <arrow/filesystem/gcsfs.h>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "pomona/base/environment.h"

namespace pomona {

arrow::Result<FileLocation> OpenGcsFileSystem(const Uri& uri, const StorageOptions& storage) {
  using arrow::fs::GcsOptions;
  constexpr std::string_view kAnonymous = "anonymous@";
  std::string bucket = uri.authority;
  bool anonymous = !FirstInEnvironment({"CLOUD_STORAGE_EMULATOR_ENDPOINT"}).empty();
  if (bucket.starts_with(kAnonymous)) {
    anonymous = true;
    bucket.erase(0, kAnonymous.size());
  }
  if (bucket.empty() || bucket.find_first_of("@:") != std::string::npos) {
    return BadAddress("no bucket in a gs:// address",
                      "\nhint: gs://BUCKET/folder, gs://anonymous@BUCKET/folder");
  }
  GcsOptions options = anonymous ? GcsOptions::Anonymous() : GcsOptions::Defaults();
  // The SDK's own 15 minutes would come on top of the tries of whoever calls it.
  options.retry_limit_seconds = std::chrono::duration<double>(storage.request_timeout).count();
  ARROW_ASSIGN_OR_RAISE(auto filesystem, arrow::fs::GcsFileSystem::Make(options));
  std::string path = std::move(bucket);
  if (uri.path != "/") path += uri.path;
  return FileLocation{std::move(filesystem), std::move(path)};
}

}  // namespace pomona
