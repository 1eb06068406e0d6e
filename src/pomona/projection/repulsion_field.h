#pragma once

#include <hwy/aligned_allocator.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "pomona/base/thread_team.h"
#include "pomona/projection/hartley.h"
#include "pomona/projection/principal_plane.h"

namespace pomona {

/// The sum over all points of 1 / (1 + r^2), r the distance to each, and its gradient: what drives
/// points apart.
///
/// Points are spread over a grid by cubic splines, the grid is convolved with the kernel, and the
/// splines read it again, as in smooth particle mesh Ewald (Essmann and others, 1995). Nodes are
/// half a unit apart: values are within 4e-3 of the greatest one, gradients within 4e-2 of the
/// steepest (repulsion_field_test). For one thread; the same for any number of threads of the team.
///
/// Cost: 100 operations a point, and some 60 * N^2 log2(N) where N is twice the nodes along the
/// longer side. Memory: 20 bytes a node.
class RepulsionField {
 public:
  RepulsionField(ThreadTeam& team, int threads);

  /// At each point, its own part included.
  struct Values {
    std::vector<float> value, along_x, along_y;
  };

  /// `points`: at least one, finite. Sets all of `values`.
  void Compute(const PlanePoints& points, Values* values);

 private:
  /// The spline's four nodes along an axis, from `first` on.
  struct Reach;
  struct Frame {
    double x = 0, y = 0;  ///< of node 0
  };

  void Fit(const PlanePoints& points);
  void MakeKernel();
  void Spread(const PlanePoints& points);
  void Convolve();
  /// Calls `work(tile, columns, scratch)` for each of `tiles`.
  template <class Work>
  void ForTiles(int64_t tiles, const Work& work);

  ThreadTeam& team_;
  const int threads_;
  Frame frame_;
  double spacing_ = 0.5;
  int64_t nodes_ = 0;  ///< along a side
  std::unique_ptr<const Hartley> hartley_;
  std::vector<float> grid_;                                ///< [nodes, nodes], y first
  std::vector<float> spectrum_;                            ///< [2 nodes, nodes]
  std::vector<float> kernel_;                              ///< [nodes + 1, nodes + 1], frequencies
  std::vector<hwy::AlignedFreeUniquePtr<float[]>> tiles_;  ///< of each task
};

}  // namespace pomona
