#include "pomona/model/int8_file.h"

#include <cmath>

#include "pomona/base/file_text.h"
#include "pomona/base/json.h"
#include "pomona/base/json_fields.h"
#include "pomona/base/sha256.h"
#include "pomona/error_kind.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

constexpr int kFormat = 1;
/// The one way there is to make whole numbers of weights: see WeightScales.
constexpr char kWeights[] = "pairs";

/// Of a float, and not so large that a width of two of them is none.
bool IsNumber(const Json& value) {
  constexpr double kMost = 1e30;
  return value.is_number() && std::abs(value.get<double>()) <= kMost;
}

bool TakeRange(const Json& value, ValueRange* range) {
  if (!value.is_array() || value.size() != 2 || !IsNumber(value[0]) || !IsNumber(value[1])) {
    return false;
  }
  *range = {value[0].get<double>(), value[1].get<double>()};
  return range->low <= range->high;
}

bool TakeNames(const Json& value, std::set<std::string>* names) {
  if (!value.is_array()) return false;
  for (const Json& name : value) {
    if (!name.is_string()) return false;
    names->insert(name.get<std::string>());
  }
  return true;
}

}  // namespace

arrow::Result<Int8File> ParseInt8File(std::string_view text, const std::string& path) {
  const std::string where = "int8 file `" + path + "`";
  const auto parsed = ParseJson(text);
  if (!parsed.ok()) return DamagedData(where, " ", parsed.status().message());
  Int8File file;
  JsonFields fields(*parsed, where);
  const int64_t format = fields.Count("format");
  const std::string weights = fields.Text("weights");
  if (parsed->is_object() && parsed->contains("format") &&
      (format != kFormat || weights != kWeights)) {
    return DamagedData(where, " is of format ", format, " with weights by `", ShownText(weights),
                       "`; this version reads format ", kFormat, " with `", kWeights, "`");
  }
  file.network = fields.Text("network");
  file.made_by = fields.Text("made_by");
  const Json& calibration = fields.Object("calibration");
  fields.Take("float", "a list of names",
              [&](const Json& value) { return TakeNames(value, &file.float_layers); });
  const Json& ranges = fields.Object("ranges");
  ARROW_RETURN_NOT_OK(fields.Finish());

  JsonFields set(calibration, where, "calibration.");
  file.calibration.name = set.Text("name");
  file.calibration.digest = set.Text("digest");
  file.calibration.images = set.Count("images");
  file.calibration.height = static_cast<int>(set.Count("height"));
  file.calibration.width = static_cast<int>(set.Count("width"));
  ARROW_RETURN_NOT_OK(set.Finish());

  JsonFields tensors(ranges, where, "ranges.");
  for (const auto& named : ranges.items()) {
    tensors.Take(named.key(), "two numbers, the lower one first",
                 [&](const Json& range) { return TakeRange(range, &file.ranges[named.key()]); });
  }
  ARROW_RETURN_NOT_OK(tensors.Finish());
  return file;
}

arrow::Result<Int8File> ReadInt8File(const std::string& path, const std::string& digest,
                                     const std::string& network) {
  ARROW_ASSIGN_OR_RAISE(const std::string text, FileText(path));
  if (DigestOfInt8File(text) != digest) {
    return arrow::Status::Invalid("int8 file `", path,
                                  "` changed while it was read\nhint: run again when it is whole");
  }
  ARROW_ASSIGN_OR_RAISE(Int8File file, ParseInt8File(text, path));
  if (file.network != network) {
    return arrow::Status::Invalid("int8 file `", path, "` is for the network ",
                                  ShownText(file.network), ", not for ", network,
                                  "\nhint: pomona model quantize makes one for this network");
  }
  return file;
}

arrow::Status RefuseWithoutInt8(const Model& model) {
  if (!model.int8_path.empty()) return arrow::Status::OK();
  return arrow::Status::Invalid(
      "model `", model.card.name,
      "` has no int8 file, which precision int8 needs\nhint: pomona model "
      "quantize makes one from images");
}

std::string Int8FileText(const Int8File& file) {
  Json ranges = Json::object();
  for (const auto& [name, range] : file.ranges) ranges[name] = {range.low, range.high};
  return JsonDocument({{"format", kFormat},
                       {"network", file.network},
                       {"made_by", file.made_by},
                       {"calibration",
                        {{"name", file.calibration.name},
                         {"digest", file.calibration.digest},
                         {"images", file.calibration.images},
                         {"height", file.calibration.height},
                         {"width", file.calibration.width}}},
                       {"weights", kWeights},
                       {"float", file.float_layers},
                       {"ranges", ranges}});
}

std::string DescribeInt8File(const Int8File& file) {
  const auto& set = file.calibration;
  return std::to_string(set.images) + " images of " + set.name + " at " +
         std::to_string(set.width) + "x" + std::to_string(set.height) + "; " +
         std::to_string(file.ranges.size()) + " tensors, " +
         std::to_string(file.float_layers.size()) + " layers in f32";
}

std::string DigestOfInt8File(std::string_view text) { return "sha256:" + ToHex(Sha256Of(text)); }

}  // namespace pomona
