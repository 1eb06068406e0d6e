#include "pomona/doctor.h"
#include "pomona/base/json.h"

#include <algorithm>

#include "pomona/doctor/doctor_topics.h"

namespace pomona {

std::string_view FindingLevelName(FindingLevel level) {
  switch (level) {
    case FindingLevel::kOk:
      return "ok";
    case FindingLevel::kNote:
      return "note";
    case FindingLevel::kProblem:
      return "problem";
  }
  return "problem";
}

arrow::Status DoctorOptions::Validate() const {
  if (model.empty()) return arrow::Status::Invalid("model is empty");
  constexpr std::chrono::milliseconds kLongest{600'000};
  if (speed_test.count() < 0 || speed_test > kLongest) {
    return arrow::Status::Invalid("speed_test: ", speed_test.count(), " ms, not 0 to ",
                                  kLongest.count());
  }
  return storage.Validate();
}

bool DoctorReport::healthy() const {
  return std::none_of(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.level == FindingLevel::kProblem;
  });
}

std::string DoctorReport::ToJson() const {
  Json json = {{"healthy", healthy()}, {"findings", Json::array()}, {"speed", Json::array()}};
  for (const Finding& finding : findings) {
    Json entry = {{"topic", finding.topic},
                  {"name", finding.name},
                  {"value", finding.value},
                  {"level", FindingLevelName(finding.level)}};
    if (!finding.hint.empty()) entry["hint"] = finding.hint;
    json["findings"].push_back(std::move(entry));
  }
  for (const SpeedFigure& speed : speeds) {
    json["speed"].push_back({{"model", speed.model},
                             {"preset", PresetName(speed.preset)},
                             {"precision", PrecisionName(speed.precision)},
                             {"input_size", speed.input_size},
                             {"looks", speed.looks},
                             {"images_per_second", speed.images_per_second},
                             {"cores", speed.cores}});
  }
  // A folder's name need not be UTF-8.
  return JsonDocument(json);
}

arrow::Result<DoctorReport> Examine(const DoctorOptions& options) {
  ARROW_RETURN_NOT_OK(options.Validate());
  DoctorReport report;
  const auto add = [&](std::vector<Finding> findings) {
    std::move(findings.begin(), findings.end(), std::back_inserter(report.findings));
  };
  add(ExamineVersions());
  add(ExamineMachine());
  add(ExamineModels(options));
  add(ExamineS3(options.storage));
  add(ExamineHdfs());
  if (options.speed_test.count() > 0) add(ExamineSpeed(options, &report.speeds));
  return report;
}

}  // namespace pomona
