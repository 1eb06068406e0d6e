#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pomona/error_kind.h"
#include "pomona/table/part_reader.h"
#include "pomona/table/seal.h"
#include "pomona/verify.h"
#include "small_table.h"

namespace pomona {

/// Tests: a table as it was when it was whole, held against what Verify and runs then say of it.
/// Verdicts are kFound, kProved, or words that say what is wrong with what was said.
class WholeTable {
 public:
  static constexpr char kFound[] = "found";    ///< damage is reported as damage
  static constexpr char kProved[] = "proved";  ///< and it is: rows and entries are what they were

  WholeTable(const SmallTable& table, std::string output)
      : table_(table), output_(std::move(output)), root_(table.Path(output_)) {
    tree_ = TreeOf(root_);
    for (const auto& [name, bytes] : tree_) EXPECT_TRUE(memory_->Put(name, bytes).ok());
    rows_ = PlainRows(root_);
    const Manifest manifest = *Manifest::Load(*table_.Store(output_)).ValueOrDie();
    entries_ = EntriesOf(manifest);
    for (const auto& part : manifest.parts()) {
      for (const auto& file : {std::optional(part.data), part.references, part.rejects}) {
        if (file) files_[file->name] = *file;
      }
    }
    EXPECT_EQ(Verdict(), kProved);
  }

  const std::string& output() const { return output_; }
  const std::filesystem::path& root() const { return root_; }
  const Tree& tree() const { return tree_; }
  bool IsRecorded(const std::string& name) const { return files_.contains(name); }
  bool is_first_format() const { return tree_.contains(kRunFile); }
  std::shared_ptr<OutputStore> Store() const { return table_.Store(output_); }
  void Restore() const { WriteTree(root_, tree_); }

  std::string Verdict() const { return Judge(rows_, entries_, nullptr); }

  /// Of the table with these bytes in that file.
  std::string VerdictWith(const std::string& name, const std::string& bytes) const {
    WriteFile(root_ / name, bytes);
    std::string verdict = Verdict();
    WriteFile(root_ / name, tree_.at(name));
    return verdict;
  }

  /// The same, by that step of Verify which reads this file, in memory: many times as quick.
  std::string QuickVerdictWith(const std::string& name, const std::string& bytes) const {
    EXPECT_TRUE(memory_->Put(name, bytes).ok());
    const bool found = IsFoundInMemory(name);
    EXPECT_TRUE(memory_->Put(name, tree_.at(name)).ok());
    return found ? kFound : VerdictWith(name, bytes);
  }

  /// Of a run with `update` over what is there, after which a whole table has these rows: it
  /// refuses what is damaged, and takes no part away; or the table is proved. What it did not have
  /// to read is no better than before, and Verify still says so.
  std::string UpdateVerdict(const std::vector<std::string>& rows) const {
    const Tree before = TreeOf(root_);
    std::vector<std::string> problems_before;
    Judge(rows, "", &problems_before);
    const auto report = table_.Update(output_);
    const Tree after = TreeOf(root_);
    std::vector<std::string> problems;
    const std::string verdict = Judge(rows, "", &problems);
    if (!report.ok()) {
      const bool foreign = report.status().IsInvalid() &&
                           report.status().message().find("something else") != std::string::npos;
      if (KindOf(report.status()) != ErrorKind::kData && !foreign) {
        return report.status().ToString();
      }
      for (const auto& [name, bytes] : before) {
        const auto now = after.find(name);
        if (now != after.end() && now->second != bytes && name.find('/') == name.npos) {
          return "refused, and changed " + name;
        }
        if (now == after.end() && IsPartFile(name)) return "refused, and took away " + name;
      }
      return verdict;
    }
    for (const auto& problem : problems) {
      if (std::ranges::find(problems_before, problem) == problems_before.end()) {
        return "made by a run without an error: " + problem;
      }
    }
    return verdict;
  }

 private:
  static std::string EntriesOf(const Manifest& manifest) {
    std::string text;
    for (const auto& part : manifest.parts()) text += ToJson(part) + "\n";
    return text;
  }

  bool IsFoundInMemory(const std::string& name) const {
    const auto recorded = files_.find(name);
    if (recorded != files_.end()) {
      return KindOf(ReadTableFile(*memory_, recorded->second).status()) == ErrorKind::kData;
    }
    const auto manifest = Manifest::Load(*memory_);
    if (!manifest.ok() || !*manifest) return KindOf(manifest.status()) == ErrorKind::kData;
    const auto sealed = IsSealedBy(memory_->Get(kSuccessFile).ValueOr("none"), **manifest);
    return sealed.ok() ? !*sealed : KindOf(sealed.status()) == ErrorKind::kData;
  }

  bool HasManifest() const {
    for (const auto& [name, bytes] : TreeOf(root_)) {
      if (!bytes.empty() && (StateNumberOf(name) >= 0 || name == kRunFile)) return true;
    }
    return false;
  }

  /// `entries`: empty where they are not known.
  std::string Judge(const std::vector<std::string>& rows, const std::string& entries,
                    std::vector<std::string>* problems) const {
    const auto report = Verify(root_.string(), {});
    if (report.status().IsKeyError() && !HasManifest()) return kFound;
    if (KindOf(report.status()) == ErrorKind::kData) return kFound;
    if (!report.ok()) return report.status().ToString();
    if (problems != nullptr) *problems = report->problems;
    const auto manifest = Manifest::Load(*Store());
    const bool finished = std::filesystem::is_regular_file(root_ / kSuccessFile);
    const auto says = [](const std::string& problem) {
      return problem.starts_with("not finished");
    };
    if (manifest.ok() && !finished && std::ranges::none_of(report->problems, says)) {
      return "does not say that it is not finished";
    }
    if (!report->problems.empty()) return kFound;
    if (PlainRows(root_) != rows) return "proved, with other rows";
    if (!manifest.ok() || !*manifest) return "proved, without a manifest";
    if (entries.empty()) return kProved;
    for (const auto& [name, file] : files_) {
      if (BytesOf(root_ / name) != tree_.at(name)) return "proved, with another " + name;
    }
    // What is in no seal is proved by nothing.
    if (is_first_format() || EntriesOf(**manifest) == entries) return kProved;
    return "proved, with another manifest";
  }

  const SmallTable& table_;
  const std::string output_;
  const std::filesystem::path root_;
  Tree tree_;
  std::vector<std::string> rows_;
  std::map<std::string, FileRecord> files_;  ///< by name
  std::string entries_;
  const std::shared_ptr<OutputStore> memory_ =
      OutputStore::Make(HookedFileSystem::ObjectStore(), "table", "table");
};

}  // namespace pomona
