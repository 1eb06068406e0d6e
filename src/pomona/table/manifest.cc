#include "pomona/table/manifest.h"

#include <algorithm>
#include <future>
#include <utility>

namespace pomona {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;
// Entries read at once: an output of ten million images has 1,221, each a round trip away.
constexpr size_t kReadsAtOnce = 32;

arrow::Status Damaged(const std::string& what, const std::string& why) {
  return arrow::Status::Invalid("damaged manifest: ", what, ": ", why,
                                "\nhint: --overwrite starts anew");
}

Json ToJsonValue(const FileRecord& file) {
  return {{"name", file.name}, {"rows", file.rows}, {"bytes", file.bytes}, {"sha256", file.sha256}};
}

FileRecord ParseFile(const Json& json) {
  FileRecord file{
      .name = json.at("name").get<std::string>(),
      .rows = json.at("rows").get<int64_t>(),
      .bytes = json.at("bytes").get<int64_t>(),
      .sha256 = json.at("sha256").get<std::string>(),
  };
  if (file.rows < 0 || file.bytes < 0) throw std::invalid_argument("negative count");
  // A name leads to a read or a delete: it must stay inside the output.
  if (file.name.empty() || file.name.front() == '/' || file.name.find("..") != std::string::npos) {
    throw std::invalid_argument("bad file name `" + file.name + "`");
  }
  return file;
}

void CheckFormat(const Json& json) {
  const int format = json.at("format").get<int>();
  if (format != kFormat) throw std::invalid_argument("unknown format " + std::to_string(format));
}

}  // namespace

std::string ToJson(const RunRecord& run) {
  return Json{{"format", kFormat},
              {"uuid", run.uuid},
              {"pomona", run.version},
              {"options", run.options}}
             .dump(2) +
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
  return json.dump(2) + "\n";
}

arrow::Result<RunRecord> ParseRunRecord(const std::string& text) try {
  const Json json = Json::parse(text);
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
  const Json json = Json::parse(text);
  CheckFormat(json);
  PartRecord part{
      .id = {.index = json.at("index").get<int64_t>(), .revision = json.at("revision").get<int>()},
      .generation = json.at("generation").get<int>(),
      .data = ParseFile(json.at("data")),
      .references = ParseFile(json.at("references")),
      .rejects = std::nullopt,
  };
  if (json.contains("rejects")) part.rejects = ParseFile(json.at("rejects"));
  if (part.id.index < 0 || part.id.revision < 0 || part.generation < 0) {
    throw std::invalid_argument("negative number");
  }
  const int64_t rejects = part.rejects ? part.rejects->rows : 0;
  if (part.data.rows + rejects != part.references.rows) {
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
  ARROW_ASSIGN_OR_RAISE(auto run, ParseRunRecord(*text));
  Manifest manifest(std::move(run));

  ARROW_ASSIGN_OR_RAISE(auto entries, store.List(kManifestFolder));
  for (size_t first = 0; first < entries.size(); first += kReadsAtOnce) {
    std::vector<std::future<arrow::Result<std::string>>> reads;
    for (size_t i = first; i < std::min(first + kReadsAtOnce, entries.size()); ++i) {
      reads.push_back(
          std::async(std::launch::async, [&, i] { return store.Get(entries[i].name); }));
    }
    for (auto& read : reads) {
      ARROW_ASSIGN_OR_RAISE(auto entry, read.get());
      ARROW_ASSIGN_OR_RAISE(auto part, ParsePartRecord(entry));
      manifest.parts_.push_back(std::move(part));
    }
  }
  std::sort(manifest.parts_.begin(), manifest.parts_.end(),
            [](const auto& a, const auto& b) { return a.id.index < b.id.index; });
  for (size_t i = 0; i < manifest.parts_.size(); ++i) {
    if (manifest.parts_[i].id.index != static_cast<int64_t>(i)) {
      return Damaged(PartEntryName(static_cast<int64_t>(i)), "missing, though later parts exist");
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
  ARROW_RETURN_NOT_OK(store.Put(PartEntryName(part.id.index), ToJson(part)));
  const auto index = static_cast<size_t>(part.id.index);
  if (index == parts_.size()) {
    parts_.push_back(std::move(part));
  } else {
    parts_[index] = std::move(part);
  }
  return arrow::Status::OK();
}

std::vector<std::string> DifferingOptions(const Json& in_output, const Json& now) {
  std::vector<std::string> differing;
  const auto text = [](const Json& options, const std::string& key) {
    if (!options.contains(key)) return std::string("unset");
    const Json& value = options.at(key);
    return value.is_string() ? value.get<std::string>() : value.dump();
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
