#include "pomona/base/json.h"
#include "pomona/report.h"
#include "pomona/shown_text.h"

namespace pomona {

std::string PageReport::ToJson() const {
  Json told = Json::array();
  for (const Remark& remark : remarks) {
    told.push_back(remark.section + ": " + remark.text);
  }
  return JsonDocument({{"pomona", version},
                       {"features", ShownUri(features)},
                       {"output", ShownUri(output)},
                       {"data", ShownUri(data)},
                       {"rows", rows},
                       {"left_out", left_out},
                       {"classes", classes},
                       {"points", points},
                       {"thumbnails", thumbnails},
                       {"missing", missing},
                       {"duplicate_sets", duplicate_sets},
                       {"label_issues", label_issues},
                       {"rejects", rejects},
                       {"page_bytes", page_bytes},
                       {"remarks", std::move(told)},
                       {"read_seconds", read_seconds},
                       {"judge_seconds", judge_seconds},
                       {"duplicates_seconds", duplicates_seconds},
                       {"map_seconds", map_seconds},
                       {"thumbnail_seconds", thumbnail_seconds},
                       {"seconds", seconds},
                       {"cores", cores},
                       {"peak_memory_bytes", peak_memory_bytes}});
}

}  // namespace pomona
