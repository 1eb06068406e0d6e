#include "pomona/check_output.h"

#include "pomona/storage/uri.h"
#include "pomona/table/table_output.h"

namespace pomona {

arrow::Status CheckOutput(const OutputCheck& check) {
  ARROW_RETURN_NOT_OK(check.storage.Validate());
  // A store that only the other client knows (wasbs://) holds no source of ours.
  if (!check.names || Uri::Parse(check.output).ok()) {
    ARROW_RETURN_NOT_OK(RefuseSourceAsOutput(check.output, check.sources));
  }
  if (check.names) return RefuseForeignNames(check.output, *check.names, check.tables_may_go);
  ARROW_ASSIGN_OR_RAISE(const auto store, OpenOutput(check.output, check.storage));
  return RefuseForeignFiles(*store, check.tables_may_go);
}

}  // namespace pomona
