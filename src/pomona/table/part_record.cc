#include "pomona/table/part_record.h"

#include <algorithm>
#include <cctype>
#include <limits>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "pomona/base/json.h"
#include "pomona/table/damaged_manifest.h"

namespace pomona {
namespace {

// Of tables of 0.1.0, whose records each say it.
constexpr int kFirstFormat = 1;

Json ToJsonValue(const FileRecord& file) {
  return {{"name", file.name}, {"rows", file.rows}, {"bytes", file.bytes}, {"sha256", file.sha256}};
}

/// nlohmann's get<int64_t>() takes 1.5, and wraps what is too large.
template <typename Integer>
Integer ParseCount(const Json& json, const char* key) {
  constexpr Integer kMax =
      std::is_same_v<Integer, int> ? kLastNumber : std::numeric_limits<Integer>::max();
  const Json& value = json.at(key);
  if (!value.is_number_unsigned() || value.get<uint64_t>() > static_cast<uint64_t>(kMax)) {
    throw std::invalid_argument(std::string(key) + " is not a count");
  }
  return value.get<Integer>();
}

/// `folder`: where such files lie, "" or "_pomona/...". A name leads to reads: it must not
/// lead anywhere else.
FileRecord ParseFile(const Json& json, const std::string& folder) {
  FileRecord file{
      .name = json.at("name").get<std::string>(),
      .rows = ParseCount<int64_t>(json, "rows"),
      .bytes = ParseCount<int64_t>(json, "bytes"),
      .sha256 = json.at("sha256").get<std::string>(),
  };
  const std::string prefix = folder.empty() ? "" : folder + "/";
  const bool inside = file.name.starts_with(prefix);
  const std::string base = inside ? file.name.substr(prefix.size()) : file.name;
  const bool is_part =
      IsPartFile(base) || file.name == kPcaModelFile || file.name == kClassifierFile;
  if (!inside || !is_part || base.find_first_of(std::string("/\0", 2)) != base.npos) {
    throw std::invalid_argument("bad file name `" + file.name + "`");
  }
  return file;
}

/// May throw what its callers catch.
arrow::Result<Json> ReadRecord(const std::string& text, const char* what) {
  auto json = ParseJson(text);
  if (!json.ok()) return DamagedManifest(what, "it " + json.status().message());
  const int format = json->contains("format") ? ParseCount<int>(*json, "format") : kFirstFormat;
  if (format != kFirstFormat) {
    throw std::invalid_argument("unknown format " + std::to_string(format));
  }
  return json;
}

}  // namespace

bool RunRecord::is_derived() const {
  const Json record = ParseJson(options).ValueOr(Json::object());
  // Tables of components were not always made by name.
  return record.is_object() && !record.contains("source") &&
         (!files.empty() || record.contains("made_by"));
}

std::string ToJson(const RunRecord& run) {
  Json json = {{"uuid", run.uuid},
               {"pomona", run.version},
               {"options", ParseJson(run.options).ValueOr(Json())}};
  for (const auto& file : run.files) json["files"].push_back(ToJsonValue(file));
  return CompactJson(json);
}

std::string ToJson(const PartRecord& part) {
  Json json = {{"index", part.id.index},
               {"epoch", part.id.epoch},
               {"generation", part.generation},
               {"data", ToJsonValue(part.data)}};
  if (part.references) json["references"] = ToJsonValue(*part.references);
  if (part.rejects) json["rejects"] = ToJsonValue(*part.rejects);
  return CompactJson(json);
}

arrow::Result<RunRecord> ParseRunRecord(const std::string& text) try {
  ARROW_ASSIGN_OR_RAISE(const Json json, ReadRecord(text, "run record"));
  RunRecord run{
      .uuid = json.at("uuid").get<std::string>(),
      .version = json.at("pomona").get<std::string>(),
      .options = CompactJson(json.at("options")),
  };
  const auto is_uuid_char = [](char c) {
    return std::isxdigit(static_cast<unsigned char>(c)) || c == '-';
  };
  if (run.uuid.empty() || !std::all_of(run.uuid.begin(), run.uuid.end(), is_uuid_char)) {
    throw std::invalid_argument("bad uuid");
  }
  if (!json.at("options").is_object()) throw std::invalid_argument("options is not an object");
  if (json.contains("files")) {
    for (const Json& file : json.at("files")) run.files.push_back(ParseFile(file, kPomonaFolder));
  }
  return run;
} catch (const std::exception& error) {
  return DamagedManifest("run record", error.what());
}

arrow::Result<PartRecord> ParsePartRecord(const std::string& text) try {
  ARROW_ASSIGN_OR_RAISE(const Json json, ReadRecord(text, "part entry"));
  // Until 0.1.0 each rewrite of a part counted up.
  const char* epoch = json.contains("epoch") ? "epoch" : "revision";
  PartRecord part{
      .id = {.index = ParseCount<int64_t>(json, "index"), .epoch = ParseCount<int>(json, epoch)},
      .generation = ParseCount<int>(json, "generation"),
      .data = ParseFile(json.at("data"), ""),
      .references = std::nullopt,
      .rejects = std::nullopt,
  };
  if (json.contains("references")) {
    part.references = ParseFile(json.at("references"), kReferencesFolder);
  }
  if (json.contains("rejects")) part.rejects = ParseFile(json.at("rejects"), kRejectsFolder);
  const int64_t rejects = part.rejects ? part.rejects->rows : 0;
  // Counts are not negative, so this cannot overflow as a sum could.
  if (part.references ? part.references->rows - rejects != part.data.rows : rejects != 0) {
    throw std::invalid_argument("rows and rejects do not add up to references");
  }
  return part;
} catch (const std::exception& error) {
  return DamagedManifest("part entry", error.what());
}

std::vector<std::string> DifferingOptions(const std::string& in_output_text,
                                          const std::string& now_text) {
  const Json in_output = ParseJson(in_output_text).ValueOr(Json::object());
  const Json now = ParseJson(now_text).ValueOr(Json::object());
  std::vector<std::string> differing;
  const auto text = [](const Json& options, const std::string& key) {
    if (!options.contains(key)) return std::string("unset");
    const Json& value = options.at(key);
    return value.is_string() ? value.get<std::string>() : CompactJson(value);
  };
  const auto compare = [&](const std::string& key) {
    // Follows from the options before it, and is long.
    if (key == "feature_slices" && !differing.empty()) return;
    const std::string before = text(in_output, key);
    const std::string after = text(now, key);
    if (before != after)
      differing.push_back(key + ": " + before + " in the output, " + after + " now");
  };
  for (const auto& [key, value] : now.items()) compare(key);
  for (const auto& [key, value] : in_output.items()) {
    if (!now.contains(key)) compare(key);
  }
  return differing;
}

}  // namespace pomona
