#include "pomona/table/table_schema.h"

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/type.h>

#include <utility>

#include "pomona/base/json.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

Json SparkField(const std::string& name, Json type, bool nullable) {
  return {{"name", name},
          {"type", std::move(type)},
          {"nullable", nullable},
          {"metadata", Json::object()}};
}

Json SparkArray(Json element, bool contains_null) {
  return {{"type", "array"}, {"elementType", std::move(element)}, {"containsNull", contains_null}};
}

Json SparkVector() {
  return {{"type", "udt"},
          {"class", "org.apache.spark.ml.linalg.VectorUDT"},
          {"pyClass", "pyspark.ml.linalg.VectorUDT"},
          {"sqlType",
           {{"type", "struct"},
            {"fields",
             {SparkField("type", "byte", false), SparkField("size", "integer", true),
              SparkField("indices", SparkArray("integer", false), true),
              SparkField("values", SparkArray("double", false), true)}}}}};
}

/// VectorUDT's storage: type 1 is a dense vector, which has neither size nor indices.
std::shared_ptr<arrow::DataType> VectorType() {
  return arrow::struct_({
      arrow::field("type", arrow::int8(), /*nullable=*/false),
      arrow::field("size", arrow::int32()),
      arrow::field("indices", arrow::list(arrow::field("element", arrow::int32(), false))),
      arrow::field("values", arrow::list(arrow::field("element", arrow::float64(), false))),
  });
}

std::shared_ptr<arrow::DataType> FeaturesType(FeatureFormat format) {
  if (format == FeatureFormat::kVector) return VectorType();
  return arrow::list(arrow::field("element", arrow::float32()));
}

std::shared_ptr<arrow::DataType> ViewsType() {
  return arrow::list(
      arrow::field("element", arrow::struct_({
                                  arrow::field("view", arrow::utf8()),
                                  arrow::field("features", FeaturesType(FeatureFormat::kArray)),
                              })));
}

Json SparkFields(const arrow::FieldVector& fields);

/// Null: Spark has no such type, or none that we know.
Json SparkType(const arrow::DataType& type) {
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
    case arrow::Type::LIST: {
      Json element = SparkType(*type.field(0)->type());
      if (element.is_null()) return nullptr;
      return SparkArray(std::move(element), type.field(0)->nullable());
    }
    case arrow::Type::STRUCT: {
      if (type.Equals(*VectorType())) return SparkVector();
      Json fields = SparkFields(type.fields());
      if (fields.is_null()) return nullptr;
      return {{"type", "struct"}, {"fields", std::move(fields)}};
    }
    default:
      return nullptr;
  }
}

Json SparkFields(const arrow::FieldVector& fields) {
  Json described = Json::array();
  for (const auto& field : fields) {
    Json type = SparkType(*field->type());
    if (type.is_null()) return nullptr;
    described.push_back(SparkField(field->name(), std::move(type), field->nullable()));
  }
  return described;
}

arrow::Result<std::shared_ptr<arrow::Array>> ToVectors(const arrow::ListArray& lists) {
  const auto& floats = static_cast<const arrow::FloatArray&>(*lists.values());
  arrow::DoubleBuilder doubles;
  ARROW_RETURN_NOT_OK(doubles.Reserve(floats.length()));
  for (int64_t i = 0; i < floats.length(); ++i) doubles.UnsafeAppend(floats.Value(i));
  ARROW_ASSIGN_OR_RAISE(auto values, doubles.Finish());

  const auto type = VectorType();
  const auto vector_lists = std::make_shared<arrow::ListArray>(
      type->field(3)->type(), lists.length(), lists.value_offsets(), std::move(values),
      lists.null_bitmap(), lists.null_count(), lists.offset());
  ARROW_ASSIGN_OR_RAISE(auto dense,
                        arrow::MakeArrayFromScalar(arrow::Int8Scalar(1), lists.length()));
  ARROW_ASSIGN_OR_RAISE(auto sizes, arrow::MakeArrayOfNull(arrow::int32(), lists.length()));
  ARROW_ASSIGN_OR_RAISE(auto indices,
                        arrow::MakeArrayOfNull(type->field(2)->type(), lists.length()));
  std::shared_ptr<arrow::Buffer> valid;
  if (lists.null_count() > 0) {
    ARROW_ASSIGN_OR_RAISE(valid, arrow::AllocateEmptyBitmap(lists.length()));
    for (int64_t i = 0; i < lists.length(); ++i) {
      arrow::bit_util::SetBitTo(valid->mutable_data(), i, lists.IsValid(i));
    }
  }
  return std::make_shared<arrow::StructArray>(
      type, lists.length(), arrow::ArrayVector{dense, sizes, indices, vector_lists}, valid,
      lists.null_count());
}

}  // namespace

std::string_view FeatureFormatName(FeatureFormat format) {
  return format == FeatureFormat::kVector ? "vector" : "array";
}

arrow::Result<FeatureFormat> ParseFeatureFormat(std::string_view name) {
  if (name == "array") return FeatureFormat::kArray;
  if (name == "vector") return FeatureFormat::kVector;
  return arrow::Status::Invalid("option `features_as` must be array or vector, got `",
                                ShownText(name), "`");
}

std::shared_ptr<arrow::Schema> TableSchema(FeatureFormat format, bool views) {
  arrow::FieldVector fields = {
      arrow::field("path", arrow::utf8()),
      arrow::field("label", arrow::utf8()),
      arrow::field("features", FeaturesType(format)),
  };
  if (views) fields.push_back(arrow::field("views", ViewsType()));
  return arrow::schema(std::move(fields));
}

std::string SparkRowMetadata(const arrow::Schema& schema) {
  Json fields = SparkFields(schema.fields());
  if (fields.is_null()) return "";
  return CompactJson({{"type", "struct"}, {"fields", std::move(fields)}});
}

arrow::Result<std::shared_ptr<arrow::Array>> FormatFeatures(
    const std::shared_ptr<arrow::Array>& features, FeatureFormat format) {
  if (format == FeatureFormat::kArray) return features;
  return ToVectors(static_cast<const arrow::ListArray&>(*features));
}

}  // namespace pomona
