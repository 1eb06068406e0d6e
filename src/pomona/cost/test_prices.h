#pragma once

#include "pomona/prices.h"

namespace pomona {

/// Round numbers: one type, a core of which works as fast as the one that was measured.
inline PriceList TestPrices() {
  PriceList prices;
  prices.currency = "USD";
  prices.region = "nowhere-1";
  prices.date = "2026-11-27";
  prices.source = "invented";
  prices.machine_startup_seconds = 90;
  prices.cluster_startup_seconds = 600;
  prices.replacement_startup_seconds = 300;
  prices.interruptions_per_hour = 0.1;
  prices.get_per_1000 = 0.0004;
  prices.put_per_1000 = 0.005;
  prices.storage_per_gb_month = 0.023;
  prices.gets_per_second_per_prefix = 5500;
  prices.list_page_seconds = 0.04;
  prices.disk_gb_per_machine = 73;
  prices.disk_per_gb_month = 0.1;
  InstancePrice instance;
  instance.type = "x.large";
  instance.cores = 4;
  instance.on_demand_per_hour = 0.2;
  instance.spot_per_hour = 0.08;
  instance.emr_per_hour = 0.05;
  instance.network_gbit_per_second = 1;
  instance.source = "invented";
  prices.instances = {instance};
  return prices;
}

}  // namespace pomona
