#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/world.h"

namespace pomona {

/// Whoever reads the table without knowing of its writers, and what it may rely on. Looks at the
/// store after each change; does not use the code that it proves.
class OutsideReader : public Observer {
 public:
  explicit OutsideReader(World& world);
  /// As `other`, in another world that begins with what is there now.
  OutsideReader(World& world, const OutsideReader& other);

  void Begin(int writer, char kind) override;
  void Changed(int writer, const std::string& name, const NodePtr& before,
               const NodePtr& after) override;
  void Listed(int writer, const std::string& name) override;
  void Ended(const arrow::Status& status) override;

 private:
  struct File {
    std::string name;
    int64_t bytes = 0;
    std::string sha256;
  };
  struct Part {
    File data;
    File references;
  };
  struct State {
    int64_t number = -1;
    int64_t first = 0;
    int epoch = -1;
    int writer = -1;
    std::string sha256;
    std::vector<Part> parts;
  };
  struct Writer {
    char kind = 'r';
    int epoch = -1;
    /// Of those that held the output: whether one had a young sign at this writer's last look.
    std::vector<bool> saw_alive;
  };

  bool is_weak() const { return !IsStrict(world_.schedule().store); }
  void ClaimChanged(int writer, int epoch, const NodePtr& before, const NodePtr& after);
  void RefuseLateChange(int writer, const std::string& name);
  void Replaced(int writer, const std::string& name, const NodePtr& before, const NodePtr& after);
  void Removed(int writer, const std::string& name);
  void StateCame(int writer, int64_t number, const std::string& text);
  void Take(int64_t number, const std::string& text);
  void ReadAnew();
  void CheckFile(const File& file);
  void CheckSuccess();
  bool IsNamed(const std::string& name) const;
  NodePtr Find(const std::string& name) const;

  World& world_;
  State newest_;
  int owner_ = -1;
  std::map<int, int> claims_;  ///< epoch -> who claimed it
  std::vector<Writer> writers_;
};

}  // namespace pomona
