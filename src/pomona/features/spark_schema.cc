#include "pomona/features/spark_schema.h"

#include <utility>

#include "pomona/base/json.h"
#include "pomona/features/feature_column.h"
#include "pomona/table/table_schema.h"

namespace pomona {
namespace {

/// The column of features as the tables of `extract` have it, under another name.
std::shared_ptr<arrow::Field> FeatureField(const std::string& column, FeatureFormat format) {
  return arrow::field(column, FeatureColumnType(format));
}

}  // namespace

std::string SparkSchemaAfter(const std::string& before, const arrow::Schema& schema,
                             const std::string& column, FeatureFormat format) {
  Json described = ParseJson(before).ValueOr(Json());
  if (described.is_object() && described.contains("fields") && described["fields"].is_array()) {
    for (auto& field : described["fields"]) {
      if (field.is_object() && field.value("name", Json()) == column) {
        const arrow::Schema features({FeatureField(column, format)});
        field = ParseJson(SparkRowMetadata(features)).ValueOrDie().at("fields").front();
        return CompactJson(described);
      }
    }
  }
  arrow::FieldVector fields = schema.fields();
  for (auto& field : fields) {
    if (field->name() == column) field = FeatureField(column, format);
  }
  return SparkRowMetadata(arrow::Schema(std::move(fields)));
}

std::string SparkSchemaOf(const std::string& before, const arrow::Schema& schema) {
  const Json described = ParseJson(before).ValueOr(Json::object());
  const Json known =
      described.is_object() ? described.value("fields", Json::array()) : Json::array();
  const auto field_of = [&](const std::shared_ptr<arrow::Field>& field) -> Json {
    for (const Json& one : known) {
      if (one.is_object() && one.value("name", Json()) == field->name()) return one;
    }
    const Json made = ParseJson(SparkRowMetadata(arrow::Schema({field}))).ValueOr(Json());
    return made.is_object() ? made.at("fields").front() : Json();
  };
  Json fields = Json::array();
  for (const auto& field : schema.fields()) {
    fields.push_back(field_of(field));
    if (fields.back().is_null()) return "";
  }
  return CompactJson({{"type", "struct"}, {"fields", std::move(fields)}});
}

}  // namespace pomona
