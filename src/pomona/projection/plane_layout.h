#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include "pomona/base/thread_team.h"
#include "pomona/projection/neighbor_graph.h"
#include "pomona/projection/principal_plane.h"

namespace pomona {

/// Lays points out from `start` by t-SNE: the neighbours of `graph` draw each other, all points
/// drive each other away (van der Maaten and Hinton, "Visualizing data using t-SNE", 2008; the
/// forces by a grid: Linderman and others, "Fast interpolation-based t-SNE", 2019; start, rate and
/// evenly shared weights: Kobak and Berens, "The art of using t-SNE", 2019, and Belkina and others,
/// 2019). No number is drawn by lot, and forces are summed in a fixed order: the same start gives
/// the same picture for any number of threads. Cancelled by `stop`.
///
/// Cost: 750 steps of RepulsionField::Compute, and some 20 operations an edge of the graph.
arrow::Result<PlanePoints> LayOut(PlanePoints start, const NeighborGraph& graph, ThreadTeam& team,
                                  int threads, const arrow::StopToken& stop);

}  // namespace pomona
