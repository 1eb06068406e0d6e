#pragma once

#include <arrow/result.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pomona/public.h"

namespace POMONA_PUBLIC pomona {

/// One type of machine that can be rented. Prices are in the list's currency.
struct InstancePrice {
  std::string type;  ///< "m5.xlarge"
  int cores = 0;     ///< vCPUs: what Pomona counts as cores there
  double on_demand_per_hour = 0;
  std::optional<double> spot_per_hour;  ///< absent: never planned on Spot
  std::optional<double> emr_per_hour;   ///< EMR's surcharge; absent: never planned as a cluster
  double network_gbit_per_second = 0;   ///< that it has at all times, bursts apart
  double relative_speed = 1;            ///< of a core, over one of the machine that was measured
  std::string source;                   ///< where the numbers are from
};

/// What a rented machine is charged for when it runs for `seconds`.
struct BillingRule {
  double increment_seconds = 1;
  double minimum_seconds = 60;

  double Billed(double seconds) const;
};

/// What AWS charges in one region, and what else a plan must be told about it: data that
/// anybody can replace. The file is described in docs/format/prices.md.
struct PriceList {
  std::string currency;  ///< "USD"
  std::string region;
  std::string date;      ///< "2026-01-19": of the prices
  std::string source;    ///< for people
  bool example = false;  ///< shipped to show the format: to be replaced before money depends on it

  BillingRule billing;

  double machine_startup_seconds = 0;      ///< from the request to the first image
  double cluster_startup_seconds = 0;      ///< the same of an EMR cluster
  double replacement_startup_seconds = 0;  ///< of a cluster's node that takes another's place

  double interruptions_per_hour = 0;  ///< of one Spot machine

  double get_per_1000 = 0;          ///< S3: GET
  double put_per_1000 = 0;          ///< S3: PUT, POST and LIST
  double storage_per_gb_month = 0;  ///< S3
  double gets_per_second_per_prefix = 0;
  double list_page_seconds = 0;  ///< of 1,000 keys; one page after another

  double disk_gb_per_machine = 0;
  double disk_per_gb_month = 0;

  std::vector<InstancePrice> instances;
};

/// `name` is for messages. Invalid names the field.
arrow::Result<PriceList> ParsePriceList(std::string_view json, const std::string& name);

/// IOError, or as ParsePriceList.
arrow::Result<PriceList> ReadPriceList(const std::string& path);

}  // namespace pomona
