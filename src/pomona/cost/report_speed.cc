#include <limits>

#include "pomona/base/file_text.h"
#include "pomona/base/json.h"
#include "pomona/core_speed.h"
#include "pomona/error_kind.h"

namespace pomona {
namespace {

constexpr char kReportHint[] = "\nhint: OUTPUT/_pomona/report.json";

arrow::Status NoReport(const std::string& path) {
  return DamagedData(path, " is not the report of a run", kReportHint);
}

}  // namespace

arrow::Result<CoreSpeed> SpeedOfReport(const std::string& path) {
  const auto text = FileText(path);
  if (!text.ok()) return text.status().WithMessage(text.status().message(), kReportHint);
  const Json report = ParseJson(*text).ValueOr(Json());
  const Json rate =
      report.is_object() ? report.value("images_per_second_per_core", Json()) : Json();
  const Json model = report.is_object() ? report.value("model", Json()) : Json();
  const Json feature_dim = model.is_object() ? model.value("feature_dim", Json()) : Json();
  const Json precision = model.is_object() ? model.value("precision", Json()) : Json();
  constexpr int kMostFeatures = std::numeric_limits<int>::max();
  if (!rate.is_number() || !feature_dim.is_number_integer() || feature_dim < 1 ||
      feature_dim > kMostFeatures || !precision.is_string()) {
    return NoReport(path);
  }
  if (rate <= 0) {
    return DamagedData("the run of ", path,
                       " computed nothing\nhint: take the report of a run that did");
  }
  CoreSpeed speed = {.images_per_second = rate,
                     .feature_dim = feature_dim,
                     .precision = precision,
                     .source = "report " + path,
                     .warning = ""};
  const Json bottleneck = report.value("bottleneck", Json("infer"));
  if (bottleneck != "infer" && bottleneck != "decode" && bottleneck.is_string()) {
    speed.warning = "the run of the report waited for `" + bottleneck.get<std::string>() +
                    "`: cores can do more than it says";
  }
  return speed;
}

}  // namespace pomona
