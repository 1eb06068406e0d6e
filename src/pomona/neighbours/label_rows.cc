#include "pomona/neighbours/label_rows.h"

#include <map>
#include <string_view>

#include "pomona/shown_text.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

constexpr std::string_view kLabelIs = "label=";

Status NoSuchLabel(const FeatureMatrix& matrix, std::string_view label, const std::string& table) {
  constexpr size_t kNamed = 8;
  std::map<std::string_view, int64_t> others;
  for (int64_t i = 0; i < matrix.rows; ++i) {
    if (matrix.label->IsValid(i)) ++others[matrix.label->GetView(i)];
  }
  std::string known;
  size_t named = 0;
  for (const auto& [name, count] : others) {
    known += (named == 0 ? "" : ", ") + ShownText(name);
    if (++named < kNamed || others.size() == kNamed) continue;
    known += ", ...";
    break;
  }
  return Status::Invalid("option `where`: no row of ", ShownUri(table), " has the label ",
                         ShownText(label), "\nhint: its ", others.size(), " labels are ", known);
}

}  // namespace

Status CheckWhere(const std::string& where) {
  if (where.empty() || (where.starts_with(kLabelIs) && where.size() > kLabelIs.size())) {
    return Status::OK();
  }
  return Status::Invalid("option `where` must be label=NAME, not ", ShownText(where));
}

Result<std::vector<int64_t>> RowsWhere(const FeatureMatrix& matrix, const std::string& where,
                                       const std::string& table) {
  if (matrix.label == nullptr) {
    return Status::Invalid("option `where`: ", ShownUri(table), " has no labels");
  }
  const std::string_view label = std::string_view(where).substr(kLabelIs.size());
  std::vector<int64_t> rows;
  for (int64_t i = 0; i < matrix.rows; ++i) {
    if (matrix.label->IsValid(i) && matrix.label->GetView(i) == label) rows.push_back(i);
  }
  if (rows.empty()) return NoSuchLabel(matrix, label, table);
  return rows;
}

std::vector<float> GatherRows(const FeatureMatrix& matrix, const std::vector<int64_t>& rows) {
  std::vector<float> values;
  values.reserve(rows.size() * static_cast<size_t>(matrix.dim));
  for (const int64_t i : rows) {
    const auto row = matrix.row(i);
    values.insert(values.end(), row.begin(), row.end());
  }
  return values;
}

}  // namespace pomona
