#include "pomona/classify/learning_rows.h"

#include <arrow/array.h>
#include <arrow/compute/cast.h>

#include <algorithm>
#include <map>
#include <utility>

#include "pomona/error_kind.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

/// Numbers of labels as they come; afterwards of their order.
class LabelNumbers {
 public:
  Result<int32_t> Of(std::string_view label) {
    const auto found = numbers_.find(label);
    if (found != numbers_.end()) return found->second;
    if (numbers_.size() == kMostClasses) {
      return DamagedData("there are more than ", kMostClasses,
                         " labels\nhint: is the column `label` ", "what is to be learned?");
    }
    return numbers_.emplace(label, static_cast<int32_t>(numbers_.size())).first->second;
  }

  /// Puts the numbers in `rows` in the order of the labels, which are returned.
  std::vector<std::string> Sort(std::vector<int32_t>& rows) const {
    std::vector<std::string> labels;
    std::vector<int32_t> place(numbers_.size());
    for (const auto& [label, number] : numbers_) {
      place[static_cast<size_t>(number)] = static_cast<int32_t>(labels.size());
      labels.push_back(label);
    }
    for (int32_t& row : rows) {
      if (row >= 0) row = place[static_cast<size_t>(row)];
    }
    return labels;
  }

 private:
  std::map<std::string, int32_t, std::less<>> numbers_;
};

Status ReadLabels(FeatureTable& table, const arrow::StopToken& stop, LabelNumbers& numbers,
                  std::vector<int32_t>& rows) {
  ARROW_ASSIGN_OR_RAISE(const auto batches, table.Read({"label"}));
  while (true) {
    ARROW_ASSIGN_OR_RAISE(const auto next, batches->Next());
    if (!next) return Status::OK();
    ARROW_RETURN_NOT_OK(stop.Poll());
    ARROW_ASSIGN_OR_RAISE(const auto column,
                          arrow::compute::Cast(*next->batch->column(0), arrow::utf8()));
    const auto& text = static_cast<const arrow::StringArray&>(*column);
    for (int64_t i = 0; i < text.length(); ++i) {
      int32_t number = -1;
      if (text.IsValid(i) && !text.GetView(i).empty()) {
        ARROW_ASSIGN_OR_RAISE(number, numbers.Of(text.GetView(i)));
      }
      rows.push_back(number);
    }
  }
}

}  // namespace

int64_t LearningRows::Count(int8_t least) const {
  return std::count_if(fold.begin(), fold.end(),
                       [&](int8_t one) { return least >= 0 ? one >= least : one == least; });
}

Result<LearningRows> ReadLearningRows(FeatureTable& table, int folds,
                                      const arrow::StopToken& stop) {
  const auto field = table.schema()->GetFieldByName("label");
  if (field == nullptr || !arrow::compute::CanCast(*field->type(), *arrow::utf8())) {
    return Status::Invalid("the table has no column `label` of text, which is what is learned");
  }
  LearningRows rows;
  rows.folds = folds;
  LabelNumbers numbers;
  ARROW_RETURN_NOT_OK(ReadLabels(table, stop, numbers, rows.label));
  rows.labels = numbers.Sort(rows.label);
  if (rows.labels.size() < 2) {
    return DamagedData("there is nothing to tell apart: the table has ",
                       rows.labels.empty() ? "no label" : "one label, " + rows.labels.front());
  }
  std::vector<int64_t> counts(rows.labels.size(), 0);
  for (const int32_t label : rows.label) {
    if (label >= 0) ++counts[static_cast<size_t>(label)];
  }
  std::vector<int64_t> seen(rows.labels.size(), 0);
  for (const int32_t label : rows.label) {
    if (label < 0) {
      rows.fold.push_back(LearningRows::kLeftOut);
      continue;
    }
    const auto at = static_cast<size_t>(label);
    rows.fold.push_back(static_cast<int8_t>(seen[at]++ * folds / counts[at]));
  }
  return rows;
}

}  // namespace pomona
