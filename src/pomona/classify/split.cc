#include "pomona/split.h"

#include <algorithm>
#include <new>
#include <optional>
#include <utility>

#include "pomona/base/available_cores.h"
#include "pomona/base/json.h"
#include "pomona/classify/near_twins.h"
#include "pomona/classify/official_part.h"
#include "pomona/classify/share_groups.h"
#include "pomona/classify/split_census.h"
#include "pomona/classify/split_file.h"
#include "pomona/classify/split_table.h"
#include "pomona/classify/text_pattern.h"
#include "pomona/shown_text.h"
#include "pomona/storage/uri.h"
#include "pomona/storage/whole_file.h"
#include "pomona/version.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

Status CheckSplitShare(const char* name, const std::optional<double>& share) {
  if (!share || (*share > 0 && *share < 1)) return Status::OK();
  return Status::Invalid("option `", name, "` must be above 0 and below 1, not ", *share);
}

/// One call of MakeSplit: its rows, told apart step by step.
class SplitMaker {
 public:
  SplitMaker(const SplitOptions& options, SplitTable table)
      : options_(options),
        table_(std::move(table)),
        part_(static_cast<size_t>(table_.rows()), SplitPart::kTrain),
        fold_(static_cast<size_t>(table_.rows()), -1) {}

  Status Tell() {
    ARROW_RETURN_NOT_OK(HoldOut());
    if (options_.by == "official") ARROW_RETURN_NOT_OK(ByFolder());
    if (!options_.train.empty()) ARROW_RETURN_NOT_OK(ByPattern());
    if (options_.test_share) Share(*options_.test_share, SplitPart::kTest);
    if (options_.calibration_share) Share(*options_.calibration_share, SplitPart::kCalibration);
    ARROW_RETURN_NOT_OK(CheckParts());
    return options_.folds ? Fold() : Status::OK();
  }

  Result<SplitReport> Report(int threads) const {
    const ToldRows told = {.table = table_, .part = part_, .fold = fold_};
    std::optional<NearTwins> twins;
    if (table_.features) {
      ARROW_ASSIGN_OR_RAISE(twins, CountNearTwins(told, options_.within, threads, options_.stop));
    }
    SplitReport report = TakeCensus(told, twins, options_);
    report.version = kVersion;
    report.features = options_.features;
    report.split = options_.split;
    return report;
  }

  Result<std::shared_ptr<arrow::Buffer>> Encode() const {
    const auto or_null = [](const auto& value) { return value ? Json(*value) : Json(); };
    const Json record = {{"format", 1},
                         {"pomona", kVersion},
                         {"by", options_.by},
                         {"group", options_.group},
                         {"group_column", options_.group_column},
                         {"within", options_.group == kNearGroups ? Json(options_.within) : Json()},
                         {"train", options_.train},
                         {"test_share", or_null(options_.test_share)},
                         {"calibration_share", or_null(options_.calibration_share)},
                         {"hold_out", options_.hold_out},
                         {"folds", or_null(options_.folds)},
                         {"seed", options_.seed}};
    return EncodeSplit(table_, part_, fold_, CompactJson(record));
  }

 private:
  Status HoldOut() {
    std::vector<bool> held(static_cast<size_t>(table_.labels.size()), false);
    for (const std::string& name : options_.hold_out) {
      const auto label = table_.labels.Find(name);
      if (!label) {
        return Status::Invalid("option `hold_out`: no row has the label ", ShownText(name),
                               "\nhint: a label is one of ", table_.labels.size(), ", such as ",
                               ShownText(table_.labels.name(0)));
      }
      held[static_cast<size_t>(*label)] = true;
    }
    for (size_t i = 0; i < part_.size(); ++i) {
      if (held[static_cast<size_t>(table_.label[i])]) part_[i] = SplitPart::kHeldOut;
    }
    return Status::OK();
  }

  Status ByFolder() {
    ARROW_ASSIGN_OR_RAISE(const auto official, OfficialParts(table_.path));
    for (size_t i = 0; i < part_.size(); ++i) {
      if (part_[i] != SplitPart::kHeldOut) part_[i] = official[i];
    }
    return Status::OK();
  }

  Status ByPattern() {
    ARROW_ASSIGN_OR_RAISE(const auto pattern, TextPattern::Make("train", options_.train));
    // A group is asked about once: rows of it have one answer.
    std::vector<int8_t> known(static_cast<size_t>(table_.group_count), -1);
    for (int64_t i = 0; i < table_.rows(); ++i) {
      const auto row = static_cast<size_t>(i);
      int8_t& trains = known[static_cast<size_t>(table_.group[row])];
      if (trains < 0) {
        ARROW_ASSIGN_OR_RAISE(const auto found, pattern.Find(table_.group_name(i)));
        trains = found ? 1 : 0;
      }
      if (part_[row] == SplitPart::kTrain && trains == 0) part_[row] = SplitPart::kTest;
    }
    return Status::OK();
  }

  std::vector<int64_t> TrainRows() const {
    std::vector<int64_t> rows;
    for (size_t i = 0; i < part_.size(); ++i) {
      if (part_[i] == SplitPart::kTrain) rows.push_back(static_cast<int64_t>(i));
    }
    return rows;
  }

  GroupLabels Labelled(const std::vector<int64_t>& rows) const {
    return GroupLabels::Of(table_.group, table_.label, rows, table_.group_count,
                           table_.labels.size());
  }

  /// Of the rows for training, whole groups go to `part`.
  void Share(double share, SplitPart part) {
    const auto rows = TrainRows();
    const std::array<double, 2> shares = {1 - share, share};
    // Another order for each part, or the same groups would always go together.
    const uint64_t seed = options_.seed * 2 + (part == SplitPart::kTest ? 0 : 1);
    const auto bins = ShareGroups(Labelled(rows), shares, /*first_has_all=*/true, seed);
    for (const int64_t row : rows) {
      const auto i = static_cast<size_t>(row);
      if (bins[static_cast<size_t>(table_.group[i])] == 1) part_[i] = part;
    }
  }

