#include "pomona/classify/classifier_columns.h"

#include <arrow/builder.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "pomona/classify/classifier_record.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

template <class Type>
std::shared_ptr<arrow::DataType> ListOf(const std::shared_ptr<Type>& item) {
  return arrow::list(arrow::field("element", item, false));
}

std::shared_ptr<arrow::DataType> Doubles() { return ListOf(arrow::float64()); }

std::shared_ptr<arrow::DataType> Prototypes() {
  return ListOf(arrow::struct_({arrow::field("path", arrow::utf8(), false),
                                arrow::field("position", ListOf(arrow::float32()), false)}));
}

/// `vectors`: [n][length], as the first n of `rows` lists.
Result<std::shared_ptr<arrow::Array>> Lists(std::span<const double> vectors, int64_t length,
                                            int64_t rows) {
  const auto items = std::make_shared<arrow::DoubleBuilder>();
  arrow::ListBuilder lists(arrow::default_memory_pool(), items, Doubles());
  const int64_t count = static_cast<int64_t>(vectors.size()) / length;
  for (int64_t i = 0; i < count; ++i) {
    ARROW_RETURN_NOT_OK(lists.Append());
    ARROW_RETURN_NOT_OK(items->AppendValues(vectors.data() + i * length, length));
  }
  ARROW_RETURN_NOT_OK(lists.AppendNulls(rows - count));
  return lists.Finish();
}

Result<std::shared_ptr<arrow::Array>> PrototypeLists(const Classifier& classifier) {
  const auto paths = std::make_shared<arrow::StringBuilder>();
  const auto values = std::make_shared<arrow::FloatBuilder>();
  const auto type = Prototypes();
  const auto& item = *type->field(0)->type();
  const auto positions = std::make_shared<arrow::ListBuilder>(arrow::default_memory_pool(), values,
                                                              item.field(1)->type());
  const auto items = std::make_shared<arrow::StructBuilder>(
      type->field(0)->type(), arrow::default_memory_pool(),
      std::vector<std::shared_ptr<arrow::ArrayBuilder>>{paths, positions});
  arrow::ListBuilder lists(arrow::default_memory_pool(), items, type);
  for (const auto& of_class : classifier.prototypes()) {
    ARROW_RETURN_NOT_OK(lists.Append());
    for (const Prototype& one : of_class) {
      ARROW_RETURN_NOT_OK(items->Append());
      ARROW_RETURN_NOT_OK(paths->Append(one.path));
      ARROW_RETURN_NOT_OK(positions->Append());
      ARROW_RETURN_NOT_OK(values->AppendValues(one.position));
    }
  }
  ARROW_RETURN_NOT_OK(lists.AppendNulls(classifier.classes() - lists.length()));
  return lists.Finish();
}

/// The first `count` lists of a column, of one length, end to end; all others are null.
Result<std::vector<double>> Vectors(const arrow::Table& table, const char* name, int64_t count) {
  const auto column = table.GetColumnByName(name);
  if (column == nullptr || column->type()->id() != arrow::Type::LIST ||
      column->type()->field(0)->type()->id() != arrow::Type::DOUBLE) {
    return NoClassifier(std::string("column ") + name + " is missing or no list of double");
  }
  std::vector<double> values;
  int64_t row = 0;
  int64_t length = -1;
  for (const auto& chunk : column->chunks()) {
    const auto& lists = static_cast<const arrow::ListArray&>(*chunk);
    const auto& items = static_cast<const arrow::DoubleArray&>(*lists.values());
    for (int64_t r = 0; r < lists.length() && row < count; ++r, ++row) {
      if (length < 0) length = lists.value_length(r);
      if (lists.IsNull(r) || lists.value_length(r) != length || length == 0 ||
          items.null_count() > 0) {
        return NoClassifier(std::string(name) + " " + std::to_string(row) + " has another length");
      }
      const double* from = items.raw_values() + lists.value_offset(r);
      values.insert(values.end(), from, from + length);
    }
  }
  if (!std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); })) {
    return NoClassifier(std::string(name) + " has values that are not finite");
  }
  return values;
}

