#include "pomona/classify/learning_rows.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "pomona/classify/row_labels.h"
#include "pomona/classify/share_groups.h"
#include "pomona/error_kind.h"
#include "pomona/shown_text.h"
#include "pomona/split.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

/// The labels of rows that are learned from become the classes, in order of their names.
void NumberClasses(const RowLabels& read, LearningRows* rows) {
  std::vector<bool> learned(read.names.size(), false);
  for (size_t r = 0; r < read.label.size(); ++r) {
    if (rows->fold[r] >= 0) learned[static_cast<size_t>(read.label[r])] = true;
  }
  std::vector<int32_t> number(read.names.size(), -1);
  for (size_t n = 0; n < read.names.size(); ++n) {
    if (!learned[n]) continue;
    number[n] = static_cast<int32_t>(rows->labels.size());
    rows->labels.push_back(read.names[n]);
  }
  for (size_t r = 0; r < read.label.size(); ++r) {
    const int32_t label = read.label[r];
    rows->label.push_back(label < 0 ? -1 : number[static_cast<size_t>(label)]);
    if (rows->label.back() >= 0 || rows->fold[r] != LearningRows::kCalibrates) continue;
    rows->fold[r] = LearningRows::kLeftOut;
    ++rows->of_unlearned_labels;
  }
}

Status CheckClasses(const LearningRows& rows) {
  if (rows.labels.size() >= 2) return Status::OK();
  return DamagedData("there is nothing to tell apart: ",
                     rows.labels.empty() ? "no row that is learned from has a label"
                                         : "all rows that are learned from are `" +
                                               ShownText(rows.labels.front()) + "`");
}

/// Deals whole groups to folds.
Status DealGroups(const std::vector<int32_t>& groups, int folds, LearningRows* rows) {
  constexpr uint64_t kSeed = 1;
  const auto count = static_cast<int32_t>(rows->label.size());
  if (groups.size() != rows->label.size()) {
    return Status::Invalid("groups: there are ", groups.size(), " of ", count, " rows");
  }
  for (const int32_t group : groups) {
    if (group >= 0 && group < count) continue;
    return Status::Invalid("groups: ", group, " is no number below that of the rows");
  }
  std::vector<int64_t> all(groups.size());
  std::iota(all.begin(), all.end(), 0);
  const auto labelled =
      GroupLabels::Of(groups, rows->label, all, count, static_cast<int32_t>(rows->labels.size()));
  int there = 0;
  for (int32_t g = 0; g < labelled.groups; ++g) there += labelled.of(g).empty() ? 0 : 1;
  if (there < 2) return Status::Invalid("groups: all rows are of one group");
  rows->folds = std::min(folds, there);
  const std::vector<double> shares(static_cast<size_t>(rows->folds), 1.0 / rows->folds);
  const auto bins = ShareGroups(labelled, shares, /*first_has_all=*/false, kSeed);
  for (size_t r = 0; r < groups.size(); ++r) {
    rows->fold[r] = static_cast<int8_t>(bins[static_cast<size_t>(groups[r])]);
  }
  rows->group = groups;
  rows->folds_of_groups = SayWhatIsAlike(there, static_cast<int64_t>(groups.size()));
  return Status::OK();
}

/// Cuts the rows of each label that have a fold into runs.
void CutFolds(int folds, LearningRows* rows) {
  rows->folds = folds;
  std::vector<int64_t> counts(rows->labels.size(), 0);
  for (size_t r = 0; r < rows->fold.size(); ++r) {
    if (rows->fold[r] >= 0) ++counts[static_cast<size_t>(rows->label[r])];
  }
  std::vector<int64_t> seen(rows->labels.size(), 0);
  for (size_t r = 0; r < rows->fold.size(); ++r) {
    if (rows->fold[r] < 0) continue;
    const auto label = static_cast<size_t>(rows->label[r]);
    rows->fold[r] = static_cast<int8_t>(seen[label]++ * folds / counts[label]);
  }
}

void CountLabelsOfOneFold(LearningRows* rows) {
  constexpr int8_t kNone = -1;
  constexpr int8_t kSeveral = -2;
  std::vector<int8_t> only(rows->labels.size(), kNone);
  for (size_t r = 0; r < rows->fold.size(); ++r) {
    if (rows->fold[r] < 0) continue;
    int8_t& fold = only[static_cast<size_t>(rows->label[r])];
    fold = fold == kNone || fold == rows->fold[r] ? rows->fold[r] : kSeveral;
  }
  rows->labels_of_one_fold =
      std::count_if(only.begin(), only.end(), [](int8_t fold) { return fold >= 0; });
}

