#include "pomona/table/manifest.h"

#include <algorithm>
#include <cctype>
#include <future>
#include <limits>
#include <stdexcept>
#include <utility>

#include "pomona/base/json_depth.h"
#include "pomona/error_kind.h"

namespace pomona {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;
// Entries read at once: an output of ten million images has 1,221, each a round trip away.
constexpr size_t kReadsAtOnce = 32;

Json ParseJson(const std::string& text) {
  if (NestsTooDeep(text)) throw std::invalid_argument("it is nested too deep");
  return Json::parse(text);
}

arrow::Status Damaged(const std::string& what, const std::string& why) {
  return DamagedData("damaged manifest: ", what, ": ", why,
                     "\nhint: option `overwrite` starts anew");
}

Json ToJsonValue(const FileRecord& file) {
  return {{"name", file.name}, {"rows", file.rows}, {"bytes", file.bytes}, {"sha256", file.sha256}};
}

/// Options come from a command line: they may hold bytes that are no UTF-8, which JSON cannot.
std::string Dump(const Json& json, int indent) {
  return json.dump(indent, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

/// nlohmann's get<int64_t>() takes 1.5, and wraps what is too large.
template <typename Integer>
Integer ParseCount(const Json& json, const char* key) {
  constexpr Integer kMax = std::numeric_limits<Integer>::max();
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
  if (!inside || !IsPartFile(base) || base.find_first_of(std::string("/\0", 2)) != base.npos) {
    throw std::invalid_argument("bad file name `" + file.name + "`");
  }
  return file;
}

bool IsEntry(const OutputStore::Entry& file) {
  const std::string_view base = std::string_view(file.name).substr(file.name.rfind('/') + 1);
  return file.size > 0 && base.starts_with("part-") && base.ends_with(".json");
}

void CheckFormat(const Json& json) {
  const int format = ParseCount<int>(json, "format");
  if (format != kFormat) throw std::invalid_argument("unknown format " + std::to_string(format));
}

}  // namespace

std::string ToJson(const RunRecord& run) {
  return Dump(Json{{"format", kFormat},
                   {"uuid", run.uuid},
                   {"pomona", run.version},
                   {"options", run.options}},
              2) +
         "\n";
}

std::string ToJson(const PartRecord& part) {
  Json json = {{"format", kFormat},
               {"index", part.id.index},
               {"revision", part.id.revision},
               {"generation", part.generation},
               {"data", ToJsonValue(part.data)},
               {"references", ToJsonValue(part.references)}};
  if (part.rejects) json["rejects"] = ToJsonValue(*part.rejects);
  return Dump(json, 2) + "\n";
}

arrow::Result<RunRecord> ParseRunRecord(const std::string& text) try {
  const Json json = ParseJson(text);
  CheckFormat(json);
  RunRecord run{
      .uuid = json.at("uuid").get<std::string>(),
      .version = json.at("pomona").get<std::string>(),
      .options = json.at("options"),
  };
  const auto is_uuid_char = [](char c) {
    return std::isxdigit(static_cast<unsigned char>(c)) || c == '-';
  };
  if (run.uuid.empty() || !std::all_of(run.uuid.begin(), run.uuid.end(), is_uuid_char)) {
    throw std::invalid_argument("bad uuid");
  }
  if (!run.options.is_object()) throw std::invalid_argument("options is not an object");
  return run;
} catch (const std::exception& error) {
  return Damaged(kRunFile, error.what());
}

arrow::Result<PartRecord> ParsePartRecord(const std::string& text) try {
  const Json json = ParseJson(text);
  CheckFormat(json);
  PartRecord part{
      .id = {.index = ParseCount<int64_t>(json, "index"),
             .revision = ParseCount<int>(json, "revision")},
      .generation = ParseCount<int>(json, "generation"),
      .data = ParseFile(json.at("data"), ""),
      .references = ParseFile(json.at("references"), kReferencesFolder),
      .rejects = std::nullopt,
  };
  if (json.contains("rejects")) part.rejects = ParseFile(json.at("rejects"), kRejectsFolder);
  const int64_t rejects = part.rejects ? part.rejects->rows : 0;
  // Counts are not negative, so this cannot overflow as a sum could.
  if (part.references.rows - rejects != part.data.rows) {
    throw std::invalid_argument("rows and rejects do not add up to references");
  }
  return part;
} catch (const std::exception& error) {
  return Damaged("part entry", error.what());
}

arrow::Result<std::optional<Manifest>> Manifest::Load(const OutputStore& store) {
  auto text = store.Get(kRunFile);
  if (text.status().IsKeyError()) return std::nullopt;
  ARROW_RETURN_NOT_OK(text.status());
  if (text->empty()) return std::nullopt;
  ARROW_ASSIGN_OR_RAISE(auto run, ParseRunRecord(*text));
  Manifest manifest(std::move(run));

  ARROW_ASSIGN_OR_RAISE(auto entries, store.List(kManifestFolder));
  std::erase_if(entries, [](const auto& file) { return !IsEntry(file); });
  for (size_t first = 0; first < entries.size(); first += kReadsAtOnce) {
    std::vector<std::future<arrow::Result<std::string>>> reads;
    for (size_t i = first; i < std::min(first + kReadsAtOnce, entries.size()); ++i) {
      reads.push_back(
          std::async(std::launch::async, [&, i] { return store.Get(entries[i].name); }));
    }
    for (size_t i = 0; i < reads.size(); ++i) {
      ARROW_ASSIGN_OR_RAISE(auto entry, reads[i].get());
      ARROW_ASSIGN_OR_RAISE(auto part, ParsePartRecord(entry));
      if (entries[first + i].name != PartEntryName(part.id)) {
        return Damaged(entries[first + i].name, "holds another part's entry");
      }
      manifest.parts_.push_back(std::move(part));
    }
  }
  auto& parts = manifest.parts_;
  std::sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) {
    return std::pair(a.id.index, -a.id.revision) < std::pair(b.id.index, -b.id.revision);
  });
  const auto same_part = [](const auto& a, const auto& b) { return a.id.index == b.id.index; };
  parts.erase(std::unique(parts.begin(), parts.end(), same_part), parts.end());
  for (size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].id.index != static_cast<int64_t>(i)) {
      return Damaged(PartEntryName({.index = static_cast<int64_t>(i), .revision = 0}),
                     "missing, though later parts exist");
    }
  }
  return manifest;
}

