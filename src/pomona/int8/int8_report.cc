#include "pomona/base/json.h"
#include "pomona/int8.h"

namespace pomona {
namespace {

Json AnswersJson(const Int8Answers& answers) {
  return {{"f32", answers.f32}, {"int8", answers.int8}, {"same", answers.same}};
}

}  // namespace

std::string Int8Report::ToJson() const {
  Json json = {{"output", output}, {"model", model},        {"calibrated", calibrated},
               {"layers", layers}, {"float", float_layers}, {"compared", compared}};
  if (compared > 0) {
    json["cosine"] = {{"mean", mean_cosine}, {"least", least_cosine}};
    json["speedup"] = speedup;
  }
  if (asked > 0) {
    json["labels"] = labels;
    json["asked"] = asked;
    json["neighbour"] = AnswersJson(neighbour);
    json["probe"] = AnswersJson(probe);
  }
  return JsonDocument(json);
}

}  // namespace pomona
