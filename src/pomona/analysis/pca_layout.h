#pragma once

namespace pomona {

/// The components in an output of `pomona pca`: docs/format/pca.md. Put before the first row,
/// so that it also says whose parts there are without `_SUCCESS`.
inline constexpr char kPcaModelFile[] = "_pomona/pca.parquet";

}  // namespace pomona
