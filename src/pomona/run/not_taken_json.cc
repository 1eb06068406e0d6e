#include "pomona/run/not_taken_json.h"

#include "pomona/base/json.h"

namespace pomona {

nlohmann::ordered_json NotTakenJson(const ListingSummary& listing) {
  return {{"files", listing.not_taken},
          {"suffixes", nlohmann::ordered_json(listing.not_taken_by_suffix)},
          {"by_old_rule", listing.not_taken_by_old_rule}};
}

}  // namespace pomona
