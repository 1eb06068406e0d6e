#pragma once

#include <string_view>

namespace pomona {

/// True for the base name of a file or folder that programs which write tables (Spark, Hadoop,
/// Delta Lake, Databricks, Hive, Impala, Pomona) put beside their parts, and for a part itself,
/// `part-*.parquet`: never an image, nor a folder of images. Other names may begin with an
/// underscore, as those of many cameras' files do.
bool IsTableWriterName(std::string_view name);

}  // namespace pomona
