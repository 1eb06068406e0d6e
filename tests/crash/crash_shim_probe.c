// Makes one change of each kind below the folder that it is given, in a fixed order.
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char** argv) {
  if (argc != 3 || chdir(argv[1]) != 0) return 1;
  if (mkdir("folder", 0755) != 0) return 2;                                  // 1
  const int fd = open("folder/staged", O_WRONLY | O_CREAT | O_TRUNC, 0644);  // 2
  if (fd < 0 || write(fd, "hello", 5) != 5) return 3;                        // 3
  if (fsync(fd) != 0 || close(fd) != 0) return 4;                            // 4
  if (rename("folder/staged", "folder/final") != 0) return 5;                // 5
  const int folder = open("folder", O_RDONLY);
  if (fsync(folder) != 0 || close(folder) != 0) return 6;  // 6
  if (unlink("folder/final") != 0) return 7;               // 7

  // None of these counts: another folder, and reading.
  const int other = open(argv[2], O_WRONLY | O_CREAT, 0644);
  if (other < 0 || write(other, "x", 1) != 1 || close(other) != 0) return 8;
  const int reading = open(argv[2], O_RDONLY);
  char byte;
  if (read(reading, &byte, 1) != 1 || close(reading) != 0) return 9;
  return 0;
}
