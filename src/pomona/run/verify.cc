#include "pomona/base/json.h"

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include "pomona/verify.h"

#include <algorithm>
#include <functional>
#include <future>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "pomona/error_kind.h"
#include "pomona/run/options_record.h"
#include "pomona/table/layout.h"
#include "pomona/table/manifest.h"
#include "pomona/table/part_reader.h"
#include "pomona/table/seal.h"
#include "pomona/table/table_output.h"

namespace pomona {
namespace {

/// All files of a table.
std::vector<FileRecord> FilesOf(const Manifest& manifest) {
  std::vector<FileRecord> files = manifest.run().files;
  for (const auto& part : manifest.parts()) {
    files.push_back(part.data);
    if (part.references) files.push_back(*part.references);
    if (part.rejects) files.push_back(*part.rejects);
  }
  return files;
}

/// Proves one output, problem by problem.
class Verifier {
 public:
  Verifier(const OutputStore& store, bool quick) : store_(store), quick_(quick) {}

  arrow::Result<VerifyReport> Execute() {
    auto loaded = Manifest::Load(store_);
    if (KindOf(loaded.status()) == ErrorKind::kData) {
      Problem(loaded.status().message());
      return report_;
    }
    ARROW_RETURN_NOT_OK(loaded.status());
    if (!*loaded) {
      // A seal of ours says that there was a table.
      if (HasSeal(store_)) {
        Problem(std::string(kSuccessFile) + ": the states are missing that it was written for");
        return report_;
      }
      return arrow::Status::KeyError("no Pomona output in ", store_.uri(), ": no state is in ",
                                     kStatesFolder);
    }
    ARROW_RETURN_NOT_OK(CheckSuccess(**loaded));
    const Manifest& manifest = **loaded;
    report_.parts = manifest.totals().parts;
    report_.rows = manifest.totals().rows;
    report_.rejects = manifest.totals().rejects;
    report_.references = manifest.totals().references;
    for (const auto& file : FilesOf(manifest)) known_.emplace(file.name, file.bytes);
    if (!quick_) {
      for (const auto& file : manifest.run().files) Prove(file);
      for (const auto& part : manifest.parts()) CheckPart(part, manifest.run());
      ARROW_RETURN_NOT_OK(CheckTwice(manifest.parts()));
    }
    ARROW_RETURN_NOT_OK(CheckNames());
    return report_;
  }

 private:
  void Problem(std::string text) { report_.problems.push_back(std::move(text)); }

  arrow::Status CheckSuccess(const Manifest& manifest) {
    const auto seal = FindSeal(store_, manifest);
    if (KindOf(seal.status()) == ErrorKind::kData) {
      Problem(seal.status().message());
      return arrow::Status::OK();
    }
    ARROW_RETURN_NOT_OK(seal.status());
    if (*seal == SealFound::kNone) {
      Problem("not finished: _SUCCESS is missing\nhint: run the same extract again");
    } else if (*seal == SealFound::kOfOlderState) {
      Problem(
          "not finished: _SUCCESS is of an older state than the newest\nhint: run the same "
          "extract again");
    }
    return arrow::Status::OK();
  }

  /// A file of which we know no more than its bytes.
  void Prove(const FileRecord& file) {
    const auto proved = ProveFile(store_, file);
    if (proved.ok()) {
      report_.bytes += file.bytes;
    } else {
      Problem(file.name + ": " + proved.message());
    }
  }

  /// Nothing, after saying why, unless the file is as the manifest says.
  std::shared_ptr<arrow::RecordBatch> Checked(const FileRecord& file,
                                              const std::vector<std::string>& columns) {
    auto batch = ReadTableFile(store_, file, columns);
    if (!batch.ok()) {
      Problem(file.name + ": " + batch.status().message());
      return nullptr;
    }
    report_.bytes += file.bytes;
    return *batch;
  }

