#include "pomona/table/state.h"

#include <limits>
#include <utility>

#include "pomona/base/json.h"
#include "pomona/base/json_fields.h"
#include "pomona/table/damaged_manifest.h"

namespace pomona {
namespace {

Json ToJsonValue(const SegmentRecord& segment) {
  return {{"name", segment.name},
          {"parts", segment.parts},
          {"bytes", segment.bytes},
          {"sha256", segment.sha256}};
}

arrow::Result<SegmentRecord> ParseSegment(const Json& json) {
  if (!json.is_object()) return arrow::Status::Invalid("a segment is no object");
  SegmentRecord segment;
  JsonFields fields(json, "a segment");
  segment.name = fields.Text("name");
  segment.parts = fields.Whole("parts");
  segment.bytes = fields.Whole("bytes");
  segment.sha256 = fields.Text("sha256");
  ARROW_RETURN_NOT_OK(fields.Finish());
  if (!IsSegmentFile(segment.name)) {
    return arrow::Status::Invalid("bad file name `", segment.name, "`");
  }
  return segment;
}

arrow::Result<TableState::Base> ParseBase(const Json& run, const Json& segments) {
  TableState::Base base;
  ARROW_ASSIGN_OR_RAISE(base.run, ParseRunRecord(CompactJson(run)));
  for (const Json& segment : segments) {
    ARROW_ASSIGN_OR_RAISE(auto parsed, ParseSegment(segment));
    base.segments.push_back(std::move(parsed));
  }
  return base;
}

arrow::Result<TableState> ParseHead(const Json& json) {
  TableState state;
  Json run, segments;
  JsonFields fields(json, "the state");
  fields.Take("format", "2", [](const Json& value) { return value == kStateFormat; });
  state.number = fields.Whole("state");
  const int64_t epoch = fields.Whole("epoch");
  fields.Take("previous", "a checksum or null", [&](const Json& value) {
    if (value.is_string()) state.previous = value.get<std::string>();
    return value.is_string() || value.is_null();
  });
  state.options = fields.Text("options");
  state.totals = {.parts = fields.Whole("parts"),
                  .rows = fields.Whole("rows"),
                  .rejects = fields.Whole("rejects"),
                  .references = fields.Whole("references")};
  if (json.contains("run")) {
    fields.Take("run", "an object", [&](const Json& value) {
      run = value;
      return value.is_object();
    });
    fields.Take("segments", "a list", [&](const Json& value) {
      segments = value;
      return value.is_array();
    });
  }
  ARROW_RETURN_NOT_OK(fields.Finish());
  if (!run.is_null() && !segments.is_array()) return arrow::Status::Invalid("it has no segments");
  if (epoch > kLastNumber) return arrow::Status::Invalid("the epoch is too large");
  state.epoch = static_cast<int>(epoch);
  if (!run.is_null()) {
    ARROW_ASSIGN_OR_RAISE(state.base, ParseBase(run, segments));
  }
  return state;
}

void Change(TableTotals& totals, const PartRecord& part, int64_t sign) {
  totals.parts += sign;
  totals.rows += sign * part.data.rows;
  totals.rejects += sign * (part.rejects ? part.rejects->rows : 0);
  totals.references += sign * (part.references ? part.references->rows : 0);
}

}  // namespace

void TableTotals::Add(const PartRecord& part) { Change(*this, part, 1); }
void TableTotals::Remove(const PartRecord& part) { Change(*this, part, -1); }

std::string ToText(const TableState& state) {
  Json json = {{"format", kStateFormat},
               {"state", state.number},
               {"epoch", state.epoch},
               {"previous", state.previous.empty() ? Json() : Json(state.previous)},
               {"options", state.options},
               {"parts", state.totals.parts},
               {"rows", state.totals.rows},
               {"rejects", state.totals.rejects},
               {"references", state.totals.references}};
  if (state.base) {
    json["run"] = ParseJson(ToJson(state.base->run)).ValueOr(Json());
    json["segments"] = Json::array();
    for (const auto& segment : state.base->segments) {
      json["segments"].push_back(ToJsonValue(segment));
    }
  }
  std::string text = CompactJson(json) + "\n";
  if (state.change) text += ToJson(*state.change) + "\n";
  return text;
}

arrow::Result<TableState> ParseState(const std::string& text) {
  const size_t end = text.find('\n');
  const auto head = ParseJson(std::string_view(text).substr(0, end));
  if (!head.ok()) return DamagedManifest("the state", "it " + head.status().message());
  if (!head->is_object()) return DamagedManifest("the state", "it is no object");
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  if (const auto format = head->find("format"); format != head->end() &&
                                                format->is_number_unsigned() &&
                                                *format > kStateFormat && *format <= kMost) {
    return arrow::Status::Invalid("the table has format ", CompactJson(*format),
                                  ", and this version of Pomona knows ", kStateFormat,
                                  "\nhint: take a newer version");
  }
  auto state = ParseHead(*head);
  if (!state.ok()) return DamagedManifest("the state", state.status().message());
  if (end == text.npos) return DamagedManifest("the state", "its first line has no end");
  if (end + 1 == text.size()) return state;
  if (text.back() != '\n' || text.find('\n', end + 1) != text.size() - 1) {
    return DamagedManifest("the state", "its second line has no end");
  }
  ARROW_ASSIGN_OR_RAISE(state->change,
                        ParsePartRecord(text.substr(end + 1, text.size() - end - 2)));
  return state;
}

}  // namespace pomona
