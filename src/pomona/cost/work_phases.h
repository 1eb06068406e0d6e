#pragma once

#include "pomona/cost.h"

namespace pomona {

// The page of ListObjectsV2, by AWS's API reference.
inline constexpr double kKeysPerPage = 1000;

/// Machines that do the work together.
struct Fleet {
  InstancePrice instance;
  int workers = 1;
  bool cluster = false;  ///< with a primary node, and Spark: else the command line on one machine
  bool spot = false;
};

/// Images between two commits: what a core's task has in Spark, a part of the command line's.
double ImagesPerCommit(const Fleet& fleet, double images);

/// The rate of one worker on its own, were requests and listing free.
double WorkerImagesPerSecond(const InstancePrice& instance, const Workload& workload,
                             const CoreSpeed& speed);

/// S3's rate for this workload.
double RequestsPerSecond(const Workload& workload, const PriceList& prices);

WorkPhases PhasesOf(const Fleet& fleet, const Workload& workload, const CoreSpeed& speed,
                    const PriceList& prices);

/// From the first page listed to the last row written. The command line lists while it
/// extracts; Spark's driver lists first.
double WorkSeconds(const WorkPhases& phases, bool cluster);

double StartupSeconds(const Fleet& fleet, const PriceList& prices);

}  // namespace pomona
