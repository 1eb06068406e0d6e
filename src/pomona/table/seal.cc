#include "pomona/table/seal.h"

#include "pomona/base/json.h"
#include "pomona/base/json_fields.h"
#include "pomona/error_kind.h"
#include "pomona/table/layout.h"

namespace pomona {

Seal SealOf(const Manifest& manifest) {
  return {.state = manifest.number(), .sha256 = manifest.root(), .totals = manifest.totals()};
}

std::string ToJson(const Seal& seal) {
  return JsonDocument({{"format", kStateFormat},
                       {"state", seal.state},
                       {"sha256", seal.sha256},
                       {"parts", seal.totals.parts},
                       {"rows", seal.totals.rows},
                       {"rejects", seal.totals.rejects},
                       {"references", seal.totals.references}});
}

arrow::Result<Seal> ParseSeal(const std::string& text) {
  const auto parsed = ParseJson(text);
  if (!parsed.ok()) return DamagedData(kSuccessFile, " ", parsed.status().message());
  if (!parsed->is_object()) return DamagedData(kSuccessFile, " is no object");
  Seal seal;
  JsonFields fields(*parsed, kSuccessFile);
  const int64_t format = fields.Whole("format");
  seal.state = fields.Whole("state");
  seal.totals = {.parts = fields.Whole("parts"),
                 .rows = fields.Whole("rows"),
                 .rejects = fields.Whole("rejects"),
                 .references = fields.Whole("references")};
  seal.sha256 = fields.Text("sha256");
  ARROW_RETURN_NOT_OK(AsDamagedData(fields.Finish()));
  if (format != kStateFormat) return DamagedData(kSuccessFile, " has the unknown format ", format);
  return seal;
}

arrow::Result<bool> IsSealedBy(const std::string& success, const Manifest& manifest) {
  if (success.empty()) {
    if (manifest.number() < 0 && !manifest.parts().empty()) return true;
    // No run ends without a part.
    if (manifest.number() < 0) return DamagedData(kSuccessFile, " is there, and no part's entry");
    return DamagedData(kSuccessFile, " is empty");
  }
  ARROW_ASSIGN_OR_RAISE(const Seal sealed, ParseSeal(success));
  if (sealed.state < manifest.number()) return false;
  if (sealed == SealOf(manifest)) return true;
  if (sealed.state > manifest.number()) {
    return DamagedData(kSuccessFile, " was written for state ", sealed.state,
                       ", the newest that is there is ", manifest.number());
  }
  return DamagedData(kSuccessFile, " was written for another state ", sealed.state, ": ",
                     sealed.totals.rows, " rows of ", sealed.totals.references, " references in ",
                     sealed.totals.parts, " parts, and there are ", manifest.totals().rows, " of ",
                     manifest.totals().references, " in ", manifest.totals().parts);
}

arrow::Result<SealFound> FindSeal(const OutputStore& store, const Manifest& manifest) {
  const auto success = store.Get(kSuccessFile);
  if (success.status().IsKeyError()) return SealFound::kNone;
  ARROW_RETURN_NOT_OK(success.status());
  ARROW_ASSIGN_OR_RAISE(const bool of_newest, IsSealedBy(*success, manifest));
  return of_newest ? SealFound::kOfNewestState : SealFound::kOfOlderState;
}

bool HasSeal(const OutputStore& store) {
  return ParseSeal(store.Get(kSuccessFile).ValueOr("")).ok();
}

}  // namespace pomona
