#include "pomona/app/page_files.h"

#include <algorithm>
#include <map>
#include <system_error>

#include "pomona/base/file_text.h"
#include "pomona/base/json.h"
#include "pomona/base/page_template.h"
#include "pomona/base/sha256.h"
#include "pomona/model/catalogue.h"

namespace pomona {
namespace {

namespace fs = std::filesystem;
using arrow::Result;
using arrow::Status;

constexpr char kIndex[] = "index.html";
constexpr char kManifest[] = "manifest.webmanifest";
constexpr char kServiceWorker[] = "service_worker.js";
constexpr char kRuntime[] = "runtime/ort-wasm-simd-threaded.wasm";
/// Characters of its hash that name a version.
constexpr size_t kVersionLength = 16;

/// As browsers want it; what a host says of the files does not count once the app is kept.
std::string TypeOf(const std::string& name) {
  static const std::map<std::string, std::string> kTypes = {
      {".html", "text/html; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".json", "application/json"},
      {".webmanifest", "application/manifest+json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".webp", "image/webp"},
      {".wasm", "application/wasm"},
      {".txt", "text/plain; charset=utf-8"}};
  const auto type = kTypes.find(fs::path(name).extension().string());
  return type == kTypes.end() ? "application/octet-stream" : type->second;
}

/// Names of all files in the folder and those below it, in byte order.
Result<std::vector<std::string>> NamesIn(const fs::path& folder) {
  std::error_code error;
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(folder, error)) {
    if (entry.is_regular_file()) names.push_back(fs::relative(entry.path(), folder).string());
  }
  if (error) return Status::IOError("cannot list ", folder.string(), ": ", error.message());
  std::ranges::sort(names);
  return names;
}

Result<std::string> ManifestFor(const std::string& text, const std::string& title) {
  ARROW_ASSIGN_OR_RAISE(Json manifest, ParseJson(text));
  manifest["name"] = manifest["short_name"] = title;
  return JsonDocument(manifest);
}

}  // namespace

Result<fs::path> PageSource() {
  const fs::path source = ShareFolder() / "app";
  std::error_code error;
  if (fs::is_regular_file(source / kRuntime, error)) return source;
  return Status::Invalid(
      "this installation has no runtime for the page (share/pomona/app/runtime)\nhint: "
      "scripts/setup fetches it, then build again");
}

Status PutPage(const fs::path& source, const std::string& title, AppFolder* folder) {
  for (const char* part : {"page", "runtime"}) {
    ARROW_ASSIGN_OR_RAISE(const auto names, NamesIn(source / part));
    for (const std::string& name : names) {
      if (name == kServiceWorker) continue;
      ARROW_ASSIGN_OR_RAISE(std::string text, FileText((source / part / name).string()));
      if (name == kIndex) text = FillMarks(text, {{"title", EscapedHtml(title)}});
      if (name == kManifest) {
        ARROW_ASSIGN_OR_RAISE(text, ManifestFor(text, title));
      }
      const bool below = std::string_view(part) != "page";
      ARROW_RETURN_NOT_OK(folder->Put((below ? std::string(part) + "/" : "") + name, text));
    }
  }
  return Status::OK();
}

Status PutServiceWorker(const fs::path& source, AppFolder* folder) {
  Json files;
  for (const auto& [name, file] : folder->files()) {
    files[name] = {{"sha256", file.sha256}, {"type", TypeOf(name)}};
  }
  // The mark stands between quotes, so that the script is one before it is filled, too.
  const std::string quoted = CompactJson(Json(CompactJson(files)));
  const std::string_view list = std::string_view(quoted).substr(1, quoted.size() - 2);
  const std::string version = ToHex(Sha256Of(list)).substr(0, kVersionLength);
  ARROW_ASSIGN_OR_RAISE(const std::string text,
                        FileText((source / "page" / kServiceWorker).string()));
  return folder->Put(kServiceWorker, FillMarks(text, {{"files", list}, {"version", version}}));
}

}  // namespace pomona