  Status CheckParts() const {
    const auto has = [&](SplitPart part) {
      return std::find(part_.begin(), part_.end(), part) != part_.end();
    };
    const char* by = !options_.by.empty()      ? "option `by=official`: "
                     : !options_.train.empty() ? "option `train`: "
                                               : "option `test_share`: ";
    if (!has(SplitPart::kTrain)) {
      return Status::Invalid(by, "no row is left to train on");
    }
    const bool tests = !options_.by.empty() || !options_.train.empty() || options_.test_share;
    if (tests && !has(SplitPart::kTest)) {
      return Status::Invalid(by, "no row is left to test on",
                             options_.test_share
                                 ? "\nhint: a label's largest group stays in training; a larger "
                                   "share, or more groups, are needed"
                                 : "");
    }
    if (options_.calibration_share && !has(SplitPart::kCalibration)) {
      return Status::Invalid(
          "option `calibration_share`: no row is left to calibrate on\nhint: a label's largest "
          "group stays "
          "in training; a larger share, or more groups, are needed");
    }
    return Status::OK();
  }

  Status Fold() {
    const auto rows = TrainRows();
    const GroupLabels labelled = Labelled(rows);
    int64_t groups = 0;
    for (int32_t g = 0; g < labelled.groups; ++g) groups += labelled.of(g).empty() ? 0 : 1;
    if (groups < *options_.folds) {
      return Status::Invalid("option `folds` is ", *options_.folds, ", but there are only ", groups,
                             " groups to train on\nhint: fewer folds, or an option `group` that "
                             "tells more groups apart");
    }
    const std::vector<double> shares(static_cast<size_t>(*options_.folds), 1.0 / *options_.folds);
    const auto bins = ShareGroups(labelled, shares, /*first_has_all=*/false, options_.seed);
    for (const int64_t row : rows) {
      const auto i = static_cast<size_t>(row);
      fold_[i] = bins[static_cast<size_t>(table_.group[i])];
    }
    return Status::OK();
  }

  const SplitOptions& options_;
  const SplitTable table_;
  std::vector<SplitPart> part_;
  std::vector<int32_t> fold_;
};

}  // namespace

std::string_view SplitPartName(SplitPart part) {
  constexpr std::array<std::string_view, kSplitParts.size()> kNames = {"train", "calibration",
                                                                       "test", "held-out"};
  return kNames[static_cast<size_t>(part)];
}

Status SplitOptions::Validate() const {
  ARROW_RETURN_NOT_OK(CheckTableOptions(features, column, storage));
  ARROW_RETURN_NOT_OK(Uri::Parse(split).status());
  if (!by.empty() && by != "official") {
    return Status::Invalid("option `by` must be official, not ", ShownText(by));
  }
  if (!group.empty() && !group_column.empty()) {
    return Status::Invalid("option `group` and option `group_column` exclude each other");
  }
  const int ways = (by.empty() ? 0 : 1) + (train.empty() ? 0 : 1) + (test_share ? 1 : 0);
  if (ways > 1)
    return Status::Invalid(
        "option `by`, option `train` and option `test_share` exclude each other");
  if (ways == 0 && hold_out.empty() && !folds && !calibration_share) {
    return Status::Invalid(
        "nothing says what is for training and what for the test\nhint: option `by=official`, "
        "option `train`, option `test_share`, option `hold_out` or option `folds` does");
  }
  ARROW_RETURN_NOT_OK(CheckSplitShare("test_share", test_share));
  ARROW_RETURN_NOT_OK(CheckSplitShare("calibration_share", calibration_share));
  if (!(within >= 0 && within < 1)) {
    return Status::Invalid("option `within` must be 0 to below 1, not ", within);
  }
  if (!group.empty() && group != kFruits360Groups && group != kNearGroups) {
    ARROW_RETURN_NOT_OK(TextPattern::Make("group", group).status());
  }
  if (!train.empty()) ARROW_RETURN_NOT_OK(TextPattern::Make("train", train).status());
  if (std::find(hold_out.begin(), hold_out.end(), "") != hold_out.end()) {
    return Status::Invalid("option `hold_out` must not hold an empty label");
  }
  if (folds && (*folds < 2 || *folds > 100)) {
    return Status::Invalid("option `folds` must be 2 to 100, not ", *folds);
  }
  return CheckThreads(threads);
}

Result<SplitReport> MakeSplit(const SplitOptions& options) {
  ARROW_RETURN_NOT_OK(options.Validate());
  ARROW_ASSIGN_OR_RAISE(const auto file, WholeFile::At(options.split, options.storage));
  ARROW_RETURN_NOT_OK(file.CheckCanPut(options.overwrite));
  const int threads = options.threads == 0 ? AvailableCores() : options.threads;
  try {
    ARROW_ASSIGN_OR_RAISE(auto table, ReadSplitTable(options, threads));
    SplitMaker maker(options, std::move(table));
    ARROW_RETURN_NOT_OK(maker.Tell());
    ARROW_ASSIGN_OR_RAISE(auto report, maker.Report(threads));
    ARROW_ASSIGN_OR_RAISE(const auto bytes, maker.Encode());
    ARROW_RETURN_NOT_OK(options.stop.Poll());
    ARROW_RETURN_NOT_OK(file.Put(std::string_view(*bytes)));
    return report;
  } catch (const std::bad_alloc&) {
    return Status::OutOfMemory("there is not enough memory for the rows of ",
                               ShownUri(options.features));
  }
}

}  // namespace pomona
