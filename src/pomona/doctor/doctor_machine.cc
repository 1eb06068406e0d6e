#include <arrow/config.h>
#include <curl/curl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>
#include <utility>

#include "pomona/base/available_cores.h"
#include "pomona/base/file_text.h"
#include "pomona/doctor/doctor_topics.h"
#include "pomona/image/codec_versions.h"
#include "pomona/model/engine_facts.h"
#include "pomona/version.h"

namespace pomona {
namespace {

/// What speaks to S3, and the TLS library below it: "7.88.1, OpenSSL/3.0.15".
std::string HttpClientVersion() {
  const curl_version_info_data* info = curl_version_info(CURLVERSION_NOW);
  std::string version = info->version;
  if (info->ssl_version != nullptr) version += std::string(", ") + info->ssl_version;
  return version;
}

Finding Cores() {
  const int cores = AvailableCores();
  const int present = static_cast<int>(std::thread::hardware_concurrency());
  Finding finding{"machine", "cores", fmt::format("{} usable", cores), FindingLevel::kOk, ""};
  if (cores < present) {
    finding.value += fmt::format(" of {}", present);
    finding.level = FindingLevel::kNote;
    finding.hint = "a CPU quota of this container limits it";
  }
  return finding;
}

/// What this process may use in bytes: the machine's, or its control group's limit.
int64_t MemoryLimit(int64_t present) {
  int64_t limit = 0;
  std::ifstream file("/sys/fs/cgroup/memory.max");
  return file >> limit && limit > 0 ? std::min(limit, present) : present;
}

Finding Memory() {
  int64_t total_kb = 0;
  int64_t free_kb = 0;
  std::istringstream lines(FileText("/proc/meminfo").ValueOr(""));
  for (std::string key, rest; lines >> key; std::getline(lines, rest)) {
    if (key == "MemTotal:") lines >> total_kb;
    if (key == "MemAvailable:") lines >> free_kb;
  }
  const int64_t usable = MemoryLimit(total_kb * 1024);
  const int64_t available = std::min(usable, free_kb * 1024);
  constexpr double kGiB = 1 << 30;
  Finding finding{
      "machine", "memory",
      fmt::format("{:.1f} GiB usable, {:.1f} GiB of it free", usable / kGiB, available / kGiB),
      FindingLevel::kOk, ""};
  constexpr int64_t kRunNeeds = int64_t{600} << 20;
  if (available < kRunNeeds) {
    finding.level = FindingLevel::kNote;
    finding.hint = "a run takes about 600 MiB; a smaller option `memory` takes less";
  }
  return finding;
}

}  // namespace

std::vector<std::string> CpuFeatures(std::string_view cpuinfo) {
  std::set<std::string> flags;
  std::istringstream lines{std::string(cpuinfo)};
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("flags") && !line.starts_with("Features")) continue;
    std::istringstream words(line);
    for (std::string word; words >> word;) flags.insert(word);
    break;  // the other cores have the same
  }
  static constexpr std::array<std::pair<const char*, const char*>, 7> kKnown = {{
      {"avx2", "avx2"},
      {"avx512f", "avx512f"},
      {"avx512_vnni", "avx512_vnni"},
      {"avx512_bf16", "avx512_bf16"},
      {"amx_bf16", "amx_bf16"},
      {"amx_int8", "amx_int8"},
      {"asimd", "neon"},
  }};
  std::vector<std::string> features;
  for (const auto& [flag, name] : kKnown) {
    if (flags.contains(flag)) features.emplace_back(name);
  }
  return features;
}

std::vector<Finding> ExamineVersions() {
  std::vector<Finding> findings = {
      {"versions", "pomona", kVersion, FindingLevel::kOk, ""},
      {"versions", "arrow", arrow::GetBuildInfo().version_string, FindingLevel::kOk, ""},
  };
  const auto engine = FindEngineFacts();
  if (engine.ok()) {
    findings.push_back({"versions", "openvino", engine->version, FindingLevel::kOk, ""});
  } else {
    findings.push_back({"versions", "openvino", engine.status().message(), FindingLevel::kProblem,
                        "install Pomona anew, with the versions of requirements/build.txt"});
  }
  for (const auto& [name, version] : CodecVersions()) {
    findings.push_back({"versions", name, version, FindingLevel::kOk, ""});
  }
  findings.push_back({"versions", "libcurl", HttpClientVersion(), FindingLevel::kOk, ""});
  return findings;
}

std::vector<Finding> ExamineMachine() {
  std::vector<Finding> findings;
  const auto engine = FindEngineFacts();
  if (engine.ok()) findings.push_back({"machine", "cpu", engine->cpu, FindingLevel::kOk, ""});
  const auto features = CpuFeatures(FileText("/proc/cpuinfo").ValueOr(""));
  Finding cpu{"machine", "cpu_features", fmt::format("{}", fmt::join(features, " ")),
              FindingLevel::kOk, ""};
  if (features.empty()) {
    cpu.value = "none of those that speed it up";
    cpu.level = FindingLevel::kNote;
    cpu.hint = "a CPU with AVX2 or NEON is several times faster";
  }
  findings.push_back(std::move(cpu));
  findings.push_back(Cores());
  findings.push_back(Memory());
  if (engine.ok()) {
    const bool bf16 = engine->auto_precision == Precision::kBf16;
    findings.push_back(
        {"machine", "precision",
         fmt::format("f32; option `precision=auto` takes {}",
                     PrecisionName(engine->auto_precision)),
         FindingLevel::kOk,
         bf16 ? "bf16 is faster here; its features differ slightly from f32's" : ""});
  }
  return findings;
}

}  // namespace pomona