  void CheckPart(const PartRecord& part, const RunRecord& run) {
    if (!part.references) {
      // Tables that are made of tables have none.
      if (!run.is_derived()) Problem(part.data.name + ": the manifest has no references of it");
      return Prove(part.data);
    }
    const auto data = Checked(part.data, {});
    const auto references = Checked(*part.references, {"uri", "reject"});
    if (part.rejects) Checked(*part.rejects, {});
    if (data == nullptr || references == nullptr) return;
    for (const auto& line : DifferingFooter(run.options, data->schema()->metadata().get())) {
      Problem(part.data.name + ": " + line);
    }

    const auto& paths = static_cast<const arrow::StringArray&>(*data->column(0));
    const auto& uris = static_cast<const arrow::StringArray&>(*references->column(0));
    const auto& rejects = *references->column(1);
    if (uris.length() > 0) {
      // Runs merge the parts of one generation as they come.
      auto& last = last_uris_[part.generation];
      if (last && uris.GetView(0) <= *last) {
        Problem(part.references->name + ": comes behind a later part of its generation");
      }
      last = uris.GetString(uris.length() - 1);
    }
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
      if (!part.references) continue;
      ARROW_ASSIGN_OR_RAISE(const auto references,
                            ReadTableFile(store_, *part.references, {"uri"}));
      const auto& uris = static_cast<const arrow::StringArray&>(*references->column(0));
      for (int64_t i = 0; i < uris.length(); ++i) {
        if (!twice.contains(std::hash<std::string_view>{}(uris.GetView(i)))) continue;
        if (!seen.insert(uris.GetString(i)).second) {
          Problem(part.references->name + ": twice in the output: " + uris.GetString(i));
        }
      }
    }
    return arrow::Status::OK();
  }

  /// Whether all files are there, and no others; three listings at once, as each may be long.
  arrow::Status CheckNames() {
    auto visible = std::async(std::launch::async, [&] { return store_.ListVisible(); });
    std::vector<std::future<arrow::Result<std::vector<OutputStore::Entry>>>> beside;
    for (const char* folder : {kReferencesFolder, kRejectsFolder}) {
      beside.push_back(std::async(std::launch::async, [&, folder] { return store_.List(folder); }));
    }
    ARROW_ASSIGN_OR_RAISE(const auto seen, visible.get());
    CheckListed(seen, ": not in the manifest, yet readers would see it");
    for (auto& listing : beside) {
      ARROW_ASSIGN_OR_RAISE(const auto files, listing.get());
      CheckListed(files, ": not in the manifest");
    }
    // A full look has said what is missing, and why.
    for (const auto& [name, bytes] : known_) {
      if (!quick_ || listed_.contains(name)) continue;
      ARROW_ASSIGN_OR_RAISE(const bool exists, store_.Exists(name));
      if (!exists) Problem(name + ": it is missing");
    }
    return arrow::Status::OK();
  }

  void CheckListed(const std::vector<OutputStore::Entry>& files, const char* stranger) {
    for (const auto& file : files) {
      const auto known = known_.find(file.name);
      if (known == known_.end()) {
        Problem(file.name + stranger);
        continue;
      }
      listed_.insert(file.name);
      if (quick_ && file.size != known->second) {
        Problem(file.name + ": it has " + std::to_string(file.size) + " bytes, the manifest says " +
                std::to_string(known->second));
      }
    }
  }

  const OutputStore& store_;
  VerifyReport report_;
  const bool quick_;
  std::map<std::string, int64_t> known_;  ///< size by name
  std::set<std::string> listed_;
  std::vector<size_t> path_hashes_;
  std::map<int, std::optional<std::string>> last_uris_;  ///< of each generation so far
};

}  // namespace

arrow::Result<VerifyReport> Verify(const std::string& output, const StorageOptions& storage,
                                   bool quick) {
  ARROW_RETURN_NOT_OK(storage.Validate());
  ARROW_ASSIGN_OR_RAISE(const Uri place, Uri::Parse(output));
  ARROW_ASSIGN_OR_RAISE(auto store, OpenOutput(place, output, storage));
  return Verifier(*store, quick).Execute();
}

std::string VerifyReport::ToJson() const {
  return JsonDocument({{"parts", parts},
                       {"rows", rows},
                       {"rejects", rejects},
                       {"references", references},
                       {"bytes", bytes},
                       {"problems", problems}});
}

}  // namespace pomona
