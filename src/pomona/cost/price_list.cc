#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "pomona/base/file_text.h"
#include "pomona/base/json.h"
#include "pomona/base/json_fields.h"
#include "pomona/error_kind.h"
#include "pomona/prices.h"

namespace pomona {
namespace {

constexpr char kPricesHint[] = "\nhint: docs/format/prices.md describes the file";

arrow::Result<InstancePrice> ParseInstance(const Json& object, const std::string& where) {
  JsonFields fields(object, where);
  InstancePrice instance;
  instance.type = fields.Text("type");
  instance.cores = static_cast<int>(fields.Count("cores"));
  instance.on_demand_per_hour = fields.Number("on_demand_per_hour");
  instance.spot_per_hour = fields.NumberIfAny("spot_per_hour");
  instance.emr_per_hour = fields.NumberIfAny("emr_per_hour");
  instance.network_gbit_per_second = fields.Positive("network_gbit_per_second");
  instance.relative_speed = fields.PositiveOr("relative_speed", 1);
  instance.source = fields.Text("source");
  ARROW_RETURN_NOT_OK(fields.Finish());
  return instance;
}

/// Each section says where its numbers are from.
arrow::Status FinishSection(JsonFields fields) {
  fields.Text("source");
  return fields.Finish();
}

arrow::Result<PriceList> Parse(const Json& object, const std::string& name) {
  JsonFields fields(object, name);
  if (fields.Count("format") != 1) {
    return DamagedData(name, ": `format` is ", CompactJson(object.at("format")), ", not 1");
  }
  PriceList list;
  list.currency = fields.Text("currency");
  list.region = fields.Text("region");
  list.date = fields.Text("date");
  list.source = fields.Text("source");
  list.example = fields.Flag("example");
  const auto section = [&](const char* key) {
    return JsonFields(fields.Object(key), name + ": " + key);
  };
  JsonFields billing = section("billing");
  list.billing.increment_seconds = billing.Positive("increment_seconds");
  list.billing.minimum_seconds = billing.Number("minimum_seconds");
  JsonFields startup = section("startup");
  list.machine_startup_seconds = startup.Number("machine_seconds");
  list.cluster_startup_seconds = startup.Number("cluster_seconds");
  list.replacement_startup_seconds = startup.Number("replacement_seconds");
  JsonFields spot = section("spot");
  list.interruptions_per_hour = spot.Number("interruptions_per_hour");
  JsonFields s3 = section("s3");
  list.get_per_1000 = s3.Number("get_per_1000");
  list.put_per_1000 = s3.Number("put_per_1000");
  list.storage_per_gb_month = s3.Number("storage_per_gb_month");
  list.gets_per_second_per_prefix = s3.Positive("gets_per_second_per_prefix");
  list.list_page_seconds = s3.Number("list_page_seconds");
  JsonFields disk = section("disk");
  list.disk_gb_per_machine = disk.Number("gb_per_machine");
  list.disk_per_gb_month = disk.Number("per_gb_month");
  const std::vector<Json>& instances = fields.Array("instances");
  ARROW_RETURN_NOT_OK(fields.Finish());
  for (JsonFields* done : {&billing, &startup, &spot, &s3, &disk}) {
    ARROW_RETURN_NOT_OK(FinishSection(std::move(*done)));
  }
  std::set<std::string> types;
  for (size_t i = 0; i < instances.size(); ++i) {
    ARROW_ASSIGN_OR_RAISE(auto instance, ParseInstance(instances[i], name + ": instances[" +
                                                                         std::to_string(i) + "]"));
    if (!types.insert(instance.type).second) {
      return DamagedData(name, ": instances has `", instance.type, "` twice");
    }
    list.instances.push_back(std::move(instance));
  }
  return list;
}

}  // namespace

double BillingRule::Billed(double seconds) const {
  return std::max(minimum_seconds, std::ceil(seconds / increment_seconds) * increment_seconds);
}

arrow::Result<PriceList> ParsePriceList(std::string_view text, const std::string& name) {
  const Json object = ParseJson(text).ValueOr(Json());
  auto list = Parse(object, name);
  if (list.ok() || list.status().message().find("\nhint: ") != std::string::npos) return list;
  return list.status().WithMessage(list.status().message(), kPricesHint);
}

arrow::Result<PriceList> ReadPriceList(const std::string& path) {
  const auto text = FileText(path);
  if (text.ok()) return ParsePriceList(*text, path);
  return text.status().WithMessage(text.status().message(),
                                   "\nhint: deploy/aws/prices has an example");
}

}  // namespace pomona
