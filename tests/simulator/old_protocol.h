#pragma once

#include <arrow/status.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "simulator/world.h"

namespace pomona {

/// What the protocol before epochs and states let a run do that woke up late.
enum class OldFault {
  kReplacesPart,    ///< it replaced a part that another run had committed
  kReplacesRecord,  ///< it replaced another run's `run.json`
  kRemovesFiles,    ///< it removed another run's committed files as orphans
  kSealsAnothers,   ///< it put `_SUCCESS` while another run was changing the table
  kHoldsWithOther,  ///< it made its claim anew, and two runs passed their checks
};
inline constexpr int kOldFaults = 5;
const char* NameOf(OldFault fault);

/// One run as it was before epochs: one claim, which is renewed; parts named by their number and
/// revision alone; `run.json` and one entry a part, which are replaced; `_SUCCESS` without a seal.
/// On a store where a file appears whole.
arrow::Status WriteOldTable(World& world, int writer, char kind);

/// Sees one of the faults, and no other.
class OldReader : public Observer {
 public:
  OldReader(World& world, OldFault wanted) : world_(world), wanted_(wanted) {}
  void Begin(int writer, char kind) override;
  void Changed(int writer, const std::string& name, const NodePtr& before,
               const NodePtr& after) override;
  void Listed(int, const std::string&) override {}
  void Ended(const arrow::Status&) override {}

 private:
  void Saw(OldFault fault, const std::string& what);
  /// Another one that has taken the table over since, and is not done.
  int OtherWriting(int writer) const;

  World& world_;
  const OldFault wanted_;
  std::map<std::string, int> committed_;  ///< files that entries name, and who wrote those
  std::vector<int> changing_since_;       ///< by writer: a number that grows; 0: not
  std::vector<std::set<std::string>> claims_;
  int changes_ = 0;
};

}  // namespace pomona
