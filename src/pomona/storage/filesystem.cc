#include "pomona/storage/filesystem.h"

#include <arrow/filesystem/hdfs.h>
#include <arrow/filesystem/localfs.h>

#include <cstdlib>
#include <utility>

#include "pomona/shown_text.h"
#include "pomona/storage/azure_file_system.h"
#include "pomona/storage/gcs_file_system.h"
#include "pomona/storage/modified_utf8.h"
#include "pomona/storage/s3/file_system.h"
#include "pomona/storage/uri.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

Result<FileLocation> OpenHdfs(const Uri& uri) {
  std::string host = uri.authority;
  arrow::fs::HdfsOptions options;
  if (const size_t at = host.find('@'); at != std::string::npos) {
    options.ConfigureUser(host.substr(0, at));
    host.erase(0, at + 1);
  }
  int port = 0;
  if (const size_t colon = host.rfind(':'); colon != std::string::npos) {
    char* end = nullptr;
    const long number = std::strtol(host.c_str() + colon + 1, &end, 10);
    if (*end != '\0' || number < 1 || number > 65535) {
      // Not shown: it may be a password.
      return BadAddress("what follows the host's name is no port", "\nhint: hdfs://host:8020/dir");
    }
    port = static_cast<int>(number);
    host.resize(colon);
  }
  // "default" stands for fs.defaultFS of the cluster's core-site.xml.
  options.ConfigureEndPoint(host.empty() ? "default" : host, port);
  auto filesystem = arrow::fs::HadoopFileSystem::Make(options);
  if (!filesystem.ok()) {
    return Status::IOError("cannot reach HDFS: ", ShownUri(uri.ToString()), ": ",
                           ShownUri(filesystem.status().message()),
                           "\nhint: Hadoop's client is needed: JAVA_HOME, ARROW_LIBHDFS_DIR (the "
                           "folder of libhdfs.so) and CLASSPATH (`hadoop classpath --glob`)");
  }
  return FileLocation{std::move(*filesystem), ToModifiedUtf8(uri.path)};
}

}  // namespace

Result<FileLocation> OpenFileSystem(const Uri& uri, const StorageOptions& storage) {
  switch (uri.scheme) {
    case Scheme::kLocal:
      return FileLocation{std::make_shared<arrow::fs::LocalFileSystem>(), uri.path};
    case Scheme::kS3:
      return OpenS3FileSystem(uri, storage);
    case Scheme::kHdfs:
      return OpenHdfs(uri);
    case Scheme::kGcs:
      return OpenGcsFileSystem(uri, storage);
    case Scheme::kAzure:
      return OpenAzureFileSystem(uri);
  }
  return Status::Invalid("no store for ", ShownUri(uri.ToString()));
}

}  // namespace pomona
