#include "pomona/curate/issue_table.h"

#include <arrow/builder.h>

#include <algorithm>
#include <numeric>
#include <tuple>

#include "pomona/neighbours/answer_file.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

using Order = std::span<const int64_t>;
using Columns = std::vector<std::shared_ptr<arrow::Array>>;

/// `valid` and `value` are called with each row.
template <class Builder, class Valid, class Value>
Status AddColumn(Order rows, Valid&& valid, Value&& value, Columns* columns) {
  Builder builder;
  for (const int64_t row : rows) {
    const auto at = static_cast<size_t>(row);
    ARROW_RETURN_NOT_OK(valid(at) ? builder.Append(value(at)) : builder.AppendNull());
  }
  return builder.Finish().Value(&columns->emplace_back());
}

constexpr auto kAlways = [](size_t) { return true; };

Status AddFlags(Order rows, const std::vector<uint8_t>& flags, Columns* columns) {
  return AddColumn<arrow::BooleanBuilder>(
      rows, kAlways, [&](size_t row) { return flags[row] != 0; }, columns);
}

template <class Valid>
Status AddScores(Order rows, const std::vector<double>& scores, Valid&& valid, Columns* columns) {
  return AddColumn<arrow::DoubleBuilder>(
      rows, valid, [&](size_t row) { return scores[row]; }, columns);
}

Status AddNames(Order rows, const std::vector<std::string>& names,
                const std::vector<int32_t>& which, Columns* columns) {
  return AddColumn<arrow::StringBuilder>(
      rows, [&](size_t row) { return which[row] >= 0; },
      [&](size_t row) { return std::string_view(names[static_cast<size_t>(which[row])]); },
      columns);
}

Status AddProbabilities(Order rows, const RowIssues& issues, Columns* columns) {
  const auto values = std::make_shared<arrow::FloatBuilder>();
  arrow::ListBuilder lists(arrow::default_memory_pool(), values);
  for (const int64_t row : rows) {
    const int64_t at = issues.judged[static_cast<size_t>(row)];
    if (at < 0) {
      ARROW_RETURN_NOT_OK(lists.AppendNull());
      continue;
    }
    ARROW_RETURN_NOT_OK(lists.Append());
    ARROW_RETURN_NOT_OK(
        values->AppendValues(issues.probabilities.data() + at * issues.classes, issues.classes));
  }
  return lists.Finish().Value(&columns->emplace_back());
}

Result<std::shared_ptr<arrow::RecordBatch>> Batch(const RowIssues& issues, Order rows) {
  const auto judged = [&](size_t row) { return issues.predicted[row] >= 0; };
  const auto labelled = [&](size_t row) { return issues.given[row] >= 0; };
  const auto in_set = [&](size_t row) { return issues.duplicate_set[row] >= 0; };
  Columns columns;
  ARROW_RETURN_NOT_OK(AddColumn<arrow::Int64Builder>(
      rows, kAlways, [&](size_t row) { return issues.table_row[row]; }, &columns));
  ARROW_RETURN_NOT_OK(AddColumn<arrow::StringBuilder>(
      rows, [&](size_t row) { return issues.path->IsValid(static_cast<int64_t>(row)); },
      [&](size_t row) { return issues.path->GetView(static_cast<int64_t>(row)); }, &columns));
  ARROW_RETURN_NOT_OK(AddNames(rows, issues.names, issues.given, &columns));
  ARROW_RETURN_NOT_OK(AddNames(rows, issues.names, issues.predicted, &columns));
  ARROW_RETURN_NOT_OK(AddFlags(rows, issues.is_label_issue, &columns));
  ARROW_RETURN_NOT_OK(AddScores(rows, issues.label_score, judged, &columns));
  ARROW_RETURN_NOT_OK(AddFlags(rows, issues.is_outlier, &columns));
  ARROW_RETURN_NOT_OK(AddScores(rows, issues.outlier_score, kAlways, &columns));
  ARROW_RETURN_NOT_OK(AddColumn<arrow::BooleanBuilder>(rows, kAlways, in_set, &columns));
  ARROW_RETURN_NOT_OK(AddScores(rows, issues.duplicate_score, kAlways, &columns));
  ARROW_RETURN_NOT_OK(AddColumn<arrow::Int64Builder>(
      rows, in_set, [&](size_t row) { return issues.duplicate_set[row]; }, &columns));
  ARROW_RETURN_NOT_OK(AddFlags(rows, issues.labels_differ, &columns));
  ARROW_RETURN_NOT_OK(AddFlags(rows, issues.is_small_class, &columns));
  ARROW_RETURN_NOT_OK(AddScores(rows, issues.class_score, labelled, &columns));
  const bool probabilities = !issues.judged.empty();
  if (probabilities) ARROW_RETURN_NOT_OK(AddProbabilities(rows, issues, &columns));
  return arrow::RecordBatch::Make(IssuesSchema(probabilities), static_cast<int64_t>(rows.size()),
                                  std::move(columns));
}

}  // namespace