arrow::Result<Manifest> Manifest::Begin(OutputStore& store, RunRecord run) {
  ARROW_RETURN_NOT_OK(store.Put(kRunFile, ToJson(run)));
  return Manifest(std::move(run));
}

int Manifest::last_generation() const { return parts_.empty() ? 0 : parts_.back().generation; }

arrow::Status Manifest::Commit(OutputStore& store, PartRecord part) {
  ARROW_RETURN_NOT_OK(store.Put(PartEntryName(part.id), ToJson(part)));
  const auto index = static_cast<size_t>(part.id.index);
  if (index == parts_.size()) {
    parts_.push_back(std::move(part));
    return arrow::Status::OK();
  }
  const std::string superseded = PartEntryName(std::exchange(parts_[index], std::move(part)).id);
  return superseded == PartEntryName(parts_[index].id) ? arrow::Status::OK()
                                                       : store.Delete(superseded);
}

std::vector<std::string> DifferingOptions(const Json& in_output, const Json& now) {
  std::vector<std::string> differing;
  const auto text = [](const Json& options, const std::string& key) {
    if (!options.contains(key)) return std::string("unset");
    const Json& value = options.at(key);
    const std::string json = Dump(value, -1);
    return value.is_string() ? Json::parse(json).get<std::string>() : json;
  };
  const auto compare = [&](const std::string& key) {
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
