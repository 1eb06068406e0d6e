#include "pomona/classify/row_labels.h"

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/compute/cast.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>

#include "pomona/classify/label_map.h"
#include "pomona/error_kind.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

Status CheckTooMany(size_t labels) {
  if (labels <= static_cast<size_t>(kMostLabels)) return Status::OK();
  return DamagedData("there are more than ", kMostLabels,
                     " labels\nhint: does the column `label` hold what is to be learned?");
}

/// Numbers of labels as they come, and in the end of their order.
class LabelNumbers {
 public:
  Status Append(const arrow::StringArray& labels, std::vector<int32_t>* numbers) {
    for (int64_t i = 0; i < labels.length(); ++i) {
      if (labels.IsNull(i) || labels.GetView(i).empty()) {
        numbers->push_back(-1);
        continue;
      }
      auto found = numbers_.find(labels.GetView(i));
      if (found == numbers_.end()) {
        ARROW_RETURN_NOT_OK(CheckTooMany(numbers_.size() + 1));
        found = numbers_.emplace(labels.GetView(i), static_cast<int32_t>(numbers_.size())).first;
      }
      numbers->push_back(found->second);
    }
    return Status::OK();
  }

  /// Puts `numbers` in the order of the labels, which are returned.
  std::vector<std::string> Sort(std::vector<int32_t>* numbers) const {
    std::vector<std::string> names;
    std::vector<int32_t> place(numbers_.size());
    for (const auto& [name, number] : numbers_) {
      place[static_cast<size_t>(number)] = static_cast<int32_t>(names.size());
      names.push_back(name);
    }
    for (int32_t& number : *numbers) {
      if (number >= 0) number = place[static_cast<size_t>(number)];
    }
    return names;
  }

 private:
  std::map<std::string, int32_t, std::less<>> numbers_;
};

Status Collect(const arrow::StringArray& text, arrow::StringBuilder& column) {
  return column.AppendArraySlice(*text.data(), 0, text.length());
}

Status ApplyMap(const LabelMap& map, const std::string& target, const arrow::StringArray& labels,
                RowLabels* rows) {
  ARROW_ASSIGN_OR_RAISE(auto mapped, map.Apply(rows->paths.get(), labels));
  auto found = mapped.targets.begin();
  if (!target.empty()) {
    found = std::find_if(mapped.targets.begin(), mapped.targets.end(),
                         [&](const auto& one) { return one.name == target; });
  }
  if (found == mapped.targets.end()) {
    std::string names;
    for (const auto& name : map.targets()) names += (names.empty() ? "" : ", ") + ShownText(name);
    return Status::Invalid("target: the map has no `", ShownText(target), "`\nhint: it has ",
                           names);
  }
  rows->target = found->name;
  rows->names = std::move(found->values);
  rows->label = std::move(found->value);
  rows->remarks = std::move(mapped.remarks);
  return CheckTooMany(rows->names.size());
}

}  // namespace

bool HasText(const arrow::Schema& schema, const char* name) {
  const auto field = schema.GetFieldByName(name);
  return field != nullptr && arrow::compute::CanCast(*field->type(), *arrow::utf8());
}

Result<RowLabels> ReadRowLabels(FeatureTable& table, const LabelSource& source,
                                const StorageOptions& storage, const arrow::StopToken& stop) {
  if (!HasText(*table.schema(), "label")) {
    return Status::Invalid("the table has no column `label` of text, which is what is learned");
  }
  const bool has_paths = HasText(*table.schema(), "path");
  if (source.paths && !has_paths) {
    return Status::Invalid("the table has no column `path`, by which a split names rows");
  }
  std::optional<LabelMap> map;
  if (!source.map.empty()) {
    ARROW_ASSIGN_OR_RAISE(map, LabelMap::Read(source.map, storage));
  }
  const bool with_paths = source.paths || (map && has_paths);
  std::vector<std::string> columns = {"label"};
  if (with_paths) columns.emplace_back("path");
  ARROW_ASSIGN_OR_RAISE(const auto batches, table.Read(columns));
  RowLabels rows;
  LabelNumbers numbers;
  arrow::StringBuilder paths;
  arrow::StringBuilder labels;
  while (true) {
    ARROW_ASSIGN_OR_RAISE(const auto next, batches->Next());
    if (!next) break;
    ARROW_RETURN_NOT_OK(stop.Poll());
    const auto text_of = [&](const char* name) {
      return arrow::compute::Cast(*next->batch->GetColumnByName(name), arrow::utf8());
    };
    ARROW_ASSIGN_OR_RAISE(const auto column, text_of("label"));
    const auto& text = static_cast<const arrow::StringArray&>(*column);
    ARROW_RETURN_NOT_OK(map ? Collect(text, labels) : numbers.Append(text, &rows.label));
    if (!with_paths) continue;
    ARROW_ASSIGN_OR_RAISE(const auto path, text_of("path"));
    ARROW_RETURN_NOT_OK(Collect(static_cast<const arrow::StringArray&>(*path), paths));
  }
  if (with_paths) ARROW_RETURN_NOT_OK(paths.Finish(&rows.paths));
  if (!map) {
    rows.names = numbers.Sort(&rows.label);
    return rows;
  }
  std::shared_ptr<arrow::StringArray> all;
  ARROW_RETURN_NOT_OK(labels.Finish(&all));
  ARROW_RETURN_NOT_OK(ApplyMap(*map, source.target, *all, &rows));
  return rows;
}

}  // namespace pomona