IssueKind RowIssues::KindOf(int64_t row) const {
  const auto at = static_cast<size_t>(row);
  if (is_label_issue[at] != 0) return IssueKind::kLabel;
  if (labels_differ[at] != 0) return IssueKind::kDuplicateOfOther;
  if (is_outlier[at] != 0) return IssueKind::kOutlier;
  if (duplicate_set[at] >= 0) return IssueKind::kNearDuplicate;
  return is_small_class[at] != 0 ? IssueKind::kClassImbalance : IssueKind::kNone;
}

double RowIssues::ScoreOf(int64_t row, IssueKind kind) const {
  const auto at = static_cast<size_t>(row);
  switch (kind) {
    case IssueKind::kDuplicateOfOther:
    case IssueKind::kNearDuplicate:
      return duplicate_score[at];
    case IssueKind::kOutlier:
      return outlier_score[at];
    case IssueKind::kClassImbalance:
      return class_score[at];
    default:
      return predicted[at] < 0 ? 1 : label_score[at];
  }
}

std::vector<int64_t> RowIssues::WorstFirst() const {
  std::vector<int64_t> order(static_cast<size_t>(rows()));
  std::iota(order.begin(), order.end(), int64_t{0});
  std::ranges::sort(order, {}, [this](int64_t row) {
    const IssueKind kind = KindOf(row);
    return std::tuple(kind, ScoreOf(row, kind), row);
  });
  return order;
}

ShownIssue RowIssues::Show(int64_t row) const {
  const auto name = [&](const std::vector<int32_t>& which) {
    const int32_t one = which[static_cast<size_t>(row)];
    return one < 0 ? std::string() : names[static_cast<size_t>(one)];
  };
  const IssueKind kind = KindOf(row);
  return {.kind = kind,
          .path = path->IsNull(row) ? "" : path->GetString(row),
          .given_label = name(given),
          .predicted_label = name(predicted),
          .score = ScoreOf(row, kind)};
}

std::shared_ptr<arrow::Schema> IssuesSchema(bool probabilities) {
  const auto flag = [](const char* name) { return arrow::field(name, arrow::boolean(), false); };
  const auto score = [](const char* name) { return arrow::field(name, arrow::float64()); };
  std::vector<std::shared_ptr<arrow::Field>> fields = {
      arrow::field("row", arrow::int64(), false),
      arrow::field("path", arrow::utf8()),
      arrow::field("given_label", arrow::utf8()),
      arrow::field("predicted_label", arrow::utf8()),
      flag("is_label_issue"),
      score("label_score"),
      flag("is_outlier_issue"),
      score("outlier_score"),
      flag("is_near_duplicate_issue"),
      score("near_duplicate_score"),
      arrow::field("near_duplicate_set", arrow::int64()),
      flag("near_duplicate_labels_differ"),
      flag("is_class_imbalance_issue"),
      score("class_imbalance_score")};
  if (probabilities) {
    fields.push_back(arrow::field("probabilities", arrow::list(arrow::float32())));
  }
  return arrow::schema(std::move(fields));
}

Result<std::vector<std::shared_ptr<arrow::RecordBatch>>> IssueBatches(
    const RowIssues& issues, std::span<const int64_t> order) {
  std::vector<std::shared_ptr<arrow::RecordBatch>> batches;
  while (!order.empty()) {
    const auto rows = order.first(std::min(order.size(), static_cast<size_t>(kAnswerRows)));
    ARROW_ASSIGN_OR_RAISE(auto batch, Batch(issues, rows));
    batches.push_back(std::move(batch));
    order = order.subspan(rows.size());
  }
  return batches;
}

}  // namespace pomona
