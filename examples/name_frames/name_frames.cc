// Names what each frame shows: raw RGB frames on stdin, as many as come.
//   ffmpeg -i film.mp4 -f rawvideo -pix_fmt rgb24 - | name_frames classifier.xml 640 480
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include <openvino/openvino.hpp>

int main(int argc, char** argv) {
  if (argc != 4) return std::cerr << "usage: name_frames classifier.xml WIDTH HEIGHT\n", 2;
  const ov::Shape shape = {1, std::stoul(argv[3]), std::stoul(argv[2]), 3};
  const std::string network = argv[1];
  std::vector<std::string> labels;
  std::ifstream names(network.substr(0, network.find_last_of('/') + 1) + "labels.txt");
  for (std::string name; std::getline(names, name);) labels.push_back(name);

  ov::Core core;
  const auto model = core.read_model(network);
  const auto threshold = model->get_rt_info<double>("pomona", "unknown_threshold");
  auto request = core.compile_model(model, "CPU", ov::hint::inference_precision(ov::element::f32))
                     .create_infer_request();
  ov::Tensor frame(ov::element::u8, shape);
  while (std::fread(frame.data(), 1, frame.get_byte_size(), stdin) == frame.get_byte_size()) {
    request.set_tensor("image", frame);
    request.infer();
    const ov::Tensor answer = request.get_tensor("probabilities");
    const float* first = answer.data<const float>();
    const float* best = std::max_element(first, first + answer.get_size());
    const bool unknown = *request.get_tensor("unknown_score").data<const float>() > threshold;
    std::cout << labels.at(best - first) << '\t' << *best
              << (unknown ? "\tunknown\n" : "\tknown\n");
  }
}
