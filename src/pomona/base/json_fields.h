#pragma once

#include <arrow/status.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace pomona {

/// Of every number in a price list: above what anything costs or takes, and small enough that no
/// sum or product of them is infinite.
inline constexpr double kMostNumber = 1e9;
inline constexpr double kLeastNumber = 1e-9;

/// Takes the fields of one JSON object, one after another; what is wrong with the first wrong
/// one is in Finish(). For one thread.
class JsonFields {
 public:
  /// `where` begins each message: "prices.json: s3". `object` must outlive this.
  JsonFields(const nlohmann::json& object, std::string where);

  std::string Text(const std::string& key);  ///< not empty
  bool Flag(const std::string& key);         ///< absent: false
  int64_t Count(const std::string& key);     ///< at least 1
  double Number(const std::string& key);     ///< 0 to kMostNumber
  double Positive(const std::string& key);   ///< kLeastNumber to kMostNumber
  double PositiveOr(const std::string& key, double otherwise);
  std::optional<double> NumberIfAny(const std::string& key);
  const nlohmann::json& Object(const std::string& key);
  const std::vector<nlohmann::json>& Array(const std::string& key);  ///< not empty

  /// The first error; else Invalid if there are keys that nobody asked for.
  arrow::Status Finish() const;

 private:
  const nlohmann::json* Find(const std::string& key, bool required);
  void Refuse(const std::string& key, const char* wanted);

  const nlohmann::json& object_;
  const std::string where_;
  std::set<std::string> known_;
  arrow::Status status_;
};

}  // namespace pomona
