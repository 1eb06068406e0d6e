#include "pomona/export/bundle.h"

#include <dlfcn.h>
#include <stdlib.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <openvino/core/version.hpp>
#include <string_view>

#include "pomona/export/bundle_texts.h"
#include "pomona/shown_text.h"
#include "pomona/storage/uri.h"

namespace pomona {
namespace {

namespace fs = std::filesystem;
using arrow::Status;

/// What a graph needs of the libraries beside libopenvino: a reader of IR, a CPU, threads.
constexpr std::array<std::string_view, 4> kLibraries = {
    "libopenvino.so.", "libopenvino_ir_frontend.so.", "libtbb.so.", "cpu_plugin.so"};

/// The folder that libopenvino lies in.
fs::path LibraryFolder() {
  Dl_info library{};
  if (dladdr(reinterpret_cast<const void*>(&ov::get_openvino_version), &library) == 0) return {};
  return fs::canonical(library.dli_fname).parent_path();
}

void Write(const fs::path& path, std::string_view text) {
  std::ofstream file;
  file.exceptions(std::ios::badbit | std::ios::failbit);
  file.open(path, std::ios::binary);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.close();
}

void CopyLibrary(const fs::path& from, const fs::path& to) {
  fs::create_directories(to / "lib");
  for (const auto& entry : fs::directory_iterator(from)) {
    const std::string name = entry.path().filename().string();
    const bool needed =
        std::any_of(kLibraries.begin(), kLibraries.end(),
                    [&](std::string_view part) { return name.find(part) != std::string::npos; });
    if (needed) fs::copy_file(entry.path(), to / "lib" / name);
  }
  // As in its wheel; a system's package has them where compilers look, and needs no copy.
  const fs::path headers = from.parent_path() / "include";
  if (fs::exists(headers / "openvino")) {
    fs::copy(headers, to / "include", fs::copy_options::recursive);
  }
}

fs::path PathOf(const std::string& folder) {
  return Uri::Parse(folder).ValueOrDie().path;  // absolute: CheckBundle saw that it is local
}

}  // namespace

Status CheckBundle(const std::string& folder, const Classifier& classifier) {
  ARROW_ASSIGN_OR_RAISE(const Uri uri, Uri::Parse(folder));
  if (uri.scheme != Scheme::kLocal) {
    return Status::Invalid("option `output` is ", ShownUri(folder),
                           ", and a bundle is a folder on this machine");
  }
  std::error_code error;
  if (fs::exists(PathOf(folder), error)) {
    return Status::Invalid("the folder ", ShownUri(folder),
                           " is there already\nhint: a bundle is never replaced: name another, or "
                           "remove it");
  }
  for (const std::string& label : classifier.labels()) {
    if (label.find('\n') != std::string::npos) {
      return Status::Invalid("the label `", ShownText(label),
                             "` has a line feed, which labels.txt cannot hold");
    }
  }
  return Status::OK();
}

Status WriteBundle(const std::string& folder, const OpenVinoFiles& files,
                   const Classifier& classifier) {
  const fs::path whole = PathOf(folder);
  std::string unfinished = whole.string() + ".XXXXXX";
  try {
    fs::create_directories(whole.parent_path());
    if (mkdtemp(unfinished.data()) == nullptr) {
      return Status::IOError("cannot make a folder beside ", ShownUri(folder));
    }
    const fs::path made = unfinished;
    Write(made / "classifier.xml", files.xml);
    Write(made / "classifier.bin", files.bin);
    std::string labels;
    for (const std::string& label : classifier.labels()) labels += label + '\n';
    Write(made / "labels.txt", labels);
    Write(made / "name_frames.cc", kBundleProgram);
    Write(made / "CMakeLists.txt", kBundleCMake);
    Write(made / "README.md", kBundleReadme);
    CopyLibrary(LibraryFolder(), made / "openvino");
    fs::permissions(made, fs::perms(0755));
    fs::rename(made, whole);
    return Status::OK();
  } catch (const std::exception& exception) {
    std::error_code error;
    fs::remove_all(unfinished, error);
    return Status::IOError("cannot write the folder ", ShownUri(folder), ": ", exception.what());
  }
}

arrow::Result<int64_t> BytesOfBundle(const std::string& folder) {
  try {
    int64_t bytes = 0;
    for (const auto& entry : fs::recursive_directory_iterator(PathOf(folder))) {
      if (entry.is_regular_file()) bytes += static_cast<int64_t>(entry.file_size());
    }
    return bytes;
  } catch (const std::exception& exception) {
    return Status::IOError("cannot read the folder ", ShownUri(folder), ": ", exception.what());
  }
}

}  // namespace pomona
