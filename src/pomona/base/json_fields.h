#pragma once

#include <arrow/status.h>

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace pomona {

/// The bounds of every number in a price list: more than anything costs or takes, and small enough
/// that no sum or product of them is infinite.
inline constexpr double kMostNumber = 1e9;
inline constexpr double kLeastNumber = 1e-9;

/// Takes the fields of one JSON object, one after another; what is wrong with the first wrong
/// one is in Finish(). For one thread.
class JsonFields {
 public:
  /// `where` begins each message: "prices.json: s3"; `prefix` is put before the keys that it names.
  /// `object` must outlive this.
  JsonFields(const nlohmann::ordered_json& object, std::string where, std::string prefix = "");

  /// Gives the value of `key`, if there is one, to `take`, which is false if that is not `wanted`:
  /// "a list of 3 numbers".
  void Take(const std::string& key, const char* wanted,
            const std::function<bool(const nlohmann::ordered_json&)>& take);

  std::string Text(const std::string& key);  ///< not empty
  bool Flag(const std::string& key);         ///< absent: false
  int64_t Count(const std::string& key);     ///< at least 1, at most what an int holds
  int64_t Whole(const std::string& key);     ///< "a count": 0 to the most that int64 holds
  double Number(const std::string& key);     ///< 0 to kMostNumber
  double Positive(const std::string& key);   ///< kLeastNumber to kMostNumber
  double PositiveOr(const std::string& key, double otherwise);
  std::optional<double> NumberIfAny(const std::string& key);
  const nlohmann::ordered_json& Object(const std::string& key);
  const std::vector<nlohmann::ordered_json>& Array(const std::string& key);  ///< not empty

  /// The first error; else Invalid if there are keys that nobody asked for.
  arrow::Status Finish() const;

 private:
  const nlohmann::ordered_json* Find(const std::string& key, bool required);
  void Refuse(const std::string& key, const char* wanted);

  const nlohmann::ordered_json& object_;
  const std::string where_;
  const std::string prefix_;
  std::set<std::string> known_;
  arrow::Status status_;
};

}  // namespace pomona