Status ReadLabels(const arrow::Table& table, Classifier::Fields* fields) {
  const auto labels = table.GetColumnByName("label");
  const auto counts = table.GetColumnByName("count");
  if (labels == nullptr || labels->type()->id() != arrow::Type::STRING || counts == nullptr ||
      counts->type()->id() != arrow::Type::INT64 ||
      labels->null_count() + counts->null_count() > 0) {
    return NoClassifier("column label or count is missing, or of another type");
  }
  for (const auto& chunk : labels->chunks()) {
    const auto& text = static_cast<const arrow::StringArray&>(*chunk);
    for (int64_t i = 0; i < text.length(); ++i) fields->labels.push_back(text.GetString(i));
  }
  for (const auto& chunk : counts->chunks()) {
    const auto& numbers = static_cast<const arrow::Int64Array&>(*chunk);
    fields->counts.insert(fields->counts.end(), numbers.raw_values(),
                          numbers.raw_values() + numbers.length());
  }
  if (!std::is_sorted(fields->labels.begin(), fields->labels.end(), std::less_equal<>())) {
    return NoClassifier("its labels are not in order");
  }
  return Status::OK();
}

/// The weights and the bias of a method that has them.
Status ReadWeights(const arrow::Table& table, Classifier::Fields* fields) {
  const auto classes = static_cast<int64_t>(fields->labels.size());
  ARROW_ASSIGN_OR_RAISE(fields->weights, Vectors(table, "weights", classes));
  const auto bias = table.GetColumnByName("bias");
  if (bias == nullptr || bias->type()->id() != arrow::Type::DOUBLE || bias->null_count() > 0) {
    return NoClassifier("column bias is missing, or of another type");
  }
  for (const auto& chunk : bias->chunks()) {
    const auto& numbers = static_cast<const arrow::DoubleArray&>(*chunk);
    fields->bias.insert(fields->bias.end(), numbers.raw_values(),
                        numbers.raw_values() + numbers.length());
  }
  if (!std::ranges::all_of(fields->bias, [](double v) { return std::isfinite(v); })) {
    return NoClassifier("bias has values that are not finite");
  }
  if (fields->weights.size() == fields->mean.size() * static_cast<size_t>(classes)) {
    return Status::OK();
  }
  return NoClassifier("mean and weights do not go together");
}

/// What another target's row is not told apart by.
Status CheckTarget(const arrow::Table& table, const std::string& target) {
  const auto column = table.GetColumnByName("target");
  if (column == nullptr || column->type()->id() != arrow::Type::STRING) {
    return NoClassifier("column target is missing, or of another type");
  }
  for (const auto& chunk : column->chunks()) {
    const auto& text = static_cast<const arrow::StringArray&>(*chunk);
    for (int64_t i = 0; i < text.length(); ++i) {
      const bool same = text.IsNull(i) ? target.empty() : text.GetView(i) == target;
      if (!same) return NoClassifier("a row is of another target than its record says");
    }
  }
  return Status::OK();
}

/// Of a file that has some; a class's may be null.
Status ReadPrototypes(const arrow::Table& table, int64_t rank, Classifier::Fields* fields) {
  const auto column = table.GetColumnByName("prototypes");
  fields->prototypes.resize(fields->labels.size());
  if (!column->type()->Equals(*Prototypes())) return NoClassifier("column prototypes is of " +
                                                                  column->type()->ToString());
  size_t row = 0;
  for (const auto& chunk : column->chunks()) {
    const auto& lists = static_cast<const arrow::ListArray&>(*chunk);
    const auto& items = static_cast<const arrow::StructArray&>(*lists.values());
    const auto& paths = static_cast<const arrow::StringArray&>(*items.field(0));
    const auto& positions = static_cast<const arrow::ListArray&>(*items.field(1));
    const auto& values = static_cast<const arrow::FloatArray&>(*positions.values());
    if (items.null_count() + paths.null_count() + positions.null_count() + values.null_count() > 0) {
      return NoClassifier("a prototype is null");
    }
    for (int64_t r = 0; r < lists.length(); ++r, ++row) {
      const int64_t count = lists.IsNull(r) ? 0 : lists.value_length(r);
      for (int64_t i = lists.value_offset(r); i < lists.value_offset(r) + count; ++i) {
        const float* from = values.raw_values() + positions.value_offset(i);
        if (positions.value_length(i) != rank ||
            !std::all_of(from, from + rank, [](float v) { return std::isfinite(v); })) {
          return NoClassifier("a prototype has no position");
        }
        fields->prototypes[row].push_back({paths.GetString(i), {from, from + rank}});
      }
    }
  }
  return Status::OK();
}

}  // namespace

