#include "pomona/verify.h"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "pomona/error_kind.h"
#include "pomona/table/hashing_stream.h"
#include "pomona/table/layout.h"
#include "pomona/table/manifest.h"
#include "pomona/table/part_reader.h"
#include "pomona/table/table_output.h"

namespace pomona {
namespace {

/// Proves one output, problem by problem.
class Verifier {
 public:
  explicit Verifier(const OutputStore& store) : store_(store) {}

  arrow::Result<VerifyReport> Execute() {
    auto loaded = Manifest::Load(store_);
    if (KindOf(loaded.status()) == ErrorKind::kData) {
      Problem(loaded.status().message());
      return report_;
    }
    ARROW_RETURN_NOT_OK(loaded.status());
    if (!*loaded) {
      return arrow::Status::KeyError("no Pomona output in ", store_.uri(), ": ", kRunFile,
                                     " is missing");
    }
    ARROW_ASSIGN_OR_RAISE(const bool finished, store_.Exists(kSuccessFile));
    if (!finished) Problem("not finished: _SUCCESS is missing\nhint: run the same extract again");
    for (const auto& part : (*loaded)->parts()) CheckPart(part);
    ARROW_RETURN_NOT_OK(CheckTwice((*loaded)->parts()));
    ARROW_RETURN_NOT_OK(CheckStrangers());
    return report_;
  }

 private:
  void Problem(std::string text) { report_.problems.push_back(std::move(text)); }

  /// Nothing, after saying why, unless the file is as the manifest says.
  std::shared_ptr<arrow::RecordBatch> Checked(const FileRecord& file,
                                              const std::vector<std::string>& columns) {
    known_.insert(file.name);
    auto checksum = [&]() -> arrow::Result<std::string> {
      ARROW_ASSIGN_OR_RAISE(auto input, store_.Open(file.name));
      return Sha256Of(*input);
    }();
    if (!checksum.ok()) {
      Problem(file.name + ": " + checksum.status().message());
      return nullptr;
    }
    if (*checksum != file.sha256) Problem(file.name + ": another checksum than in the manifest");
    auto batch = ReadTableFile(store_, file, columns);
    if (!batch.ok()) {
      Problem(file.name + ": " + batch.status().message());
      return nullptr;
    }
    report_.bytes += file.bytes;
    return *batch;
  }

  void CheckPart(const PartRecord& part) {
    ++report_.parts;
    report_.rows += part.data.rows;
    report_.references += part.references.rows;
    const auto data = Checked(part.data, {});
    const auto references = Checked(part.references, {"uri", "reject"});
    if (part.rejects) {
      report_.rejects += part.rejects->rows;
      Checked(*part.rejects, {});
    }
    if (data == nullptr || references == nullptr) return;

    const auto& paths = static_cast<const arrow::StringArray&>(*data->column(0));
    const auto& uris = static_cast<const arrow::StringArray&>(*references->column(0));
    const auto& rejects = *references->column(1);
    int64_t row = 0;
    for (int64_t i = 0; i < uris.length(); ++i) {
      path_hashes_.push_back(std::hash<std::string_view>{}(uris.GetView(i)));
      if (rejects.IsValid(i)) continue;
      if (row >= paths.length() || paths.GetView(row) != uris.GetView(i)) {
        Problem(part.data.name + ": row " + std::to_string(row) + " is not " + uris.GetString(i));
        return;
      }
      ++row;
    }
    if (row != paths.length()) Problem(part.data.name + ": rows that nobody asked for");
  }

  /// Names the paths that are there twice: those whose hashes are, looked up again.
  arrow::Status CheckTwice(const std::vector<PartRecord>& parts) {
    std::sort(path_hashes_.begin(), path_hashes_.end());
    std::set<size_t> twice;
    for (size_t i = 1; i < path_hashes_.size(); ++i) {
      if (path_hashes_[i] == path_hashes_[i - 1]) twice.insert(path_hashes_[i]);
    }
    if (twice.empty()) return arrow::Status::OK();
    std::set<std::string> seen;
    for (const auto& part : parts) {
      ARROW_ASSIGN_OR_RAISE(const auto references, ReadTableFile(store_, part.references, {"uri"}));
      const auto& uris = static_cast<const arrow::StringArray&>(*references->column(0));
      for (int64_t i = 0; i < uris.length(); ++i) {
        if (!twice.contains(std::hash<std::string_view>{}(uris.GetView(i)))) continue;
        if (!seen.insert(uris.GetString(i)).second) {
          Problem(part.references.name + ": twice in the output: " + uris.GetString(i));
        }
      }
    }
    return arrow::Status::OK();
  }

  arrow::Status CheckStrangers() {
    for (const char* folder : {"", kReferencesFolder, kRejectsFolder}) {
      ARROW_ASSIGN_OR_RAISE(auto files, store_.List(folder));
      for (const auto& file : files) {
        const bool counts = *folder != '\0' || IsPartFile(file.name);
        if (counts && !known_.contains(file.name)) {
          Problem(file.name + ": not in the manifest, yet readers would see it");
        }
      }
    }
    return arrow::Status::OK();
  }

  const OutputStore& store_;
  VerifyReport report_;
  std::set<std::string> known_;
  std::vector<size_t> path_hashes_;
};

}  // namespace

arrow::Result<VerifyReport> Verify(const std::string& output, const StorageOptions& storage) {
  ARROW_RETURN_NOT_OK(storage.Validate());
  ARROW_ASSIGN_OR_RAISE(auto store, OpenOutput(output, storage));
  return Verifier(*store).Execute();
}

std::string VerifyReport::ToJson() const {
  using Json = nlohmann::ordered_json;
  return Json{{"parts", parts},           {"rows", rows},   {"rejects", rejects},
              {"references", references}, {"bytes", bytes}, {"problems", problems}}
             .dump(2, ' ', false, Json::error_handler_t::replace) +
         "\n";
}

}  // namespace pomona
