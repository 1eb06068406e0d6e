#include <limits>
#include <nlohmann/json.hpp>

#include "pomona/base/file_text.h"
#include "pomona/base/json_depth.h"
#include "pomona/core_speed.h"
#include "pomona/error_kind.h"

namespace pomona {
namespace {

using nlohmann::json;

constexpr char kHint[] = "\nhint: OUTPUT/_pomona/report.json";

arrow::Status NoReport(const std::string& path) {
  return DamagedData(path, " is not the report of a run", kHint);
}

}  // namespace

arrow::Result<CoreSpeed> SpeedOfReport(const std::string& path) {
  const auto text = FileText(path);
  if (!text.ok()) return text.status().WithMessage(text.status().message(), kHint);
  const json report =
      NestsTooDeep(*text) ? json() : json::parse(*text, nullptr, /*allow_exceptions=*/false);
  const json rate =
      report.is_object() ? report.value("images_per_second_per_core", json()) : json();
  const json model = report.is_object() ? report.value("model", json()) : json();
  const json feature_dim = model.is_object() ? model.value("feature_dim", json()) : json();
  const json precision = model.is_object() ? model.value("precision", json()) : json();
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
  const json bottleneck = report.value("bottleneck", json("infer"));
  if (bottleneck != "infer" && bottleneck != "decode" && bottleneck.is_string()) {
    speed.warning = "the run of the report waited for `" + bottleneck.get<std::string>() +
                    "`: cores can do more than it says";
  }
  return speed;
}

}  // namespace pomona
