#include "pomona/neighbours/complete_linkage.h"

#include <algorithm>
#include <numeric>
#include <queue>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace pomona {
namespace {

/// Two sets by their lowest items, and how far their farthest items are.
struct Link {
  double distance = 0;
  int32_t a = 0, b = 0;

  bool operator>(const Link& other) const {
    return std::tie(distance, a, b) > std::tie(other.distance, other.a, other.b);
  }
};

/// A set is linked to those alone with which it may still become one: where two join, only sets
/// that both were linked to remain so. Hence no pair is looked up that is not there.
class Linkage {
 public:
  Linkage(int64_t items, const std::vector<NearPair>& pairs)
      : set_(static_cast<size_t>(items)), links_(static_cast<size_t>(items)) {
    std::iota(set_.begin(), set_.end(), 0);
    std::vector<Link> all;
    all.reserve(pairs.size());
    for (const NearPair& pair : pairs) {
      Connect(pair.a, pair.b, pair.distance);
      all.push_back({pair.distance, pair.a, pair.b});
    }
    nearest_ = decltype(nearest_)(std::greater<>(), std::move(all));
  }

  std::vector<int32_t> Join() {
    while (!nearest_.empty()) {
      const Link link = nearest_.top();
      nearest_.pop();
      const auto& links = of(link.a);
      const auto held = links.find(link.b);
      // What has changed since was pushed anew.
      if (held != links.end() && held->second == link.distance) Join(link.a, link.b);
    }
    // A set's lowest item is no higher than those that point to it.
    for (int32_t& set : set_) set = set_[static_cast<size_t>(set)];
    return std::move(set_);
  }

 private:
  using Links = std::unordered_map<int32_t, double>;

  Links& of(int32_t set) { return links_[static_cast<size_t>(set)]; }

  void Connect(int32_t a, int32_t b, double distance) {
    of(a)[b] = distance;
    of(b)[a] = distance;
  }

  /// `b` becomes part of `a`, which is lower.
  void Join(int32_t a, int32_t b) {
    set_[static_cast<size_t>(b)] = a;
    of(a).erase(b);
    of(b).erase(a);
    const Links of_b = std::move(of(b));
    of(b) = {};
    for (const auto& [other, unused] : of_b) of(other).erase(b);
    Links& links = of(a);
    for (auto link = links.begin(); link != links.end();) {
      const auto& [other, distance] = *link;
      const auto both = of_b.find(other);
      if (both == of_b.end()) {
        of(other).erase(a);
        link = links.erase(link);
        continue;
      }
      if (both->second > distance) {
        link->second = both->second;
        of(other)[a] = both->second;
        nearest_.push({both->second, std::min(a, other), std::max(a, other)});
      }
      ++link;
    }
  }

  std::vector<int32_t> set_;  // of each item a lower one of its set, or itself
  std::vector<Links> links_;
  std::priority_queue<Link, std::vector<Link>, std::greater<>> nearest_;
};

}  // namespace

std::vector<int32_t> CompleteLinkage(int64_t items, const std::vector<NearPair>& pairs) {
  return Linkage(items, pairs).Join();
}

}  // namespace pomona
