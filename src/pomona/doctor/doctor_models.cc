#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "pomona/doctor/doctor_topics.h"
#include "pomona/extract/cache_folder.h"

namespace pomona {
namespace {

namespace fs = std::filesystem;

Finding Cache(const std::string& dir) {
  Finding finding{"models", "cache", dir, FindingLevel::kOk, ""};
  if (dir.empty()) {
    finding.value = "nowhere";
    finding.level = FindingLevel::kNote;
    finding.hint = "each run compiles the model anew (a second); POMONA_CACHE names a folder";
    return finding;
  }
  // The folder is made by the first run: look at the nearest one that is there.
  std::error_code error;
  fs::path there = fs::absolute(dir, error);
  while (!fs::exists(there, error) && there.has_relative_path()) there = there.parent_path();
  const bool usable = fs::is_directory(there, error) && access(there.c_str(), W_OK | X_OK) == 0;
  if (usable) {
    finding.value += ", writable";
  } else {
    finding.value += ", not writable";
    finding.level = FindingLevel::kNote;
    finding.hint = "each run compiles the model anew (a second); POMONA_CACHE names another folder";
  }
  return finding;
}

}  // namespace

std::vector<Finding> ExamineModels(const DoctorOptions& options) {
  std::vector<Finding> findings;
  const auto models = ListModels();
  if (models.ok()) {
    for (const Model& model : *models) {
      findings.push_back({"models", model.card.name,
                          fmt::format("{:.1f} MiB, {}",
                                      static_cast<double>(model.bytes) / (1 << 20), model.digest),
                          FindingLevel::kOk, ""});
    }
  } else {
    findings.push_back({"models", "catalogue", models.status().message(), FindingLevel::kProblem,
                        "POMONA_MODELS names the folders of models"});
  }
  const bool listed = std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
    return finding.name == options.model;
  });
  if (!listed) {
    if (const auto model = FindModel(options.model); !model.ok()) {
      findings.push_back(
          {"models", options.model, "not found", FindingLevel::kProblem,
           "pomona model list shows what there is; POMONA_MODELS names more folders"});
    }
  }
  findings.push_back(Cache(options.cache_dir.empty() ? DefaultCacheFolder() : options.cache_dir));
  return findings;
}

}  // namespace pomona
