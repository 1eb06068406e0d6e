#include "pomona/classify/classifier_record.h"

#include <utility>

#include "pomona/classify/row_labels.h"
#include "pomona/error_kind.h"

namespace pomona {
namespace {

using arrow::Result;

/// A squared distance that no row has.
constexpr double kFar = 1e300;

/// A number of the record that is finite and within its bounds.
Result<double> Number(const Json& record, const char* name, double least, double most) {
  const Json value = record.value(name, Json());
  if (value.is_number() && value.get<double>() >= least && value.get<double>() <= most) {
    return value.get<double>();
  }
  return NoClassifier(std::string(name) + " is " + CompactJson(value));
}

int64_t Whole(const Json& record, const char* name) {
  const Json value = record.value(name, Json());
  return value.is_number_integer() ? value.get<int64_t>() : 0;
}

}  // namespace

arrow::Status NoClassifier(const std::string& why) {
  return DamagedData("this is no classifier: ", why);
}

Json RecordOf(const Classifier& classifier) {
  Json record = Json::object();
  if (!classifier.target().empty()) record["target"] = classifier.target();
  record["method"] = LearnMethodName(classifier.method());
  record["score"] = ScoreKindName(classifier.score_kind());
  record["classes"] = classifier.classes();
  record["rank"] = classifier.rank();
  record["temperature"] = classifier.temperature();
  record["doubt"] = classifier.doubt();
  record["coverage"] = classifier.coverage();
  record["set_quantile"] = classifier.set_quantile();
  record["unknown_threshold"] = classifier.unknown_threshold();
  record["false_alarms"] = classifier.false_alarms();
  if (!classifier.training().empty()) record["training"] = classifier.training();
  return record;
}

Result<ReadRecord> FieldsOf(const Json& record) {
  ReadRecord read;
  Classifier::Fields& fields = read.fields;
  try {
    auto method = ParseLearnMethod(record.at("method").get<std::string>());
    if (!method.ok()) return NoClassifier(method.status().message());
    fields.method = *method;
    auto kind = ParseScoreKind(record.at("score").get<std::string>());
    if (!kind.ok()) return NoClassifier(kind.status().message());
    fields.score_kind = *kind;
    fields.target = record.value("target", "");
    fields.training = record.value("training", "");
  } catch (const Json::exception& error) {
    return NoClassifier(error.what());
  }
  ARROW_ASSIGN_OR_RAISE(fields.temperature, Number(record, "temperature", 1e-9, 1e9));
  ARROW_ASSIGN_OR_RAISE(fields.doubt, Number(record, "doubt", 0, 1));
  ARROW_ASSIGN_OR_RAISE(fields.coverage, Number(record, "coverage", 0, 1));
  ARROW_ASSIGN_OR_RAISE(fields.set_quantile, Number(record, "set_quantile", 0, 1));
  ARROW_ASSIGN_OR_RAISE(fields.unknown_threshold, Number(record, "unknown_threshold", 0, kFar));
  ARROW_ASSIGN_OR_RAISE(fields.false_alarms, Number(record, "false_alarms", 0, 1));
  read.classes = Whole(record, "classes");
  read.rank = Whole(record, "rank");
  const bool centroid = fields.method == LearnMethod::kCentroid;
  if (read.classes < 2 || read.classes > kMostLabels || read.rank < 1 ||
      (read.rank >= read.classes && !centroid)) {
    return NoClassifier("rank " + std::to_string(read.rank) + " does not go with " +
                        std::to_string(read.classes) + " classes");
  }
  return read;
}

}  // namespace pomona
