#include "pomona/classify/label_map.h"

#include <arrow/array.h>
#include <arrow/buffer.h>
#include <fnmatch.h>

#include <algorithm>
#include <map>

#include "pomona/base/csv_cells.h"
#include "pomona/error_kind.h"
#include "pomona/features/file_kind.h"
#include "pomona/shown_text.h"
#include "pomona/storage/whole_file.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

constexpr int64_t kLargestMap = int64_t{64} << 20;
constexpr char kMapHint[] = "a label map is a CSV file that begins as `from,species,state`";
/// Lines and labels that remarks name before they only count.
constexpr size_t kNamedLines = 20;

bool IsPattern(std::string_view from) {
  return from.find_first_of("*?[") != std::string_view::npos;
}

Result<std::vector<std::string>> TargetsOf(const std::vector<std::string>& header) {
  if (header.front() != "from" || header.size() < 2) {
    return DamagedData(
        "the map's header is not `from` and the names of targets\nhint: such as "
        "`from,species,state`");
  }
  std::vector<std::string> targets(header.begin() + 1, header.end());
  for (size_t i = 0; i < targets.size(); ++i) {
    if (targets[i].empty()) return DamagedData("the map's header has a target without a name");
    if (std::find(targets.begin(), targets.begin() + static_cast<int64_t>(i), targets[i]) !=
        targets.begin() + static_cast<int64_t>(i)) {
      return DamagedData("the map's header names the target ", ShownText(targets[i]), " twice");
    }
  }
  return targets;
}

/// Values of a target by row, before they are in order.
class TargetValues {
 public:
  void Add(std::string_view value) { rows_.push_back(value.empty() ? -1 : names_.Add(value)); }

  MappedLabels::Target Finish(const std::string& name) {
    MappedLabels::Target target;
    target.name = name;
    for (int32_t i = 0; i < names_.size(); ++i) target.values.push_back(names_.name(i));
    std::sort(target.values.begin(), target.values.end());
    std::vector<int32_t> place(static_cast<size_t>(names_.size()));
    for (size_t i = 0; i < target.values.size(); ++i) {
      place[static_cast<size_t>(*names_.Find(target.values[i]))] = static_cast<int32_t>(i);
    }
    for (int32_t& row : rows_) row = row < 0 ? -1 : place[static_cast<size_t>(row)];
    target.value = std::move(rows_);
    return target;
  }

 private:
  NameIndex names_;
  std::vector<int32_t> rows_;
};

std::string RowsText(int64_t rows) { return std::to_string(rows) + (rows == 1 ? " row" : " rows"); }

}  // namespace

Result<LabelMap> LabelMap::Parse(std::string_view csv) {
  ARROW_ASSIGN_OR_RAISE(const auto cells, CsvCells(csv));
  LabelMap map;
  ARROW_ASSIGN_OR_RAISE(map.targets_, TargetsOf(cells.front()));
  bool gives = false;
  for (size_t i = 1; i < cells.size(); ++i) {
    const std::string& from = cells[i].front();
    if (from.empty()) return DamagedData("a line of the map has nothing to map `from`");
    if (map.froms_.Find(from)) {
      return DamagedData("the map has two lines for ", ShownText(from));
    }
    const int32_t line = map.froms_.Add(from);
    if (from == "*") {
      map.rest_ = line;
    } else if (IsPattern(from)) {
      map.patterns_.push_back(line);
    }
    map.lines_.push_back({from, {cells[i].begin() + 1, cells[i].end()}});
    const auto& to = map.lines_.back().to;
    gives |= std::any_of(to.begin(), to.end(), [](const auto& value) { return !value.empty(); });
  }
  if (!gives) return DamagedData("the map names nothing: no line has a target");
  return map;
}

Result<LabelMap> LabelMap::Read(const std::string& uri, const StorageOptions& storage) {
  ARROW_ASSIGN_OR_RAISE(const auto file, WholeFile::At(uri, storage));
  ARROW_ASSIGN_OR_RAISE(const auto bytes, file.Get(kLargestMap, kMapHint));
  auto map = Parse(std::string_view(*bytes));
  if (map.ok()) return map;
  return NotWhatWasNamed(map.status(), uri, *bytes, kMapHint);
}

int32_t LabelMap::Find(const std::optional<std::string>& path, std::string_view label) const {
  const auto named = label.empty() || label == "*" ? std::nullopt : froms_.Find(label);
  for (const int32_t line : patterns_) {
    if (named && *named <= line) break;
    const std::string& pattern = lines_[static_cast<size_t>(line)].from;
    if (path && ::fnmatch(pattern.c_str(), path->c_str(), 0) == 0) return line;
  }
  return named.value_or(rest_);
}

Result<MappedLabels> LabelMap::Apply(const arrow::StringArray* path,
                                     const arrow::StringArray& label) const {
  MappedLabels mapped;
  mapped.line_rows.assign(lines_.size(), 0);
  std::vector<TargetValues> values(targets_.size());
  std::map<std::string, int64_t, std::less<>> left_out;
  const bool asks_path = path != nullptr && !patterns_.empty();
  for (int64_t i = 0; i < label.length(); ++i) {
    const std::string_view own = label.IsNull(i) ? std::string_view() : label.GetView(i);
    std::optional<std::string> name;
    if (asks_path && path->IsValid(i)) name = path->GetString(i);
    const int32_t found = Find(name, own);
    if (found < 0) {
      ++mapped.left_out;
      ++left_out[std::string(own)];
      for (auto& target : values) target.Add({});
      continue;
    }
    const auto line = static_cast<size_t>(found);
    ++mapped.line_rows[line];
    for (size_t t = 0; t < values.size(); ++t) {
      const std::string& to = lines_[line].to[t];
      values[t].Add(to == "*" ? own : std::string_view(to));
    }
  }
  if (mapped.left_out == label.length()) {
    return Status::Invalid("no line of the map takes a row of the table: its labels are ",
                           ShownText(left_out.empty() ? "none" : left_out.begin()->first),
                           " and the like, the map's first is ", ShownText(lines_.front().from));
  }
  for (size_t t = 0; t < values.size(); ++t) {
    mapped.targets.push_back(values[t].Finish(targets_[t]));
  }
  mapped.left_out_labels.assign(left_out.begin(), left_out.end());
  for (size_t i = 0; i < std::min(lines_.size(), kNamedLines); ++i) {
    mapped.remarks.push_back(ShownText(lines_[i].from) + ": " + RowsText(mapped.line_rows[i]));
  }
  if (lines_.size() > kNamedLines) {
    const auto none = std::count(mapped.line_rows.begin() + kNamedLines, mapped.line_rows.end(), 0);
    mapped.remarks.push_back("and " + std::to_string(lines_.size() - kNamedLines) +
                             " lines more, of which " + std::to_string(none) + " took no row");
  }
  if (mapped.left_out > 0) {
    std::string names;
    for (size_t i = 0; i < std::min(mapped.left_out_labels.size(), kNamedLines); ++i) {
      const auto& [name, rows] = mapped.left_out_labels[i];
      names += (i == 0 ? "" : ", ") + (name.empty() ? "no label" : ShownText(name)) + " (" +
               std::to_string(rows) + ")";
    }
    if (mapped.left_out_labels.size() > kNamedLines) {
      names += " and " + std::to_string(mapped.left_out_labels.size() - kNamedLines) + " more";
    }
    mapped.remarks.push_back("left out, as no line takes them: " + RowsText(mapped.left_out) +
                             " of " + names);
  }
  return mapped;
}

}  // namespace pomona