/// What the split says of a row that has a label.
int8_t UseOf(const SplitRows& split, size_t row, LearningRows* rows) {
  switch (split.part[row]) {
    case SplitPart::kTrain:
      return static_cast<int8_t>(std::max(split.fold[row], 0));
    case SplitPart::kCalibration:
      return LearningRows::kCalibrates;
    default:
      ++rows->of_other_splits;
      return LearningRows::kLeftOut;
  }
}

}  // namespace

int64_t LearningRows::Learned() const {
  return std::count_if(fold.begin(), fold.end(), [](int8_t one) { return one >= 0; });
}

int64_t LearningRows::Calibrating() const {
  return std::count(fold.begin(), fold.end(), kCalibrates);
}

void LearningRows::JoinFolds() {
  for (int8_t& one : fold) one = std::min<int8_t>(one, 0);
  folds = 1;
  folds_of_groups = false;
  labels_of_one_fold = 0;
}

Result<LearningRows> ReadLearningRows(FeatureTable& table, const LearningSource& source,
                                      const StorageOptions& storage, const arrow::StopToken& stop) {
  const std::string& split = source.split;
  ARROW_ASSIGN_OR_RAISE(
      const RowLabels read,
      ReadRowLabels(table,
                    {.map = source.label_map, .target = source.target, .paths = !split.empty()},
                    storage, stop));
  LearningRows rows;
  std::optional<SplitRows> parts;
  if (!split.empty()) {
    ARROW_ASSIGN_OR_RAISE(parts, ReadSplit(split, *read.paths, storage));
  }
  for (size_t r = 0; r < read.label.size(); ++r) {
    const bool labelled = read.label[r] >= 0;
    rows.unlabelled += labelled ? 0 : 1;
    rows.fold.push_back(!labelled ? LearningRows::kLeftOut
                        : parts   ? UseOf(*parts, r, &rows)
                                  : int8_t{0});
  }
  if (parts) {
    rows.group = parts->group;
    rows.split_digest = parts->digest;
  }
  rows.target = read.target;
  rows.remarks = read.remarks;
  NumberClasses(read, &rows);
  ARROW_RETURN_NOT_OK(CheckClasses(rows));
  if (parts && parts->folds > 1) {
    rows.folds = parts->folds;
    rows.folds_of_groups = SayWhatIsAlike(static_cast<int64_t>(parts->groups.size()),
                                          static_cast<int64_t>(parts->part.size()));
  } else {
    CutFolds(source.folds, &rows);
  }
  CountLabelsOfOneFold(&rows);
  return rows;
}

Result<LearningRows> ReadValidationRows(FeatureTable& table, const LearningRows& learned,
                                        const LearningSource& source,
                                        const StorageOptions& storage,
                                        const arrow::StopToken& stop) {
  ARROW_ASSIGN_OR_RAISE(
      const RowLabels read,
      ReadRowLabels(table, {.map = source.label_map, .target = learned.target}, storage, stop));
  std::vector<int32_t> number;
  for (const std::string& name : read.names) {
    const auto found = std::lower_bound(learned.labels.begin(), learned.labels.end(), name);
    const bool there = found != learned.labels.end() && *found == name;
    number.push_back(there ? static_cast<int32_t>(found - learned.labels.begin()) : -1);
  }
  LearningRows rows;
  rows.labels = learned.labels;
  rows.target = learned.target;
  rows.folds = 1;
  rows.folds_of_groups = true;
  for (const int32_t label : read.label) {
    rows.label.push_back(label < 0 ? -1 : number[static_cast<size_t>(label)]);
    rows.fold.push_back(rows.label.back() < 0 ? LearningRows::kLeftOut : int8_t{0});
    rows.unlabelled += label < 0 ? 1 : 0;
    rows.of_unlearned_labels += label >= 0 && rows.label.back() < 0 ? 1 : 0;
  }
  if (rows.Learned() > 0) return rows;
  return Status::Invalid("no row has a label that is learned, such as `",
                         ShownText(learned.labels.front()), "`",
                         "\nhint: option `labels` takes a map that gives both tables the same ones");
}

Result<LearningRows> LearnAllRows(FeatureTable& table, const std::vector<int32_t>& groups,
                                  int folds, const arrow::StopToken& stop) {
  ARROW_ASSIGN_OR_RAISE(const RowLabels read, ReadRowLabels(table, {}, {}, stop));
  const auto empty = std::find(read.label.begin(), read.label.end(), -1);
  if (empty != read.label.end()) {
    return Status::Invalid("labels: row ", empty - read.label.begin(), " has an empty one");
  }
  LearningRows rows;
  rows.fold.assign(read.label.size(), 0);
  NumberClasses(read, &rows);
  ARROW_RETURN_NOT_OK(CheckClasses(rows));
  if (groups.empty()) {
    CutFolds(folds, &rows);
  } else {
    ARROW_RETURN_NOT_OK(DealGroups(groups, folds, &rows));
  }
  CountLabelsOfOneFold(&rows);
  return rows;
}

}  // namespace pomona
