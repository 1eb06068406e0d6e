#include "pomona/base/json_fields.h"

#include <limits>
#include <utility>

#include "pomona/base/json.h"
#include "pomona/error_kind.h"

namespace pomona {

JsonFields::JsonFields(const Json& object, std::string where, std::string prefix)
    : object_(object), where_(std::move(where)), prefix_(std::move(prefix)) {
  if (!object.is_object()) status_ = DamagedData(where_, " is no JSON object");
}

const Json* JsonFields::Find(const std::string& key, bool required) {
  known_.insert(key);
  if (object_.is_object()) {
    if (const auto found = object_.find(key); found != object_.end()) return &*found;
  }
  if (required && status_.ok()) status_ = DamagedData(where_, " has no `", prefix_, key, "`");
  return nullptr;
}

void JsonFields::Refuse(const std::string& key, const char* wanted) {
  if (!status_.ok()) return;
  constexpr size_t kLongest = 80;
  std::string value = CompactJson(object_.at(key), /*ascii=*/true);
  if (value.size() > kLongest) value = value.substr(0, kLongest) + "...";
  status_ = DamagedData(where_, ": `", prefix_, key, "` must be ", wanted, ", not ", value);
}

void JsonFields::Take(const std::string& key, const char* wanted,
                      const std::function<bool(const Json&)>& take) {
  const Json* value = Find(key, /*required=*/false);
  if (value != nullptr && !take(*value)) Refuse(key, wanted);
}

std::string JsonFields::Text(const std::string& key) {
  const Json* value = Find(key, /*required=*/true);
  if (value == nullptr) return "";
  if (value->is_string() && !value->get_ref<const std::string&>().empty()) return *value;
  Refuse(key, "text");
  return "";
}

bool JsonFields::Flag(const std::string& key) {
  bool flag = false;
  Take(key, "true or false", [&](const Json& value) {
    if (value.is_boolean()) flag = value;
    return value.is_boolean();
  });
  return flag;
}

int64_t JsonFields::Count(const std::string& key) {
  const Json* value = Find(key, /*required=*/true);
  if (value == nullptr) return 1;
  constexpr int64_t kMost = std::numeric_limits<int>::max();
  if (value->is_number_integer() && *value >= 1 && *value <= kMost) return *value;
  Refuse(key, "a whole number above 0");
  return 1;
}

int64_t JsonFields::Whole(const std::string& key) {
  const Json* value = Find(key, /*required=*/true);
  if (value == nullptr) return 0;
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  if (value->is_number_unsigned() && *value <= kMost) return *value;
  Refuse(key, "a count");
  return 0;
}

std::optional<double> JsonFields::NumberIfAny(const std::string& key) {
  const Json* value = Find(key, /*required=*/false);
  if (value == nullptr) return std::nullopt;
  if (value->is_number() && *value >= 0 && *value <= kMostNumber) return *value;
  Refuse(key, "a number, 0 to 1e9");
  return std::nullopt;
}

double JsonFields::Number(const std::string& key) {
  Find(key, /*required=*/true);
  return NumberIfAny(key).value_or(0);
}

double JsonFields::PositiveOr(const std::string& key, double otherwise) {
  const std::optional<double> number = NumberIfAny(key);
  if (number && *number < kLeastNumber) Refuse(key, "a number above 0, 1e-9 to 1e9");
  return number.value_or(otherwise);
}

double JsonFields::Positive(const std::string& key) {
  Find(key, /*required=*/true);
  return PositiveOr(key, 1);
}

const Json& JsonFields::Object(const std::string& key) {
  static const Json kNone = Json::object();
  const Json* value = Find(key, /*required=*/true);
  if (value == nullptr) return kNone;
  if (value->is_object()) return *value;
  Refuse(key, "an object");
  return kNone;
}

const std::vector<Json>& JsonFields::Array(const std::string& key) {
  static const std::vector<Json> kNone;
  const Json* value = Find(key, /*required=*/true);
  if (value == nullptr) return kNone;
  if (value->is_array() && !value->empty()) return value->get_ref<const std::vector<Json>&>();
  Refuse(key, "a list that is not empty");
  return kNone;
}

arrow::Status JsonFields::Finish() const {
  ARROW_RETURN_NOT_OK(status_);
  for (const auto& [key, unused] : object_.items()) {
    if (known_.contains(key)) continue;
    std::string list;
    for (const std::string& name : known_) list += (list.empty() ? "" : ", ") + name;
    return DamagedData(where_, " has an unknown key `", prefix_, key, "`\nhint: known keys are ",
                       list);
  }
  return arrow::Status::OK();
}

}  // namespace pomona
