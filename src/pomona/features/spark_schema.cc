#include "pomona/features/spark_schema.h"

#include <utility>

#include "pomona/base/json.h"
#include "pomona/table/table_schema.h"

namespace pomona {
namespace {

/// Spark's name of a simple type; null for any other.
Json SimpleType(const arrow::DataType& type) {
  switch (type.id()) {
    case arrow::Type::BOOL:
      return "boolean";
    case arrow::Type::INT8:
      return "byte";
    case arrow::Type::INT16:
      return "short";
    case arrow::Type::INT32:
      return "integer";
    case arrow::Type::INT64:
      return "long";
    case arrow::Type::FLOAT:
      return "float";
    case arrow::Type::DOUBLE:
      return "double";
    case arrow::Type::STRING:
    case arrow::Type::LARGE_STRING:
      return "string";
    case arrow::Type::BINARY:
    case arrow::Type::LARGE_BINARY:
      return "binary";
    case arrow::Type::DATE32:
      return "date";
    case arrow::Type::TIMESTAMP:
      return static_cast<const arrow::TimestampType&>(type).timezone().empty() ? "timestamp_ntz"
                                                                               : "timestamp";
    default:
      return nullptr;
  }
}

/// The field of features as the tables of `extract` have it, under another name.
Json FeatureField(const std::string& column, FeatureFormat format) {
  Json field = ParseJson(SparkRowMetadata(format)).ValueOrDie().at("fields").back();
  field["name"] = column;
  return field;
}

}  // namespace

std::string SparkSchemaAfter(const std::string& before, const arrow::Schema& schema,
                             const std::string& column, FeatureFormat format) {
  Json described = ParseJson(before).ValueOr(Json());
  if (described.is_object() && described.contains("fields") && described["fields"].is_array()) {
    for (auto& field : described["fields"]) {
      if (field.is_object() && field.value("name", Json()) == column) {
        field = FeatureField(column, format);
        return CompactJson(described);
      }
    }
  }
  Json fields = Json::array();
  for (const auto& field : schema.fields()) {
    if (field->name() == column) {
      fields.push_back(FeatureField(column, format));
      continue;
    }
    Json type = SimpleType(*field->type());
    if (type.is_null()) return "";
    fields.push_back({{"name", field->name()},
                      {"type", std::move(type)},
                      {"nullable", true},
                      {"metadata", Json::object()}});
  }
  return CompactJson({{"type", "struct"}, {"fields", std::move(fields)}});
}

}  // namespace pomona