std::shared_ptr<arrow::Schema> ClassifierSchema() {
  return arrow::schema({
      arrow::field("target", arrow::utf8()),
      arrow::field("label", arrow::utf8(), false),
      arrow::field("count", arrow::int64(), false),
      arrow::field("class_mean", Doubles(), false),
      arrow::field("direction", Doubles()),
      arrow::field("mean", Doubles()),
      arrow::field("weights", Doubles()),
      arrow::field("bias", arrow::float64()),
      arrow::field("prototypes", Prototypes()),
  });
}

Result<std::shared_ptr<arrow::Table>> RowsOf(const Classifier& classifier) {
  const int64_t classes = classifier.classes();
  arrow::StringBuilder target;
  for (int64_t c = 0; c < classes; ++c) {
    ARROW_RETURN_NOT_OK(classifier.target().empty() ? target.AppendNull()
                                                    : target.Append(classifier.target()));
  }
  arrow::StringBuilder label;
  arrow::Int64Builder count;
  arrow::DoubleBuilder bias;
  ARROW_RETURN_NOT_OK(label.AppendValues(classifier.labels()));
  ARROW_RETURN_NOT_OK(count.AppendValues(classifier.counts().data(), classes));
  ARROW_RETURN_NOT_OK(classifier.bias().empty()
                          ? bias.AppendNulls(classes)
                          : bias.AppendValues(classifier.bias().data(), classes));
  arrow::ArrayVector columns(9);
  ARROW_RETURN_NOT_OK(target.Finish(&columns[0]));
  ARROW_RETURN_NOT_OK(label.Finish(&columns[1]));
  ARROW_RETURN_NOT_OK(count.Finish(&columns[2]));
  ARROW_ASSIGN_OR_RAISE(columns[3], Lists(classifier.class_means(), classifier.rank(), classes));
  ARROW_ASSIGN_OR_RAISE(columns[4], Lists(classifier.projection(), classifier.dim(), classes));
  ARROW_ASSIGN_OR_RAISE(columns[5], Lists(classifier.mean(), classifier.dim(), classes));
  ARROW_ASSIGN_OR_RAISE(columns[6], Lists(classifier.weights(), classifier.dim(), classes));
  ARROW_RETURN_NOT_OK(bias.Finish(&columns[7]));
  ARROW_ASSIGN_OR_RAISE(columns[8], PrototypeLists(classifier));
  return arrow::Table::Make(ClassifierSchema(), columns);
}

Status ReadRows(const arrow::Table& rows, int64_t rank, Classifier::Fields* fields) {
  ARROW_RETURN_NOT_OK(ReadLabels(rows, fields));
  const auto classes = static_cast<int64_t>(fields->labels.size());
  const bool centroid = fields->method == LearnMethod::kCentroid;
  ARROW_ASSIGN_OR_RAISE(fields->mean, Vectors(rows, "mean", 1));
  if (!centroid) {
    ARROW_ASSIGN_OR_RAISE(fields->projection, Vectors(rows, "direction", rank));
  }
  ARROW_ASSIGN_OR_RAISE(fields->class_means, Vectors(rows, "class_mean", classes));
  if ((centroid ? fields->mean.size() != static_cast<size_t>(rank)
                : fields->projection.size() != fields->mean.size() * static_cast<size_t>(rank)) ||
      fields->class_means.size() != static_cast<size_t>(classes * rank)) {
    return NoClassifier("mean, direction and class_mean do not go together");
  }
  if (fields->method == LearnMethod::kLogistic) ARROW_RETURN_NOT_OK(ReadWeights(rows, fields));
  // The first format has neither.
  if (rows.GetColumnByName("prototypes") == nullptr) return Status::OK();
  ARROW_RETURN_NOT_OK(CheckTarget(rows, fields->target));
  return ReadPrototypes(rows, rank, fields);
}

}  // namespace pomona
