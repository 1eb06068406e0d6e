#include "pomona/table/layout.h"

#include <fmt/format.h>

#include <algorithm>

namespace pomona {
namespace {

// Each takes what it is named for from the beginning of `rest`; false, if that is not there.

bool Take(std::string_view wanted, std::string_view& rest) {
  if (!rest.starts_with(wanted)) return false;
  rest.remove_prefix(wanted.size());
  return true;
}

bool TakeDigits(size_t least, std::string_view& rest) {
  const size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
  rest.remove_prefix(digits);
  return digits >= least;
}

bool TakeUuid(std::string_view& rest) {
  constexpr size_t kLength = 36;
  const std::string_view uuid = rest.substr(0, kLength);
  if (uuid.size() < kLength || uuid.find_first_not_of("0123456789abcdef-") != uuid.npos)
    return false;
  rest.remove_prefix(kLength);
  return true;
}

/// The number of at least eight digits, and at most nine, that is `name` but for what is around it;
/// -1 if there is none.
int64_t NumberIn(std::string_view name, std::string_view before, std::string_view after) {
  constexpr size_t kMostDigits = 9;
  if (!Take(before, name)) return -1;
  const std::string_view digits = name.substr(0, name.find_first_not_of("0123456789"));
  name.remove_prefix(digits.size());
  if (digits.size() < kMostDigits - 1 || digits.size() > kMostDigits || name != after) return -1;
  const bool padded = digits.size() == kMostDigits && digits.front() == '0';
  return padded ? -1 : std::stoll(std::string(digits));
}

}  // namespace

std::string PartFileName(const PartId& id, const std::string& uuid) {
  return fmt::format("part-{:05}-{}-c{:03}.snappy.parquet", id.index, uuid, id.epoch);
}

std::string ReferencesFileName(const PartId& id) {
  return fmt::format("{}/part-{:05}-c{:03}.parquet", kReferencesFolder, id.index, id.epoch);
}

std::string RejectsFileName(const PartId& id) {
  return fmt::format("{}/part-{:05}-c{:03}.parquet", kRejectsFolder, id.index, id.epoch);
}

std::string PartEntryName(const PartId& id) {
  return fmt::format("{}/part-{:05}-c{:03}.json", kManifestFolder, id.index, id.epoch);
}

std::string StateFileName(int64_t number) {
  return fmt::format("{}/{:08}.jsonl", kStatesFolder, number);
}

int64_t StateNumberOf(std::string_view name) {
  return NumberIn(name, std::string(kStatesFolder) + "/", ".jsonl");
}

std::string SegmentFileName(int64_t place, int64_t state, int epoch) {
  return fmt::format("{}/segment-{:05}-{:08}-c{:03}.jsonl", kStatesFolder, place, state, epoch);
}

bool IsSegmentFile(std::string_view name) {
  return Take(std::string(kStatesFolder) + "/segment-", name) && TakeDigits(5, name) &&
         Take("-", name) && TakeDigits(8, name) && Take("-c", name) && TakeDigits(3, name) &&
         name == ".jsonl";
}

std::string ClaimFileName(int epoch) { return fmt::format("{}/{:08}.json", kLeaseFolder, epoch); }

int ClaimEpochOf(std::string_view name) {
  return static_cast<int>(NumberIn(name, std::string(kLeaseFolder) + "/", ".json"));
}

arrow::Status CheckRowsPerFile(int64_t rows) {
  constexpr int64_t kMost = 1 << 20;
  if (rows >= 1 && rows <= kMost) return arrow::Status::OK();
  return arrow::Status::Invalid("option `rows_per_file` must be 1 to ", kMost, ", got ", rows);
}

bool IsPartFile(const std::string& name) {
  return name.starts_with("part-") && name.ends_with(".parquet");
}

bool IsPartFileOf(const std::string& name, const std::string& uuid) {
  return IsPartFile(name) && name.find("-" + uuid + "-") != std::string::npos;
}

int PartEpochOf(const std::string& name) {
  constexpr size_t kMostDigits = 9;
  const size_t at = name.rfind("-c");
  if (!IsPartFile(name) || !IsOwnFile(name) || at == name.npos) return -1;
  const std::string digits = name.substr(at + 2, name.find('.', at) - at - 2);
  return digits.size() > kMostDigits ? -1 : std::stoi(digits);
}

bool IsUuid(std::string_view text) { return TakeUuid(text) && text.empty(); }

bool IsOwnFile(std::string_view name) {
  const std::string staging = std::string(kStagingFolder) + "/";
  if (name.starts_with(staging)) {
    std::string unfolded(name.substr(staging.size()));
    std::replace(unfolded.begin(), unfolded.end(), '+', '/');
    return !unfolded.starts_with(staging) && IsOwnFile(unfolded);
  }
  for (const char* one : {kSuccessFile, kRunFile, kReportFile, kPcaModelFile, kClassifierFile}) {
    if (name == one) return true;
  }
  if (StateNumberOf(name) >= 0 || IsSegmentFile(name) || ClaimEpochOf(name) >= 0) return true;
  const auto in = [&](const char* folder) { return Take(std::string(folder) + "/", name); };
  if (in(kLeaseFolder))
    return TakeUuid(name) && Take("-", name) && TakeDigits(1, name) && name == ".json";
  const bool entry = in(kManifestFolder);
  const bool beside = !entry && (in(kReferencesFolder) || in(kRejectsFolder));
  if (!Take("part-", name) || !TakeDigits(5, name)) return false;
  if (!entry && !beside && !(Take("-", name) && TakeUuid(name))) return false;
  if (!Take("-c", name) || !TakeDigits(3, name)) return false;
  return name == (entry ? ".json" : beside ? ".parquet" : ".snappy.parquet");
}

}  // namespace pomona
